"""One pack applied to several dockets, on a screen, as JSON and as a table: a column for each, in the order given."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count, product
from string import ascii_uppercase

from custodiet.audit.json_contract import answer
from custodiet.audit.rejected_rows import held_over_in_json
from custodiet.audit.replay import FOR_WHOM, NO_RANKING, Answers, Claimed, Column, Register, Replay
from custodiet.audit.totals import many
from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.truth import Truth
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import Policy
from custodiet.records import plural
from custodiet.records.record import Record
from custodiet.reports.output.csv_and_parquet import csv_of
from custodiet.reports.result_table import COLUMNS, rows
from custodiet.reports.wording import value_in_words

_NOTHING = "–"
_LABEL = 58
"""The greatest width of the names of lines; a longer name has a line to itself."""


@dataclass(frozen=True)
class SideBySide:
    """A replay in each of its output formats."""

    replay: Replay
    law_of: date | None
    """The day whose law was applied to every act; None for the law of each act's own day."""

    # On a screen

    def words(self) -> str:
        """The replay on a terminal."""
        parts = (self._law(), self._legend(), self._answers(), self._not_known(), self._missing(), self._precedents())
        return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)

    def _law(self) -> Iterator[str]:
        pack, columns = self.replay.pack, self.replay.columns
        yield f"{pack.title} over {many(len(columns), 'docket')}"
        yield f"{pack.name}, SHA-256 {pack.hash}"
        yield f"{self._by_which()}. Computed, not decided."
        yield from (NO_RANKING, FOR_WHOM)
        for mark in dict.fromkeys(result.mark for column in columns for result in column.hindsight):
            yield f"{mark.capitalize()}."

    def _by_which(self) -> str:
        own = "Each act by the law of its own day"
        return own if self.law_of is None else f"Every act by the law of {self.law_of}, whatever its own day"

    def _legend(self) -> Iterator[str]:
        for letter, column in zip(self._letters, self.replay.columns, strict=True):
            as_of = column.audit.view.as_of
            recorded = f"recorded at {as_of.recorded_at}" if as_of.size else "nothing has been recorded yet"
            yield f"{letter}  {column.audit.title}"
            yield f"   {many(as_of.size, 'entry', 'entries')}, root {as_of.root}, {recorded}"

    def _answers(self) -> Iterator[str]:
        yield self._line("What the law answers", self._letters)
        for place, policy in enumerate(_policies(self.replay)):
            yield policy.question
            of_each = [column.answers[place] for column in self.replay.columns]
            if not any(each.by_outcome for each in of_each):
                yield f"  no answers: no {plural(policy.for_each)} are recorded"
            for outcome in Outcome:
                if outcome is not Outcome.CLASSIFIED:
                    yield from self._counts(outcome.value, [each.by_outcome.get(outcome, 0) for each in of_each])
            for name in policy.classes:
                yield from self._counts(f"'{name}'", [each.by_class.get(name, 0) for each in of_each])
            if any(each.owed for each in of_each):
                yield self._line("  owed in all, where determined", [_owed(each) for each in of_each])
            earlier = [each.by_earlier_law for each in of_each]
            marked = [each.hindsight for each in of_each]
            yield from self._counts(
                "of them hindsight", [all_ - gone for all_, gone in zip(marked, earlier, strict=True)]
            )
            yield from self._counts("of them by an earlier law", earlier)

    def _not_known(self) -> Iterator[str]:
        yield self._line("What is not known", self._letters)
        columns = self.replay.columns
        yield self._line("  undetermined answers", [f"{len(each.audit.undetermined):,}" for each in columns])
        yield self._line("  of all answers", [f"{len(each.audit.results):,}" for each in columns])
        yield self._line("  rows set aside", [_count(each.audit.rows_set_aside) for each in columns])
        if any(each.audit.view.held_over for each in columns):
            held = [_count(len(each.audit.view.held_over)) for each in columns]
            yield self._line("  counted at an earlier value, row set aside or gone", held)
        for of_type in zip(*(column.registers for column in columns), strict=True):
            for what, said in _REGISTER:
                yield self._line(f"  {plural(of_type[0].type)}{what}", [said(each) for each in of_type])

    def _missing(self) -> Iterator[str]:
        if self.replay.missing:
            yield self._line("Missing facts, by how many undetermined answers depend on each", self._letters)
        for holder, asks in self.replay.missing:
            counts = [_count(column.missing.get((holder, asks), 0)) for column in self.replay.columns]
            yield self._line(f"  {holder}: {asks.partition(': ')[0]}", counts)

    def _precedents(self) -> Iterator[str]:
        for letter, column in zip(self._letters, self.replay.columns, strict=True):
            if column.precedents:
                yield f"Precedents claimed in {letter}; they are not results"
            for each in column.precedents:
                yield f"  {_field(each.record, 'person')}, {_field(each.record, 'occasion')}"
                yield f"      evidence of it: {_field(each.record, 'evidence')}; when: {_field(each.record, 'period')}"
                yield f"      rule then: {_field(each.record, 'rule_then')}; a rule of this law then: {_then(each)}"

    @property
    def _letters(self) -> list[str]:
        """The name of each column: a letter, since a number would look like a rank."""
        letters = ("".join(each) for size in count(1) for each in product(ascii_uppercase, repeat=size))
        return [letter for letter, _ in zip(letters, self.replay.columns, strict=False)]

    @cached_property
    def _width(self) -> int:
        registers = [register for column in self.replay.columns for register in column.registers]
        cells = [_owed(answers) for column in self.replay.columns for answers in column.answers]
        cells += [said(register) for register in registers for _, said in _REGISTER]
        return max(map(len, cells), default=0) + 2

    def _counts(self, name: str, counts: Sequence[int]) -> Iterator[str]:
        """A line of counts; none if all are zero."""
        if any(counts):
            yield self._line(f"  {name}", [_count(each) for each in counts])

    def _line(self, name: str, cells: Sequence[str]) -> str:
        shown = "".join(cell.rjust(self._width) for cell in cells)
        return f"{name.ljust(_LABEL)}{shown}" if len(name) <= _LABEL else f"{name}\n{' ' * _LABEL}{shown}"

    # For other tools

    def contract(self) -> dict[str, object]:
        """The same in JSON; dockets are in the order in which they were named."""
        pack = self.replay.pack
        return {
            "pack": {"name": pack.name, "hash": pack.hash},
            "law_of": None if self.law_of is None else self.law_of.isoformat(),
            "readers": "internal",
            "note": NO_RANKING,
            "dockets": [_docket(column) for column in self.replay.columns],
        }

    def csv(self) -> str:
        """Every answer of every docket, one per line as in results.csv, preceded by its docket."""
        lines = ({"docket": column.audit.title, **row} for column in self.replay.columns for row in rows(column.audit))
        return csv_of(("docket", *COLUMNS), lines).removesuffix("\n")


def _policies(replay: Replay) -> list[Policy]:
    return sorted(replay.pack.policies, key=lambda policy: policy.name)


def _count(number: int) -> str:
    return f"{number:,}" if number else _NOTHING


def _owed(answers: Answers) -> str:
    return " + ".join(map(str, answers.owed)) or _NOTHING


def _known(register: Register) -> str:
    return _NOTHING if register.known is None else _period(register.known)


def _vouched(register: Register) -> str:
    return ", ".join(_period(during) for during, _ in register.vouched) or "by nobody"


def _period(days: Days) -> str:
    return "always" if days == ANY_DAY else str(days).replace("/", " to ")


_REGISTER: tuple[tuple[str, Callable[[Register], str]], ...] = (
    (" recorded", lambda register: _count(register.records)),
    (", first to last day", _known),
    (", vouched complete", _vouched),
)
"""The lines about a register: the line's name, and its cell."""


def _field(record: Record, name: str) -> str:
    return value_in_words(record.value(name))


def _then(claimed: Claimed) -> str:
    return {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "not known"}[claimed.rule_then]


def _docket(column: Column) -> dict[str, object]:
    audit = column.audit
    as_of = audit.view.as_of
    return {
        "docket": audit.title,
        "as_of": {"size": as_of.size, "root": as_of.root, "recorded_at": as_of.recorded_at},
        "results": len(audit.results),
        "questions": [_question(answers) for answers in column.answers],
        "undetermined_total": len(audit.undetermined),
        "missing": [
            {"held_by": holder, "asks": asks, "results": column.missing[holder, asks]}
            for holder, asks in sorted(column.missing)
        ],
        "registers": [_register(register) for register in column.registers],
        "set_aside": audit.rows_set_aside,
        "held_over": [held_over_in_json(each) for each in audit.view.held_over],
        "hindsight": [{"record": each.record, "policy": each.policy, **answer(each)} for each in column.hindsight],
        "precedents": [
            {
                "record": each.record.id,
                "person": _field(each.record, "person"),
                "occasion": _field(each.record, "occasion"),
                "period": _field(each.record, "period"),
                "rule_then": _field(each.record, "rule_then"),
                "rule_of_this_law_then": _then(each),
                "evidence": _field(each.record, "evidence"),
            }
            for each in column.precedents
        ],
    }


def _question(answers: Answers) -> dict[str, object]:
    return {
        "policy": answers.policy,
        "by_outcome": {outcome.value: number for outcome, number in answers.by_outcome.items()},
        "by_class": dict(answers.by_class),
        "owed": [{"currency": each.currency, "amount": each.digits} for each in answers.owed],
        "hindsight": answers.hindsight,
    }


def _register(register: Register) -> dict[str, object]:
    return {
        "type": register.type,
        "records": register.records,
        "days": None if register.known is None else str(register.known),
        "vouched": [{"during": str(during), "by": by} for during, by in register.vouched],
    }
