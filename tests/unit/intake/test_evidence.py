"""What a file is, its own bytes say."""

import pytest
from pydantic import ValidationError

from services.intake.evidence import ending_of
from services.intake.settings import IntakeSettings
from tests.support.files import JPEG, MP4, PDF, PNG, WEBP, a_docx, a_zip, an_xls, an_xlsx


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (JPEG, "jpg"), (PNG, "png"), (WEBP, "webp"), (PDF, "pdf"), (MP4, "mp4"),
        (a_docx(), "docx"), (an_xlsx(), "xlsx"), (an_xls(), "xls"),
    ],
)  # fmt: skip
def test_a_file_of_a_kind_that_is_taken_is_known_by_its_bytes(content: bytes, ending: str) -> None:
    assert ending_of(content) == ending


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00" + b"\0" * 100,
        b"\x7fELF" + b"\0" * 100,
        b"GIF89a" + b"\0" * 100,
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypqt  \x00\x00\x00\x00",
        an_xls().replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")),
        a_zip(["photos/1.jpg"]),
        a_zip(["[Content_Types].xml", "ppt/presentation.xml"]),
        a_zip(["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"]),
        b" " + PDF,
    ],
)
def test_anything_else_is_not_evidence(content: bytes) -> None:
    assert ending_of(content) is None


GIVEN = {"nats_url": "nats://x:1", "database_url": "sqlite+aiosqlite:///x.db", "port": "0", "public_key_file": "x.pem"}


@pytest.mark.parametrize("url", ["file:///var/evidence", "s3://bucket", "s3://bucket/city/evidence"])
def test_evidence_is_kept_in_a_folder_or_in_a_bucket(url: str) -> None:
    assert IntakeSettings.model_validate({**GIVEN, "evidence_url": url}).evidence_url == url


@pytest.mark.parametrize(
    "url",
    [
        "", "evidence", "file:evidence", "file://host/evidence", "s3:///prefix", "s3://key:hunter2@bucket",
        "s3://bucket?secret=hunter2", "https://bucket.test/hunter2", "memory:///",
    ],
)  # fmt: skip
def test_another_place_or_one_with_credentials_stops_the_start(url: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        IntakeSettings.model_validate({**GIVEN, "evidence_url": url})
    assert "hunter2" not in str(refusal.value)
