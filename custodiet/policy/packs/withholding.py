"""The withholding table of a pack: what may be kept from an edition, by which law, and where to object to it.

`withholding.csv` has the columns of `COLUMNS`. A row covers one or more fields (`voucher.paid`), types (`seat`) or
classes (`CLASSES`), with `;` between them; the most specific row applies. The format is in
docs/reference/withholding.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from custodiet.base.dates import MOST_DAYS
from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.source import Source, lines_of
from custodiet.base.table import Line, lines
from custodiet.policy.language.diagnostics import READING
from custodiet.records import Types

FILE = "withholding.csv"
COLUMNS = ("code", "fields or class", "law and paragraph", "decided by", "ends", "where to object")
DELAY, SINGLE, PERSONS, PAPERS = "delay", "single records", "persons", "exhibits"
CLASSES = {
    "respondent": "fields of the class respondent",
    "internal": "fields of the class internal",
    "sealed": "fields of the class sealed, and every answer that is read from one",
    DELAY: "trips whose delay has not run, and everything on them",
    SINGLE: "single records that the public sees only added up, per trip and class",
    PERSONS: "persons who are not named to these readers, by their ids either",
    PAPERS: "exhibits, which are for the inspector and the unit",
}
"""What a row can cover besides fields and types."""
DELAY_DAYS = 90
"""How many days after its end a trip is withheld from the public, unless the table says otherwise."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_DAYS = re.compile(r"(?<![0-9])([0-9]{1,6}) days after the trip")


@dataclass(frozen=True, slots=True)
class Withholding:
    """One row: what is withheld, and what a reader of its code may know."""

    code: str
    speaks_of: tuple[str, ...]
    law: str
    decided_by: str
    ends: str
    object_to: str


@dataclass(frozen=True, slots=True)
class WithholdingTable:
    """A pack's withholding table."""

    rows: tuple[Withholding, ...] = ()

    def of(self, *names: str) -> Withholding | None:
        r"""The row for the first of some names, most specific first, that any row covers; None if there is none.

        >>> from custodiet.records import core_types
        >>> table, _ = read_withholding(b"code,fields or class,law and paragraph,decided by,ends,where to object\n"
        ...                             b"A,internal,Art. 1,the board,never,the court\n", "w", core_types())
        >>> table.of("seat.occupant", "seat", "internal").code
        'A'
        """
        return next((row for name in names for row in self.rows if name in row.speaks_of), None)

    @property
    def delay_days(self) -> int:
        """For how many days after its end a trip is withheld from the public."""
        row = self.of(DELAY)
        stated = None if row is None else _delay(row.ends)
        return DELAY_DAYS if stated is None else stated


def _delay(ends: str) -> int | None:
    """The number of days in the end of a delay; None if there is none, or more than MOST_DAYS."""
    stated = _DAYS.search(ends)
    return int(stated[1]) if stated and int(stated[1]) <= MOST_DAYS else None


def read_withholding(content: bytes, file: str, types: Types) -> tuple[WithholdingTable, tuple[Problem, ...]]:
    """The table in a file, and its problems; `file` is the name shown in problems."""
    reader = _Reader(file, types)
    rows = tuple(reader.rows(content))
    return WithholdingTable(rows), tuple(reader.problems)


class _Reader:
    def __init__(self, file: str, types: Types) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._known = [*CLASSES, *types]
        self._known += [f"{name}.{field}" for name, definition in types.items() for field in definition.names]
        self._codes: dict[str, int] = {}
        self._spoken: dict[str, int] = {}

    def rows(self, content: bytes) -> Iterator[Withholding]:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self._problem("syntax", "the table is not text in UTF-8", 1, "", hint="save it as CSV in UTF-8")
            return
        source = Source(lines_of(text), self._file, READING)
        source.say_unseen()
        self.problems += source.problems
        header, *rows = [*lines(content)] or [Line(1, ())]
        if header.expected:
            self._problem("syntax", "the header cannot be read", header.number, header.text, hint=header.expected)
            return
        if not self._header(header.cells, header.text):
            return
        for line in rows:
            wrong = line.expected or line.width_problem(len(header.cells))
            if wrong:
                self._problem("syntax", "the row cannot be read", line.number, line.text, hint=wrong)
            else:
                yield from self._row(dict(zip(header.cells, line.cells, strict=True)), line.number, line.text)

    def _header(self, names: Sequence[str], shown: str) -> bool:
        columns = f"the columns, each once, are: {', '.join(COLUMNS)}"
        wrong = [name for name in names if name not in COLUMNS or names.count(name) > 1]
        lacking = [name for name in COLUMNS if name not in names]
        if wrong:
            hint = did_you_mean(wrong[0], COLUMNS)
            self._problem("name", f"unknown column `{wrong[0]}`", 1, shown, wrong[0], hint or columns)
        elif lacking:
            self._problem("name", f"the column `{lacking[0]}` is missing", 1, shown, hint=columns)
        return not wrong and not lacking

    def _row(self, row: Mapping[str, str], line: int, shown: str) -> Iterator[Withholding]:
        before = len(self.problems)
        for column in COLUMNS:
            if not row[column]:
                self._problem("syntax", f"`{column}` is blank", line, shown, hint="fill in the cell")
        code = row["code"]
        if code and not _CODE.fullmatch(code):
            hint = "write letters, digits, dots and hyphens only"
            self._problem("type", f"`{code}` is not a code", line, shown, code, hint)
        if code in self._codes:
            self._problem("name", f"line {self._codes[code]} already has the code `{code}`", line, shown, code)
        speaks_of = tuple(part.strip() for part in row["fields or class"].split(";") if part.strip())
        for name in speaks_of:
            if name not in self._known:
                known = f"write a field such as voucher.paid, a type, or one of {', '.join(CLASSES)}"
                hint = did_you_mean(name, self._known) or known
                self._problem("name", f"`{name}` is not a field, a type or a class", line, shown, name, hint)
            elif name in self._spoken:
                message = f"line {self._spoken[name]} already covers `{name}`"
                self._problem("name", message, line, shown, name, "leave one row for each")
            self._spoken.setdefault(name, line)
        if DELAY in speaks_of and row["ends"] and _delay(row["ends"]) is None:
            hint = f"write the end of the delay as `{DELAY_DAYS} days after the trip`, with at most {MOST_DAYS} days"
            self._problem("type", "the delay has no number of days", line, shown, row["ends"], hint)
        self._codes.setdefault(code, line)
        if len(self.problems) == before:
            yield Withholding(
                code, speaks_of, row["law and paragraph"], row["decided by"], row["ends"], row["where to object"]
            )

    def _problem(self, kind: str, message: str, line: int, shown: str, at: str = "", hint: str = "") -> None:
        column = shown.find(at) + 1 if at and at in shown else 1
        span = Span(self._file, line, column, max(1, len(at)), shown)
        self.problems.append(Problem(kind, message, span, help=hint, code="withholding"))
