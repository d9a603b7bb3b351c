"""The dated tables of a pack, `rates/*.csv`: rates by place or band, with their periods and citations.

The first line names the columns: those by which a row is looked up, `in force`, those that hold rates, `cite`. A key
is a text (`Albany`) or a band of numbers including both ends (`0 .. 499.99`); a rate is an amount with its currency
(`64.00 USD`) or a plain number.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from pathlib import PurePosixPath

from custodiet.base.currencies import CURRENCIES, LAST_DAYS
from custodiet.base.dates import Days
from custodiet.base.errors import Problem, Span
from custodiet.base.money import Range
from custodiet.base.source import Source, lines_of
from custodiet.base.table import Line, lines
from custodiet.policy.language.ast import RateRow, RateTable
from custodiet.policy.language.boxes import period
from custodiet.policy.language.diagnostics import READING
from custodiet.records import NONE, UNKNOWN

FOLDER = "rates"
IN_FORCE, CITE = "in force", "cite"
MOST_OVERLAPS = 100
"""How many overlapping pairs of rows are reported per table: there can be as many as pairs of rows."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,10})?"
_BAND = re.compile(rf"({_NUMBER})?\s*\.\.\s*({_NUMBER})?")
_RATE = re.compile(rf"({_NUMBER})(?:\s+([A-Z]{{3}}))?")


@dataclass(frozen=True, slots=True)
class ReadRates:
    """The outcome of reading a table: its readable part, and every problem found."""

    table: RateTable | None
    problems: tuple[Problem, ...]


def read_rates(content: bytes, file: str) -> ReadRates:
    r"""Read a dated table, named after its file, and return all its problems together.

    >>> rows = b"place,in force,meals,cite\nAlbany,2023-10-01 ..,64.00 USD,41 CFR 301-11\n"
    >>> read_rates(rows, "rates/per_diem.csv").table.columns
    (('meals', 'USD'),)
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        source = Source((), file, READING)
        source.say("not_text", source.line(1))
        return ReadRates(None, tuple(source.problems))
    source = Source(lines_of(text), file, READING)
    source.say_unseen()
    rows = _rows(content, source)
    table = _table(PurePosixPath(file).stem, rows, source)
    in_order = sorted(source.problems, key=lambda each: (each.span.line, each.span.column))
    return ReadRates(table, tuple(in_order))


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of a line, without the blanks around them."""

    source: Source
    line: Line

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def cells(self) -> tuple[str, ...]:
        return self.line.cells

    @property
    def whole(self) -> Span:
        return self.source.whole(self.number)

    def place(self, text: str) -> Span:
        """The place of a cell on the line."""
        column = self.source.lines[self.number - 1].find(text) + 1
        return self.source.line(self.number, column, len(text)) if text and column else self.whole


def _rows(content: bytes, source: Source) -> list[_Row]:
    rows: list[_Row] = []
    for line in lines(content):
        if line.expected:
            source.say("rates_unreadable", source.line(line.number), why=line.expected)
        elif any(line.cells):
            rows.append(_Row(source, line))
    return rows


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table, by what they hold."""

    keys: tuple[str, ...]
    rates: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.keys, IN_FORCE, *self.rates, CITE)


def _table(name: str, rows: Sequence[_Row], source: Source) -> RateTable | None:
    if not _NAME.fullmatch(name):
        source.say("rates_name", source.line(1), found=name)
    columns = _columns(rows[0], source) if rows else None
    if columns is None:
        if not source.problems:
            source.say("rates_columns", source.line(1), found=", ".join(rows[0].cells) if rows else "")
        return None
    if len(rows) == 1 and not source.problems:
        source.say("rates_empty", rows[0].whole)
    whole = [row for row in rows[1:] if _is_whole(row, columns)]
    banded = tuple(any(".." in row.cells[place] for row in whole) for place in range(len(columns.keys)))
    currencies: dict[str, str] = {}
    read = [each for row in whole if (each := _row(row, columns, banded, currencies)) is not None]
    _overlaps(name, read, source)
    return RateTable(name, columns.keys, tuple((each, currencies.get(each, "")) for each in columns.rates), tuple(read))


def _columns(row: _Row, source: Source) -> _Columns | None:
    """The columns named by the first line; None if it is not the header of such a table."""
    names = row.cells
    if names.count(IN_FORCE) != 1 or names[-1] != CITE or len(set(names)) < len(names):
        return None
    split = names.index(IN_FORCE)
    keys, rates = names[:split], names[split + 1 : -1]
    for name in (*keys, *rates):
        if not _NAME.fullmatch(name):
            source.say("rates_name", row.place(name), found=name)
    return _Columns(keys, rates) if rates else None


def _is_whole(row: _Row, columns: _Columns) -> bool:
    """Whether a row has a cell for each column, and something in all but its period."""
    if len(row.cells) != len(columns.names):
        row.source.say("rates_ragged", row.whole, why=row.line.width_problem(len(columns.names)))
        return False
    blank = [name for name, cell in zip(columns.names, row.cells, strict=True) if not cell]
    for name in blank:
        row.source.say("rates_blank", row.whole, name=name)
    return not blank


def _row(row: _Row, columns: _Columns, banded: Sequence[bool], currencies: dict[str, str]) -> RateRow | None:
    before = len(row.source.problems)
    cells = dict(zip(columns.names, row.cells, strict=True))
    keys = tuple(_key(row, cells[name], band=band) for name, band in zip(columns.keys, banded, strict=True))
    in_force = _period(row, cells[IN_FORCE])
    values = tuple(_rate(row, name, cells[name], currencies) for name in columns.rates)
    _in_money_of_its_day(row, in_force, [currencies.get(name, "") for name in columns.rates])
    if len(row.source.problems) > before:
        return None
    return RateRow(keys, in_force, values, cells[CITE], row.whole)


def _key(row: _Row, cell: str, *, band: bool) -> str | Range:
    if not band:
        if cell in (NONE.value, UNKNOWN.value):
            row.source.say("rates_absent", row.place(cell), found=cell)
        return cell
    match = _BAND.fullmatch(cell)
    low, high = (None if end is None else Fraction(end) for end in match.groups()) if match else (Fraction(1), None)
    if match is None or (low is not None and high is not None and low > high):
        row.source.say("rates_band", row.place(cell), found=cell)
    return Range(low, high)


def _period(row: _Row, cell: str) -> Days:
    place = row.place(cell)
    return period(row.source, row.source.text(cell, place.line, place.column))


def _rate(row: _Row, column: str, cell: str, currencies: dict[str, str]) -> Fraction:
    match = _RATE.fullmatch(cell)
    currency = (match[2] or "") if match else ""
    if match is None or (currency and currency not in CURRENCIES):
        row.source.say("rates_value", row.place(cell), found=cell)
        return Fraction(0)
    before = currencies.setdefault(column, currency)
    if before != currency:
        one, other = (each or "plain numbers" for each in (before, currency))
        row.source.say("rates_mixed", row.place(cell), name=column, one=one, other=other)
    return Fraction(match[1])


def _in_money_of_its_day(row: _Row, in_force: Days, currencies: Sequence[str]) -> None:
    """Report a row that applies for longer than its currency was in use."""
    for currency in dict.fromkeys(currencies):
        last = LAST_DAYS.get(currency)
        if last is not None and not Days(None, last).covers(in_force):
            row.source.say("currency_over", row.whole, what="the row", last=str(last), currency=currency)


def _overlaps(name: str, rows: Sequence[RateRow], source: Source) -> None:
    """Report the first MOST_OVERLAPS pairs of rows that apply to the same key on the same day."""
    meeting = chain.from_iterable(map(_meeting, _by_text(rows).values()))
    for pair in islice(meeting, MOST_OVERLAPS):
        one, other = sorted(pair, key=lambda row: row.span.line)
        common = one.in_force.meets(other.in_force)
        days = f"{common.first or ''} .. {common.last or ''}".strip()
        source.say("rates_overlap", other.span, table=name, line=str(one.span.line), days=days)


def _meeting(rows: Sequence[RateRow]) -> Iterator[tuple[RateRow, RateRow]]:
    """The pairs of rows whose bands and periods all overlap.

    The rows are sorted by the dimension in which most of them begin at different points, so that a row is compared
    only with those that reach its beginning, not with all.
    """
    extents = [(_extent(row), row) for row in rows]
    along = max(range(len(extents[0][0])), key=lambda axis: len({extent[axis].low for extent, _ in extents}))
    extents.sort(key=lambda each: (each[0][along].low is not None, each[0][along].low or 0))
    reaching: list[tuple[Sequence[Range], RateRow]] = []
    for extent, row in extents:
        reaching = [each for each in reaching if each[0][along].meets(extent[along]) is not None]
        for other, before in reaching:
            if all(one.meets(another) is not None for one, another in zip(extent, other, strict=True)):
                yield before, row
        reaching.append((extent, row))


def _extent(row: RateRow) -> tuple[Range, ...]:
    """The bands of a row, key by key, and last its period, as ordinals of the calendar."""
    ends = (row.in_force.first, row.in_force.last)
    days = Range(*(None if end is None else Fraction(end.toordinal()) for end in ends))
    return (*(key for key in row.keys if isinstance(key, Range)), days)


def _by_text(rows: Sequence[RateRow]) -> Mapping[tuple[str, ...], list[RateRow]]:
    """The rows by the texts among their keys."""
    groups: dict[tuple[str, ...], list[RateRow]] = {}
    for row in rows:
        groups.setdefault(tuple(_texts(row)), []).append(row)
    return groups


def _texts(row: RateRow) -> Iterator[str]:
    return (key for key in row.keys if isinstance(key, str))
