"""The two lists of a docket that hold no records, amendments and exhibits; each has fixed columns, all required."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from custodiet.base.errors import did_you_mean
from custodiet.base.table import lines
from custodiet.base.text import bounded
from custodiet.intake.tables import rows_aside
from custodiet.ledger.entry import SetAside

Complaint = tuple[str, str]
"""The column of a row that is wrong, and why or what to write there."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row that was read, by the names of its columns."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class List:
    """What a list holds."""

    rows: tuple[ListRow, ...]
    set_aside: tuple[SetAside, ...]


def read_list(
    file: str, data: bytes, columns: Sequence[str], complaints: Callable[[Mapping[str, str]], Sequence[Complaint]]
) -> List:
    """Read a list with these columns, in any order; a header may write a space for `_`.

    `complaints` says what is wrong with a row; a row with complaints is set aside with all of them.
    """
    told = list(lines(data))
    count = max(0, len(told) - 1)
    names = [name.replace(" ", "_") for name in told[0].cells] if told else []
    header = told[0].number if told else 1
    if told and told[0].expected:
        shown = bounded(told[0].cells[told[0].wrong])
        return List((), (SetAside(file, header, "", shown, told[0].expected, count),))
    unreadable = _wrong_column(names, columns)
    if unreadable is not None:
        name, expected = unreadable
        name, shown = bounded(name), bounded(name) if name in names else ""
        return List((), (SetAside(file, header, name, shown, f"{expected} ({rows_aside(count)})", count),))
    rows: list[ListRow] = []
    aside: list[SetAside] = []
    for line in told[1:]:
        cells = dict(zip(names, line.cells, strict=False))
        if line.expected:
            aside.append(SetAside(file, line.number, "", bounded(line.cells[line.wrong]), line.expected))
        elif expected := line.width_problem(len(names)):
            aside.append(SetAside(file, line.number, "", bounded(line.text.strip()), expected))
        elif wrong := complaints(cells):
            aside += [
                SetAside(file, line.number, column, bounded(cells[column]), why, 1 if place == 0 else 0)
                for place, (column, why) in enumerate(wrong)
            ]
        else:
            rows.append(ListRow(line.number, cells))
    return List(tuple(rows), tuple(aside))


def _wrong_column(names: Sequence[str], columns: Sequence[str]) -> Complaint | None:
    for name in names:
        if name not in columns or names.count(name) > 1:
            expected = f"{did_you_mean(name, columns)} write the columns {', '.join(columns)}, each once"
            return name, expected.strip()
    missing = [name for name in columns if name not in names]
    return (missing[0], f"the column {missing[0]} is missing; add it") if missing else None
