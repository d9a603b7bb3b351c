"""Reads the rows of a table from bytes, each with its problem. This is the only reader of CSV, for all tables.

Tables are CSV (RFC 4180) in UTF-8; cells of any length are read. Columns are separated by commas, by the separator in
a first line such as `sep=;`, which spreadsheets write, or by the semicolons or tabs of a header without a comma. A
byte order mark, blank lines and blank columns at the end are skipped; space around a cell does not belong to it, and
every cell is in `one_form`.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from unicodedata import is_normalized

from custodiet.base.text import one_form, written_out

_LONGEST_CELL = 2**31 - 1
"""The greatest limit that the csv module accepts on every system; its default of 131,072 is shorter than some
e-mails."""

_NAMED = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SEP = re.compile(r'"?sep=(.?)"?')
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_BY_ZEROS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "UTF-16",
    (True, False, True, False): "UTF-16",
    (False, True, True, True): "UTF-32",
    (True, True, True, False): "UTF-32",
}
"""The encoding by which of the first four bytes are zero, where two characters of ASCII begin the file."""
_UNCLOSED = 'a " opens a quoted cell here and no " closes it; close it, and write "" for a quotation mark inside'
_AFTER_THE_QUOTE = 'text follows the closing " of a quoted cell; write "" for a quotation mark inside'


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file."""

    number: int
    """The line it begins on, from 1."""
    cells: tuple[str, ...]
    expected: str = ""
    """What is wrong and what to write, if the line cannot be split into cells; empty for a good one."""
    wrong: int = 0
    """Which cell is the wrong one; -1 for the line as a whole, which is then its only cell."""
    text: str = ""
    """The line it begins on, unchanged."""
    separator: str = ","
    torn: bool = False
    """Whether it ends with a lone carriage return in a file whose other lines do not."""

    @property
    def id(self) -> str:
        """The id at the beginning of the line, as far as can be told."""
        return written_out(self.cells[0].partition(self.separator)[0])

    def width_problem(self, wanted: int) -> str:
        r"""What to write if the number of its cells is wrong; empty if it is right.

        >>> Line(2, ("S1", "412", "00")).width_problem(2)
        'write 2 cells, not 3; put a cell that holds a comma in quotation marks'
        """
        found = len(self.cells)
        if found == wanted:
            return ""
        return f"write {wanted} cells, not {found}{self._why(found, wanted)}"

    def _why(self, found: int, wanted: int) -> str:
        if self.torn:
            return "; the row ends with a carriage return alone: put a cell that holds one in quotation marks"
        if found > wanted:
            held = {",": "a comma", ";": "a semicolon", "\t": "a tab"}[self.separator]
            blank = not any(self.cells[wanted:])
            or_delete = f", or delete the blank cell{'s' if found > wanted + 1 else ''} at the end" if blank else ""
            return f"; put a cell that holds {held} in quotation marks{or_delete}"
        for other, name in _NAMED.items():
            if other != self.separator and self.text.count(other) == wanted - 1:
                return f"; its cells are separated by {name}, those of the header by {_NAMED[self.separator]}"
        return ""


def lines(data: bytes, form: Callable[[str], str] = one_form) -> Iterator[Line]:
    r"""The rows of a table, the header first. A line that cannot be split does not stop the next ones.

    `form` gives each cell its form.

    >>> [line.cells for line in lines(b"id,name\nP1,\"Ann, mayor\"\n")]
    [('id', 'name'), ('P1', 'Ann, mayor')]
    >>> [line.cells for line in lines(b"sep=;\nid;name\nP1;Ann, mayor\n")]
    [('id', 'name'), ('P1', 'Ann, mayor')]
    """
    csv.field_size_limit(_LONGEST_CELL)
    encoding = other_encoding(data)
    if encoding:
        yield Line(1, ("",), f"the file is in {encoding}; save it as CSV UTF-8", -1)
        return
    # Two programs that each put a byte order mark in front leave two.
    text = data.decode("utf-8", "surrogateescape").lstrip("\ufeff")
    physical = physical_lines(text)
    separator, begin = _separator(physical)
    if separator not in _NAMED:
        expected = "write a header, or sep= followed by a comma, a semicolon or a tab"
        yield Line(1, (physical[0].strip(),), expected, -1, physical[0].rstrip("\r\n"))
        return
    yield from _named(_Reader(text, physical, form, separator).all_rows(begin))


def _named(rows: Iterator[Line]) -> Iterator[Line]:
    """The rows without the blank columns that a spreadsheet adds at the end and the header does not name.

    A row with something in such a column is left unchanged, so that its number of cells is reported as wrong.
    """
    header = next(rows, None)
    if header is None:
        return
    width = next((place for place in range(len(header.cells), 1, -1) if header.cells[place - 1]), 1)
    unnamed = len(header.cells)
    yield replace(header, cells=header.cells[:width]) if width < unnamed else header
    for row in rows:
        blank = width < unnamed == len(row.cells) and not any(row.cells[width:])
        yield replace(row, cells=row.cells[:width]) if blank else row


def other_encoding(data: bytes) -> str:
    r"""The encoding of a file, other than UTF-8: by its byte order mark or, without one, by its zeros; else nothing.

    The first two characters of a table are of ASCII, so that each byte but one of them is zero in UTF-16 and UTF-32.

    >>> other_encoding("id".encode("utf-16")), other_encoding("id".encode("utf-16-be")), other_encoding(b"id")
    ('UTF-16', 'UTF-16', '')
    """
    marked = next((name for mark, name in _OTHER_ENCODINGS if data.startswith(mark)), "")
    return marked or _BY_ZEROS.get(tuple(not byte for byte in data[:4]), "")


def physical_lines(text: str) -> list[str]:
    r"""The lines of a table with their ends: a line feed, a carriage return, or both.

    >>> physical_lines("id\r\nP1\rP2\n")
    ['id\r\n', 'P1\r', 'P2\n']
    """
    return list(io.StringIO(text, newline=""))


def in_one_form(data: bytes) -> bool:
    """Whether `one_form` changes nothing in a table."""
    return is_normalized("NFC", data.decode("utf-8", "surrogateescape"))


def _separator(physical: list[str]) -> tuple[str, int]:
    """The separator of the columns, and the line from which to read."""
    stated = _SEP.fullmatch(physical[0].rstrip("\r\n")) if physical else None
    if stated:
        return stated[1], 1
    header = next((line for line in physical if line.strip()), "")
    return next((each for each in _NAMED if each in header), ","), 0


class _Reader:
    """Reads rows from the lines of one table."""

    def __init__(self, text: str, physical: list[str], form: Callable[[str], str], separator: str) -> None:
        self._physical = physical
        self._separator = separator
        self._in_utf8 = text.isascii() or _encodable(text)
        self._form = None if is_normalized("NFC", text) else form
        self._torn = any(line.endswith("\n") for line in physical)

    def all_rows(self, begin: int) -> Iterator[Line]:
        """The rows from a line on."""
        while begin < len(self._physical):
            begin = yield from self._rows(begin)

    def _rows(self, begin: int) -> Generator[Line, None, int]:
        """The rows from a line on, up to the first that cannot be split; returns the line from which to continue."""
        lines_left = islice(self._physical, begin, None)
        reader = csv.reader(lines_left, strict=True, skipinitialspace=True, delimiter=self._separator)
        first = begin
        try:
            for cells in reader:
                last = begin + reader.line_num
                if cells:
                    yield self._line(first, last, cells)
                first = last
        except csv.Error as wrong:
            several = begin + reader.line_num > first + 1 or "end of data" in str(wrong)
            text = self._physical[first].rstrip("\r\n")
            yield Line(first + 1, (_shown(text.strip()),), _UNCLOSED if several else _AFTER_THE_QUOTE, -1, _shown(text))
            # Only this line is given up: otherwise an open quotation mark would swallow the rest of the file.
            return first + 1
        return len(self._physical)

    def _line(self, first: int, last: int, cells: list[str]) -> Line:
        stripped = tuple([cell.strip() for cell in cells])
        if self._form is not None:
            stripped = tuple(map(self._form, stripped))
        text = self._physical[first].rstrip("\r\n")
        if not self._in_utf8:
            for place, cell in enumerate(stripped):
                if not _encodable(cell):
                    shown = tuple(_shown(each) for each in stripped)
                    return Line(
                        first + 1, shown, "the text is not in UTF-8; save the table as CSV UTF-8", place, _shown(text)
                    )
        torn = self._torn and self._physical[last - 1].endswith("\r")
        return Line(first + 1, stripped, "", 0, text, self._separator, torn)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(text: str) -> str:
    """Text in which bytes that are not UTF-8 are written out."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
