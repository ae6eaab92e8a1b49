"""Every sentence people read has a Chinese entry with the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from shared.infra.texts import LOCALE_FOLDER, Texts, catalogue, locale_from

ROOT = Path(__file__).parents[3]
FOLDERS = ("services", "shared", "deploy")
CALLS = ("_", "say", "texts", "_texts")
FAULTS = ("Fault", "_fault", "_refuse", "Problem")
WORD = re.compile(r"[a-z][a-z0-9_]*")


def test_a_sentence_is_given_in_the_readers_language() -> None:
    assert Texts.load("zh")("Due in {days} days", days=3) == "还有 3 天到期"
    assert Texts.load("en")("Due in {days} days", days=3) == "Due in 3 days"


def test_a_sentence_without_a_translation_is_given_in_english() -> None:
    assert Texts.load("zh")("Not in the catalogue: {code}", code="x") == "Not in the catalogue: x"


def test_braces_in_a_value_are_left_alone() -> None:
    assert Texts.load("en")("Due in {days} days", days="{0.__class__}") == "Due in {0.__class__} days"


def test_a_missing_value_is_an_error_not_a_gap() -> None:
    with pytest.raises(KeyError):
        Texts.load("zh")("Due in {days} days")


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        (None, "zh"),
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("en;q=0.5, zh-Hant;q=0.7", "zh"),
        ("en, zh", "en"),
        ("fr, en;q=0.3", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("en;q=0", "zh"),
        ("en;q=x", "zh"),
    ],
)
def test_the_language_follows_the_accept_language_header(header: str | None, locale: str) -> None:
    assert locale_from(header) == locale


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def in_python(file: Path) -> Iterator[str]:
    """Sentences given to a translator; to a fault after its code and pointer, themselves or by a name given to them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and name_of(node.func) in CALLS:
            yield from text_of(node.args[0])
        elif isinstance(node, ast.Call) and name_of(node.func) in FAULTS:
            names |= {one.id for one in node.args[2:] if isinstance(one, ast.Name)}
            yield from (text for one in node.args[2:] for text in text_of(one) if " " in text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and names & set(map(name_of, node.targets)):
            yield from text_of(node.value)


def text_of(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def name_of(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def in_template(file: Path) -> Iterator[str]:
    with file.open("rb") as source:
        for _, _, sentence, _ in babel_extract(source, CALLS, [], {"silent": "false", "trimmed": "false"}):
            parts = (sentence,) if isinstance(sentence, str) else sentence or ()
            yield from (part for part in parts if part)


def used_sentences() -> dict[str, Path]:
    python = ((each, file) for name in FOLDERS for file in (ROOT / name).rglob("*.py") for each in in_python(file))
    pages = (file for name in FOLDERS for file in (ROOT / name).rglob("templates/**/*.html"))
    templates = ((each, file) for file in pages for each in in_template(file))
    return {sentence: file.relative_to(ROOT) for sentence, file in [*python, *templates]}


def test_every_sentence_in_the_code_is_translated() -> None:
    untranslated = {text: str(file) for text, file in used_sentences().items() if text not in catalogue("zh")}
    assert untranslated == {}


def test_every_translation_has_the_placeholders_of_its_sentence() -> None:
    different = {
        sentence: translation
        for sentence, translation in catalogue("zh").items()
        if placeholders(sentence) != placeholders(translation)
    }
    assert different == {}


def test_the_catalogue_has_no_fuzzy_empty_or_repeated_entries() -> None:
    file = LOCALE_FOLDER / "zh" / "LC_MESSAGES" / "duban.po"
    text = file.read_text(encoding="utf-8")
    with file.open("rb") as source:
        messages = [message for message in read_po(source, locale="zh", abort_invalid=True) if message.id]
    assert [message.id for message in messages if message.fuzzy or not message.string] == []
    assert len(messages) == text.count("\nmsgid ") - 1


def test_no_word_of_the_catalogue_is_one_that_nobody_says() -> None:
    """What a single regime names itself it names itself: the catalogue has the words of the code and of the field."""
    files = (file for name in FOLDERS for file in (ROOT / name).rglob("*") if file.suffix in {".py", ".html", ".yaml"})
    texts = (file.read_text(encoding="utf-8").partition("\nnames:\n")[0] for file in files)
    said = {word for text in texts for word in WORD.findall(text)}
    assert {entry for entry in catalogue("zh") if WORD.fullmatch(entry)} - said == set()


def test_sentences_are_found_in_code_and_in_pages(tmp_path: Path) -> None:
    code, page = tmp_path / "page.py", tmp_path / "page.html"
    code.write_text(
        "texts('One {x}', x=1); self.texts('Two'); _('Three'); say('Four'); other('Five')\n"
        "Fault('code', '/x', 'Six of one'); errors.Fault('code', '/x', why, {}); why = 'Seven'; how = 'Eight'",
        encoding="utf-8",
    )
    page.write_text("{{ texts('Five {x}', x=1) }}{{ _('Six') }}", encoding="utf-8")
    assert list(in_python(code)) == ["One {x}", "Two", "Three", "Four", "Six of one", "Seven"]
    assert list(in_template(page)) == ["Five {x}", "Six"]
