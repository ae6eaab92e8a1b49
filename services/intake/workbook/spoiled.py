"""Which cells of a workbook show an error, such as #REF!? To whoever reads only values they look empty.

Of .xlsx only: in the old formats nothing tells them from empty cells. The file was read before, within all limits.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from html import unescape

from services.intake.workbook.reading import Spoiled

_ZIP = b"PK\x03\x04"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_TARGET = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ERROR = re.compile(rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})</")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_LETTERS = 26
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError)


def spoiled(content: bytes) -> Spoiled:
    """Every cell in error by sheet, row and column; nothing for what is no .xlsx."""
    if not content.startswith(_ZIP):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {
                (sheet, *place): error
                for sheet, member in _members(archive).items()
                for place, error in _errors(archive.read(member))
            }
    except (*_BROKEN, KeyError):
        return {}  # another reader has made something of it: it has no error that could be named


def _members(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """The name of each sheet, and where in the archive it is."""
    targets = {
        _attribute(one, rb"Id"): _attribute(one, rb"Target")
        for one in _TARGET.findall(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for one in _SHEET.findall(archive.read("xl/workbook.xml")):
        target = targets.get(_attribute(one, rb"(?:\w+:)?id"), "")
        if target:
            found[_attribute(one, rb"name")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


def _errors(sheet: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b't="e"' not in sheet:
        return
    for attributes, inner in _ERROR.findall(sheet):
        at, value = _ADDRESS.fullmatch(_attribute(b" " + attributes, rb"r")), _VALUE.search(inner)
        if at:
            column = 0
            for letter in at[1]:
                column = column * _LETTERS + ord(letter) - ord("A") + 1
            yield (int(at[2]) - 1, column - 1), value[1].decode("ascii", "replace") if value else "#N/A"


def address(row: int, place: int) -> str:
    """The name of a cell, C7, from its row and column from 0."""
    letters, place = "", place + 1
    while place:
        place, letter = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
