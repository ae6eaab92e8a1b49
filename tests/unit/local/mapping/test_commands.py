"""`duban import` and `duban start` on the command line, as far as nothing is recorded."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.local.command import app
from deploy.local.mapping.importing import NotImported
from tests.support import old_ledger
from tests.unit.local.mapping.test_translate import HEADER, MAPPING, ROWS

RUN = CliRunner(env={"COLUMNS": "200"})


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    mapping, table = tmp_path / "works.yaml", tmp_path / "works.csv"
    mapping.write_text(MAPPING, encoding="utf-8")
    table.write_text(HEADER + "\n".join(ROWS), encoding="gb18030")
    return str(mapping), str(table)


def test_a_dry_run_tells_everything_in_both_languages(files: tuple[str, str]) -> None:
    mapping, table = files
    told = {
        lang: RUN.invoke(app, ["import", "--mapping", mapping, table, "--dry-run", "--lang", lang])
        for lang in ("zh", "en")
    }
    assert [one.exit_code for one in told.values()] == [0, 0]
    for text in ("检查结果", "将录入的内容", "第9行", "漏", "备注", "duban.project.project_listed.v1"):
        assert text in told["zh"].output
    for text in ("What was found", "What would be recorded", "row 9", "missed", "备注"):
        assert text in told["en"].output


def test_a_dry_run_as_json_has_every_place_in_both_languages(files: tuple[str, str]) -> None:
    mapping, table = files
    found = json.loads(RUN.invoke(app, ["import", "--mapping", mapping, table, "--dry-run", "--json"]).output)
    assert found["events"]["duban.project.project_listed.v1"] == 7
    (missed,) = [one for one in found["findings"] if one["id"] == "missed"]
    assert (missed["count"], missed["says"], missed["places"][0]["key"]) == (1, {"zh": "漏", "en": "missed"}, "p2")


def test_an_import_with_faults_names_them_and_ends_with_1(files: tuple[str, str]) -> None:
    mapping, table = files
    Path(table).write_text(HEADER + ROWS[0].replace("在建", "缓建"), encoding="utf-8")
    ended = RUN.invoke(app, ["import", "--mapping", mapping, table, "--lang", "zh"])
    assert ended.exit_code == 1
    assert "works 第4行“进度”列: “缓建”不在代码表中" in ended.output


def test_a_mapping_with_faults_names_each_by_line_in_the_readers_language(files: tuple[str, str]) -> None:
    mapping, table = files
    Path(mapping).write_text(MAPPING.replace("key: [code]", "key: [cod]"), encoding="utf-8")
    ended = RUN.invoke(app, ["import", "--mapping", mapping, table, "--dry-run", "--lang", "zh"])
    assert isinstance(ended.exception, NotImported)
    assert f"{mapping}:18:5: /tables/0/key: 没有名为 cod 的列或常量。" in str(ended.exception)


def test_a_start_that_is_not_agreed_to_records_nothing_and_keeps_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "附表.xls"
    ledger.write_bytes(old_ledger.xls())
    ended = RUN.invoke(app, ["start", str(ledger), "--jurisdiction", "a", "--lang", "zh"], input="n\n")
    assert ended.exit_code == 1
    for text in ("表头在第3行，时期2026-03", "包抓领导", "26.81%", "与表内合计行一致", "是否全部录入？"):
        assert text in ended.output
    assert list(tmp_path.iterdir()) == [ledger]
