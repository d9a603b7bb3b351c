"""How two versions of a law differ, and what that changes for a docket: on a screen, as JSON, as a table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from custodiet.audit.impact import NOT_ASKED, Changed, Moved, Turned
from custodiet.audit.json_contract import answer
from custodiet.audit.totals import many
from custodiet.base.money import Money
from custodiet.policy.evaluation.english import rules_in_words
from custodiet.policy.evaluation.result import Result
from custodiet.policy.packs.diff import Change, How, Part
from custodiet.policy.packs.pack import Pack
from custodiet.proofs.impact import Turning, Whether
from custodiet.records import cell
from custodiet.reports.output.csv_and_parquet import csv_of
from custodiet.reports.wording import answered

LONGEST = 20
"""How many records with one change of answer fit on a screen; JSON and CSV hold all."""
COLUMNS = ("sort", "policy", "name", "change", "part", "before", "after", "hindsight")
"""The columns of the table, which has a line for each changed part of the law, each record and each payer."""


@dataclass(frozen=True, slots=True)
class LawChanges:
    """Two packs, how they differ, and what that changes for a docket."""

    old: Pack
    new: Pack
    changes: tuple[Change, ...]
    turnings: tuple[Turning, ...]
    docket: Changed | None
    law_of: date | None
    """The day whose law was applied to every act; None for the law of each act's own day."""

    # On a screen

    def words(self) -> str:
        """What changes, on a terminal."""
        parts = [list(self._packs()), *map(list, self._law())]
        if self.docket is not None:
            parts += [list(self._turned(self.docket)), list(self._money(self.docket))]
        return "\n\n".join("\n".join(lines) for lines in parts if lines)

    def _packs(self) -> Iterator[str]:
        for name, pack in (("Old", self.old), ("New", self.new)):
            yield f"{name}  {pack.heading}, SHA-256 {pack.hash}"
        if not self.changes:
            yield "The two do not differ."

    def _law(self) -> Iterator[Iterator[str]]:
        told = [*(change.policy for change in self.changes), *(turning.policy for turning in self.turnings)]
        for policy in dict.fromkeys(told):
            yield self._of_policy(policy)

    def _of_policy(self, policy: str) -> Iterator[str]:
        questions = {each.name: each.question for pack in (self.old, self.new) for each in pack.policies}
        yield f"{questions[policy]}  ({policy})" if policy in questions else f"Rates of {policy}"
        for change in self.changes:
            if change.policy == policy:
                yield from _in_words(change)
        for turning in self.turnings:
            if turning.policy == policy:
                yield from _turning_in_words(turning)

    def _turned(self, docket: Changed) -> Iterator[str]:
        count = len(docket.turned)
        yield docket.after.title
        yield f"  {count:,} of {many(docket.asked, 'answer')} change, computed, not decided"
        if self.law_of is not None:
            yield f"  old: each act by the law of its own day; new: every act by the law of {self.law_of}"
        for mark, marked in Counter(result.mark for result in docket.hindsight()).items():
            yield f"  {many(marked, 'answer')} by {mark}"
        for (policy, before, after), turned in docket.by_turn.items():
            yield f"  {policy}: {many(len(turned), 'record')}, {_turn(before, after)}"
            for each in turned[:LONGEST]:
                yield f"      {each.record}: {_answer(each.before)} → {_answer(each.after)}"
            if len(turned) > LONGEST:
                yield f"      and {len(turned) - LONGEST:,} more"

    def _money(self, docket: Changed) -> Iterator[str]:
        if docket.moved:
            yield "Who would owe more or less, where determined"
        for each in docket.moved:
            yield f"  {each.payer}: {each.before} → {each.after}, {_by(each)}"

    # For other tools

    def contract(self) -> dict[str, object]:
        """The same in JSON; amounts are texts with all minor digits and no grouping."""
        return {
            "old": _pack(self.old),
            "new": _pack(self.new),
            "law_of": None if self.law_of is None else self.law_of.isoformat(),
            "changes": [_change(change) for change in self.changes],
            "questions": [_turning(each) for each in self.turnings],
            "docket": None if self.docket is None else _docket(self.docket),
        }

    def csv(self) -> str:
        """The same as one table, by `COLUMNS`."""
        return csv_of(COLUMNS, self._lines()).removesuffix("\n")

    def _lines(self) -> Iterator[dict[str, object]]:
        for change in self.changes:
            for part in change.parts or (Part("", " ".join(change.before), " ".join(change.after)),):
                name = f"{part.name} ({part.version})" if part.version else part.name
                yield _line(change.sort, change.policy, change.name, change.how.value, name, part.before, part.after)
        for turning in self.turnings:
            cells = ", ".join(f"{path} {text}" for path, text in turning.example)
            before, after = _reasoned(turning.before), _reasoned(turning.after)
            if turning.whether is Whether.CHANGES:
                yield _line("example", turning.policy, cells, turning.whether.value, "", before, after)
            else:
                yield _line("question", turning.policy, turning.policy, turning.whether.value, turning.why, "", "")
        for each in self.docket.turned if self.docket else ():
            before, after = _answer(each.before), _answer(each.after)
            hindsight = each.after is not None and each.after.hindsight
            yield _line("result", each.question, each.record, "changed", "", before, after, hindsight=hindsight)
        for moved in self.docket.moved if self.docket else ():
            yield _line("payer", "", moved.payer, "changed", "", cell(moved.before), cell(moved.after))


def _in_words(change: Change) -> Iterator[str]:
    if change.how is not How.CHANGED:
        yield f"  {_what(change)} {change.how.value}"
        yield from (f"      {sentence}" for sentence in change.before or change.after)
        return
    law = ", in force ".join(filter(None, (change.cite, change.in_force)))
    yield f"  {_what(change)} changed{f' ({law})' if law else ''}"
    for part in change.parts:
        yield f"      {part.name}{f', {part.version}' if part.version else ''}"
        yield f"        was  {part.before or 'nothing'}"
        yield f"        now  {part.after or 'nothing'}"


def _turning_in_words(turning: Turning) -> Iterator[str]:
    match turning.whether:
        case Whether.CHANGES:
            cells = ", ".join(f"{path} {text}" for path, text in turning.example)
            yield f"  the smallest record whose answer changes: {cells or 'any record'}"
            yield f"      was  {_reasoned(turning.before)}"
            yield f"      now  {_reasoned(turning.after)}"
        case Whether.SAME:
            yield "  proved: no answer changes for a record whose facts are all known"
        case Whether.UNDECIDED:
            yield f"  undecided whether any answer changes: {turning.why}"
        case Whether.NOT_PROVED:
            yield f"  not proved whether any answer changes: {turning.why}"


def _reasoned(result: Result | None) -> str:
    """An answer with the rules that give it."""
    rules = f" ({rules_in_words(result.because)})" if result is not None and result.because else ""
    return f"{_answer(result)}{rules}"


def _what(change: Change) -> str:
    return change.sort if change.sort == "question" else f"{change.sort} {change.name}"


def _turn(before: str, after: str) -> str:
    return f"from {before} to {after}" if before != after else f"{before} before and after, but not the same"


def _answer(result: Result | None) -> str:
    return NOT_ASKED if result is None else answered(result)


def _by(moved: Moved) -> str:
    by = Money(abs(moved.by.minor), moved.by.currency)
    return f"{by} {'more' if moved.by.minor > 0 else 'less'}"


def _line(
    sort: str, policy: str, name: str, change: str, part: str, before: str, after: str, *, hindsight: bool = False
) -> dict[str, object]:
    return dict(zip(COLUMNS, (sort, policy, name, change, part, before, after, hindsight), strict=True))


def _pack(pack: Pack) -> dict[str, object]:
    return {"name": pack.name, "version": pack.version, "hash": pack.hash}


def _change(change: Change) -> dict[str, object]:
    return {
        "policy": change.policy,
        "sort": change.sort,
        "name": change.name,
        "change": change.how.value,
        "cite": change.cite,
        "in_force": change.in_force,
        "before": list(change.before),
        "after": list(change.after),
        "parts": [
            {"part": part.name, "version": part.version, "before": part.before, "after": part.after}
            for part in change.parts
        ],
    }


def _turning(turning: Turning) -> dict[str, object]:
    return {
        "policy": turning.policy,
        "answers": turning.whether.value,
        "example": dict(turning.example),
        "before": None if turning.before is None else answer(turning.before),
        "after": None if turning.after is None else answer(turning.after),
        "why": turning.why,
    }


def _docket(docket: Changed) -> dict[str, object]:
    as_of = docket.after.view.as_of
    return {
        "docket": docket.after.title,
        "as_of": {"size": as_of.size, "root": as_of.root, "recorded_at": as_of.recorded_at},
        "results": docket.asked,
        "changed": len(docket.turned),
        "turns": [
            {"policy": policy, "from": before, "to": after, "records": _records(turned)}
            for (policy, before, after), turned in docket.by_turn.items()
        ],
        "payers": [
            {
                "payer": each.payer,
                "currency": each.after.currency,
                "before": each.before.digits,
                "after": each.after.digits,
                "difference": each.by.digits,
            }
            for each in docket.moved
        ],
        "hindsight": [{"record": each.record, "policy": each.policy} for each in docket.hindsight()],
        "set_aside": docket.after.rows_set_aside,
    }


def _records(turned: Sequence[Turned]) -> list[dict[str, object]]:
    return [
        {
            "record": each.record,
            "before": None if each.before is None else answer(each.before),
            "after": None if each.after is None else answer(each.after),
        }
        for each in turned
    ]
