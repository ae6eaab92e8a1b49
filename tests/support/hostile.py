"""Workbooks as nobody should send them: cells, rows, formulas, bytes and parts bent by chance, always the same way."""

import random
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.intake.workbook.form import Form
from services.intake.workbook.spoiled import address
from services.intake.workbook.writing import FIRST_ROW, key_cells
from shared.core.digest import digest
from tests.support.workbooks import Value, cell_of, changed, filled, formula, given_out, packed, parts, rows_of

WORDS: tuple[Value, ...] = (
    "", " ", "0", "-1", "1e999", "9" * 400, "١٢٣", "１２，３４５", "1,2,3", "NaN", "inf", "5%", "500%", "=1+1",
    "@SUM(A1)", "+cmd|' /C calc'!A0", "{reason}", "{0.__class__}", "%s%n", "../../etc/passwd", "C:\\con", "<x>&amp;",
    "]]>", "\t",
    "line\nbreak", "\u202eabc", "\U0001f600" * 50, "x" * 32_000, "是", "否", "开工", "started", "2026-03-05",
    "0000-00-00", "9999-12-31", "2026-02-30", "46086", "#REF!", "#N/A", "#DIV/0!", True, False, None, 0, -0.0, 1e-320,
    1e308, 0.1, 45, 1e16, 123456789012345678, "_x0000_", "_xD800_", "\ufeff1", "p1", "p2",
)  # fmt: skip


MEANT: Mapping[str, tuple[Value, ...]] = {
    "amount": (0, 1, 2.5, "3"), "share": (0.1, "20%"), "date": ("2026-01-05",), "stage": ("开工",), "yes": ("是", "否"),
}  # fmt: skip


def _cells(chance: random.Random, _form: Form, content: bytes) -> bytes:
    places = {f"{chance.choice('ABCDEFGHIJKLMNOPQRSZ')}{chance.randint(1, 14)}" for _ in range(chance.randint(1, 12))}
    return filled(content, {place: chance.choice(WORDS) for place in places})


def _typed(chance: random.Random, form: Form, content: bytes) -> bytes:
    """Only where something is asked, and mostly what could be meant."""
    typed: dict[str, Value] = {}
    for _ in range(chance.randint(1, 4)):
        row = chance.randrange(len(form.lines[0]))
        place = chance.choice(form.lines[0][row].open)
        meant = MEANT.get(form.heading.sheets[0].columns[place].kind, ("walls",))
        typed[address(FIRST_ROW + row, place)] = chance.choice(meant if chance.random() < 0.8 else WORDS)
    return filled(content, typed)


def _keys(chance: random.Random, form: Form, content: bytes) -> bytes:
    """The hidden sheet bent, its digest made to fit."""
    told = key_cells(form)[1:]
    place = chance.randrange(len(told))
    text = list(told[place])
    for _ in range(chance.randint(1, 4)):
        text[chance.randrange(len(text))] = chance.choice('0123456789{}[]":,nulltrue甲\\')
    told[place] = "".join(text)
    sealed = [digest(told) if chance.random() < 0.8 else "0" * 64, *told]
    return filled(content, {f"A{row}": one for row, one in enumerate(sealed, start=1)}, sheet=2)


def _rows(chance: random.Random, _form: Form, content: bytes) -> bytes:
    def shuffle(root: Any) -> None:
        rows = list(rows_of(root))
        chance.shuffle(rows)
        rows_of(root)[:] = rows[: chance.randint(0, len(rows))]

    return changed(content, 1, shuffle)


def _formulas(chance: random.Random, _form: Form, content: bytes) -> bytes:
    def write(root: Any) -> None:
        text = chance.choice(["A1/0", 'WEBSERVICE("http://x")', "F4", 'REPT("x",9999999)', 'INDIRECT("_duban!A1")'])
        formula(cell_of(root, f"F{chance.randint(3, 9)}"), text, chance.choice(WORDS))

    return changed(content, 1, write)


def _bytes(chance: random.Random, _form: Form, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged[: chance.randint(1, len(damaged))] if chance.random() < 0.5 else damaged)


DAMAGE: tuple[Callable[[bytes], bytes], ...] = (
    lambda _: b"",
    lambda one: one[: len(one) // 2],
    lambda one: one * 2,
    lambda one: one.replace(b"<c ", b'<c t="e" '),
    lambda one: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + one,
    lambda one: one.replace(b'r="', b'r="ZZZ9999999'),
    lambda one: one.replace(b"<row ", b'<row r="1048576" '),
)


def _members(chance: random.Random, _form: Form, content: bytes) -> bytes:
    members = parts(content)
    name = chance.choice(sorted(members))
    damage = chance.choice(DAMAGE)
    return packed({**members, name: damage(members[name]), chance.choice(["../../x", "/etc/x", "a" * 500]): b"x"})


def bomb(content: bytes) -> bytes:
    """One that opens into far more than it is."""
    rows = b"".join(b'<row r="%d"><c r="A%d" t="n"><v>1</v></c></row>' % (at, at) for at in (1, 1_048_576))
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    inside = sheet[: sheet.index(b"<sheetData>") + 11] + rows + b" " * 30_000_000 + b"</sheetData></worksheet>"
    return packed({**parts(content), "xl/worksheets/sheet1.xml": inside})


MISCHIEF: tuple[Callable[[random.Random, Form, bytes], bytes], ...] = (
    _cells, _cells, _typed, _typed, _keys, _keys, _rows, _formulas, _bytes, _members,
)  # fmt: skip


UNOPENED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, AttributeError, TypeError, IndexError,
            NotImplementedError, RuntimeError, EOFError, OSError)  # fmt: skip


def hostile(form: Form, *, count: int, seed: int) -> Iterator[bytes]:
    """So many workbooks made of one form."""
    chance, given = random.Random(seed), given_out(form)
    for _ in range(count):
        content = given
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            try:
                content = chance.choice(MISCHIEF)(chance, form, content)
            except UNOPENED:
                break  # what was damaged already cannot be damaged further by opening it
        yield content
