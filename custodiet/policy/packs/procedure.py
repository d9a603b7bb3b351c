"""A pack's procedure: the steps of a case, their order and time limits, standards of proof, and who may take them.

It is the table `procedure.csv` of the pack, described in docs/reference/procedure.md. Nothing in it has a default: an
empty value is written `none`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from custodiet.base.dates import MOST_DAYS
from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.source import Source, lines_of
from custodiet.base.table import Line, lines
from custodiet.policy.language.diagnostics import READING
from custodiet.records import Kind, core_types, one

FILE = "procedure.csv"
COLUMNS = (
    "step", "after", "must", "within_days", "counted_from", "standard_of_proof", "burden", "by", "not_by", "citation",
)  # fmt: skip
STEPS = (
    "complaint", "draft_finding", "notice", "response", "finding", "referral", "determination", "order", "settlement",
    "review", "payment", "default",
)  # fmt: skip
"""The record types that are steps of a case, in the order in which most cases take them."""
DECIDING = ("finding", "determination")
"""The steps that hold something to be proved: each needs a standard and a burden of proof."""
ANYONE = "anyone"
STANDARDS = core_types()["finding"].field("standard_of_proof").values
"""How sure whoever decides must be, the least first."""
CASE_ROLES = core_types()["mandate"].field("case_role").values


@dataclass(frozen=True, slots=True)
class Step:
    """One step, according to the law."""

    name: str
    """The record type that records it."""
    after: tuple[str, ...]
    """The steps that come before it."""
    must: bool
    """Whether it is a duty, so that missing the time limit is a delay; otherwise the right to it expires."""
    within_days: int | None
    counted_from: tuple[str, str] | None
    """The step and its date field from which the days count; that day itself does not count."""
    standard_of_proof: str | None
    burden: str | None
    """Who bears the burden of proof for the step; missing facts do not shift it."""
    by: tuple[str, ...]
    not_by: tuple[str, ...]
    citation: str
    span: Span


@dataclass(frozen=True, slots=True)
class Procedure:
    """The steps of a case in one jurisdiction, in the order of the table, and the problems of the table."""

    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = ()

    def step(self, name: str) -> Step | None:
        """The step of that name; None if the procedure has none."""
        return next((step for step in self.steps if step.name == name), None)


def read_procedure(content: bytes, file: str = FILE) -> Procedure:
    r"""Read a procedure table; rows with problems are left out, and all problems are returned.

    >>> read_procedure(b"step\n").problems[0].shown().splitlines()[0]
    'procedure.csv:1: the procedure lacks the columns after, must, within_days, counted_from, ... citation'
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Procedure(
            (), (_problem("syntax", "the table is not text in UTF-8", Span(file, 1), "save it as CSV in UTF-8"),)
        )
    source = Source(lines_of(text), file, READING)
    source.say_unseen()
    header, *rows = [*lines(content)] or [Line(1, ())]
    wrong = [*source.problems, *_wrong_header(header, Span(file, header.number, text=header.text))]
    if wrong:
        return Procedure((), tuple(wrong))
    steps: list[Step] = []
    problems: list[Problem] = []
    for line in rows:
        row = _Row(line, header.cells, file)
        step = row.read()
        if step is None:
            problems += row.problems
        elif any(each.name == step.name for each in steps):
            problems.append(row.at("step", "name", f"the step `{step.name}` appears twice"))
        else:
            steps.append(step)
    known = tuple(steps)
    return Procedure(known, (*problems, *(problem for step in known for problem in _out_of_order(step, known))))


class _Row:
    """One row while it is read, with its problems."""

    def __init__(self, line: Line, header: Sequence[str], file: str) -> None:
        self._span = Span(file, line.number, text=line.text)
        self._unreadable = line.expected or line.width_problem(len(header))
        self._cells: Mapping[str, str] = dict(zip(header, line.cells, strict=False))
        self.problems: list[Problem] = []

    def read(self) -> Step | None:
        """The step, or None if something is wrong."""
        if self._unreadable:
            self._wrong("step", "syntax", "the row cannot be read", self._unreadable)
            return None
        for column in COLUMNS:
            if not self._cells[column]:
                self._wrong(
                    column, "syntax", f"`{column}` is blank, and nothing here has a default", "write a value, or none"
                )
        if self.problems:
            return None
        name = self._one("step", STEPS)
        step = Step(
            name,
            self._several("after", STEPS),
            self._one("must", ("yes", "no")) == "yes",
            self._days(),
            self._counted_from(),
            self._or_none("standard_of_proof", STANDARDS),
            self._or_none("burden", CASE_ROLES),
            self._several("by", (*CASE_ROLES, ANYONE)),
            self._several("not_by", CASE_ROLES),
            self._cells["citation"],
            self._span,
        )
        self._decided_with_care(step)
        return None if self.problems else step

    def at(self, column: str, kind: str, message: str, hint: str = "") -> Problem:
        """A problem with one cell."""
        cell = self._cells.get(column, "")
        place = self._span.text.find(cell) + 1 if cell else 1
        span = Span(self._span.file, self._span.line, max(1, place), max(1, len(cell)), self._span.text)
        return _problem(kind, message, span, hint)

    def _wrong(self, column: str, kind: str, message: str, hint: str = "") -> None:
        self.problems.append(self.at(column, kind, message, hint))

    def _one(self, column: str, known: Sequence[str], word: str | None = None) -> str:
        cell = self._cells[column] if word is None else word
        said = cell.replace("_", " ")
        for each in known:
            if each.replace("_", " ") == said:
                return each
        choice = f"write one of {', '.join(each.replace('_', ' ') for each in known)}"
        self._wrong(column, "name", f"`{cell}` is not a value of `{column}`", did_you_mean(cell, known) or choice)
        return ""

    def _or_none(self, column: str, known: Sequence[str]) -> str | None:
        return None if self._cells[column] == "none" else self._one(column, known)

    def _several(self, column: str, known: Sequence[str]) -> tuple[str, ...]:
        if self._cells[column] == "none":
            return ()
        return tuple(self._one(column, known, word.strip()) for word in self._cells[column].split(";"))

    def _days(self) -> int | None:
        cell = self._cells["within_days"]
        if cell == "none":
            return None
        if not (re.fullmatch(r"[0-9]{1,6}", cell) and 0 < int(cell) <= MOST_DAYS):
            hint = f"write a whole number from 1 to {MOST_DAYS}, or none"
            self._wrong("within_days", "type", f"`{cell}` is not a number of days", hint)
            return None
        return int(cell)

    def _counted_from(self) -> tuple[str, str] | None:
        cell = self._cells["counted_from"]
        if (cell == "none") != (self._cells["within_days"] == "none"):
            self._wrong(
                "counted_from",
                "period",
                "a time limit needs both its days and the date they count from",
                "fill in both, or write none in both",
            )
            return None
        if cell == "none":
            return None
        name, _, field = cell.partition(".")
        name = self._one("counted_from", STEPS, name)
        dates = [each.name for each in core_types()[name].fields if each.kind is Kind.DATE] if name else []
        if name and field not in dates:
            choice = f"write a date of {one(name)}: {', '.join(dates)}"
            self._wrong("counted_from", "name", f"`{cell}` is not a date", did_you_mean(field, dates) or choice)
        return name, field

    def _decided_with_care(self, step: Step) -> None:
        if not step.by:
            self._wrong("by", "name", "`by` may not be none: somebody must take the step")
        if step.name in DECIDING and step.standard_of_proof is None:
            hint = f"there is no default; write one of {', '.join(STANDARDS)}"
            self._wrong("standard_of_proof", "name", f"{one(step.name)} needs a standard of proof", hint)
        if step.name in DECIDING and step.burden is None:
            self._wrong(
                "burden",
                "name",
                f"{one(step.name)} needs somebody who bears the burden of proof",
                f"write one of {', '.join(CASE_ROLES)}",
            )
        both = sorted(set(step.by) & set(step.not_by))
        if both:
            self._wrong("not_by", "name", f"{both[0]} both may and may not take the step `{step.name}`")


def _wrong_header(line: Line, span: Span) -> list[Problem]:
    header = line.cells
    if line.expected:
        return [_problem("syntax", "the header cannot be read", span, line.expected)]
    problems = [
        _problem("name", f"unknown column `{name}`", span, did_you_mean(name, COLUMNS))
        for name in header
        if name not in COLUMNS
    ]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        shown = ", ".join(missing if len(missing) < len(COLUMNS) // 2 else [*missing[:4], f"... {missing[-1]}"])
        problems.append(_problem("syntax", f"the procedure lacks the columns {shown}", span))
    if len(set(header)) < len(header):
        problems.append(_problem("syntax", "a column appears twice", span))
    return problems


def _out_of_order(step: Step, steps: Sequence[Step]) -> list[Problem]:
    """The problems of a step's position among the others."""
    named = {each.name: each for each in steps}
    problems = [
        _problem("name", f"`{step.name}` comes after `{name}`, which is not a step of this procedure", step.span)
        for name in step.after
        if name not in named
    ]
    before = _all_before(step, named)
    if step.name in before:
        problems.append(_problem("cycle", f"`{step.name}` comes after itself", step.span))
    if step.counted_from is not None and step.counted_from[0] not in before:
        start = step.counted_from[0]
        message = f"the time for `{step.name}` counts from `{start}`, which does not come before it"
        problems.append(_problem("period", message, step.span))
    return problems


def _all_before(step: Step, named: Mapping[str, Step]) -> set[str]:
    found: set[str] = set()
    open_ = list(step.after)
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += named[name].after if name in named else ()
    return found


def _problem(kind: str, message: str, span: Span, hint: str = "") -> Problem:
    return Problem(kind, message, span, help=hint, code=f"procedure_{kind}")
