"""Small files of each kind that is taken as evidence, and some that are not."""

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter
import xlwt
from docx import Document

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 200
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x02" * 200
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x03" * 200
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x04" * 200


def a_docx() -> bytes:
    file = io.BytesIO()
    document = Document()
    document.add_paragraph("验收报告")
    document.save(file)
    return file.getvalue()


def an_xlsx() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write(0, 0, "完成投资")
    return file.getvalue()


def an_xls() -> bytes:
    file = io.BytesIO()
    book = xlwt.Workbook()
    book.add_sheet("1").write(0, 0, "完成投资")
    book.save(file)
    return file.getvalue()


def a_zip(names: Sequence[str], *, size: int = 10) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, b"\0" * size)
    return file.getvalue()
