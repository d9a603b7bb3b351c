"""The totals of the results by payer, trip, cost class, character and basis; each total keeps its rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from custodiet.audit.context import Context, Contexts
from custodiet.audit.rejected_rows import causes, losses_in_words
from custodiet.audit.run import Audit
from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Money
from custodiet.base.text import escaped
from custodiet.ledger.view import HeldOver
from custodiet.policy.evaluation.result import Debt, Outcome, Result
from custodiet.records import plural

MOST_NAMED = 5
"""The most records that a sentence beside a total names by their ids."""


@dataclass(frozen=True, slots=True)
class Line:
    """One debt of one result, with what it is grouped by."""

    result: Result
    debt: Debt
    context: Context


@dataclass(frozen=True, slots=True)
class Total:
    """The lines of one payer, trip, cost class, character or basis in one currency, added up."""

    name: str
    amount: Money
    lines: tuple[Line, ...]
    """Those with most money first."""

    @property
    def results(self) -> int:
        """The number of results in it; a sum that is split between two payers is one."""
        return len({(line.result.policy, line.result.record) for line in self.lines})


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything that is questioned, added up in one way: by payer, say, or by trip."""

    by: str
    totals: tuple[Total, ...]
    """Those with most money first."""
    leaves_out: str
    """What these figures do not count, in a sentence or more."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One way to group lines, and what to know about totals grouped so."""

    by: str
    of: Callable[[Line], str]
    remark: str


SIDES = (
    _Side("payer", lambda line: line.debt.payer,
          "Who is liable beside a payer is not counted again."),
    _Side("trip", lambda line: line.context.trip,
          "Amounts of no trip, or of an unknown one, have a line of their own."),
    _Side("cost class", lambda line: line.context.cost_class,
          "Only a voucher has a cost class; other records are listed by their type."),
    _Side("character", lambda line: line.context.character,
          "The character of a trip is what the pack's rules conclude; if they reach no conclusion, the line says so."),
    _Side("basis", lambda line: line.context.basis,
          "The basis says how the record behind the amount is known."),
)  # fmt: skip


def lines_of(audit: Audit) -> tuple[Line, ...]:
    """Every amount that a result says is owed, one line each."""
    contexts = Contexts(audit)
    return tuple(
        Line(result, debt, context)
        for result in audit.with_outcome(Outcome.OWES)
        for context in (contexts.of(result),)
        for debt in result.debts
    )


def totals(audit: Audit) -> tuple[Totals, ...]:
    """The questioned amounts grouped in each way; every grouping adds up to the same sum."""
    lines = lines_of(audit)
    left_out = leaves_out(audit)
    return tuple(Totals(side.by, _added_up(lines, side.of), f"{left_out} {side.remark}") for side in SIDES)


def _added_up(lines: Iterable[Line], name: Callable[[Line], str]) -> tuple[Total, ...]:
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        groups[name(line), line.debt.amount.currency].append(line)
    sums = (
        Total(
            key,
            Money(sum(line.debt.amount.minor for line in group), currency),
            tuple(sorted(group, key=lambda line: (-line.debt.amount.minor, line.result.record, line.result.policy))),
        )
        for (key, currency), group in groups.items()
    )
    return tuple(sorted(sums, key=lambda total: (total.amount.currency, -total.amount.minor, total.name)))


def leaves_out(audit: Audit, *, named: bool = True) -> str:
    """What the totals leave out: results without a settled amount, rows set aside, records that nobody wrote down.

    And what they count although its row is now set aside or gone; with the records' ids if they may be `named`.
    """
    counted = len(audit.with_outcome(Outcome.OWES))
    sentences = [
        f"Counts the {many(counted, 'result')} with an amount that somebody owes, under all policies of the pack.",
        "Repayments are subtracted only where a rule says so.",
    ]
    out = [*_unsettled(audit), *_without_amount(audit), *_set_aside(audit)]
    if out:
        sentences.append(f"Leaves out {listed(out)}.")
    sentences += [*_held_over(audit, named=named), *losses_in_words(audit.view)]
    sentences += [
        f"{registers(kinds)} vouched complete only for {period}; what was not recorded outside it is in no total."
        for period, kinds in _vouched_for_a_time(audit).items()
    ]
    open_registers = unvouched(audit)
    if open_registers:
        kinds = listed([plural(kind) for kind in open_registers])
        sentences.append(f"Nobody vouches that all {kinds} are recorded: any that are not are in no total.")
    return " ".join(sentences)


def _unsettled(audit: Audit) -> list[str]:
    results = audit.undetermined
    if not results:
        return []
    bounds = [result.between for result in results if result.between is not None]
    endless = sum(bound.high is None for bound in bounds)
    most: Counter[str] = Counter()
    for bound in bounds:
        if bound.high is not None:
            most[bound.high.currency] += bound.high.minor
    parts = [f"at most {Money(minor, currency)} more" for currency, minor in sorted(most.items()) if minor]
    parts += [f"{endless} of them without a bound"] if endless else []
    return [f"{many(len(results), 'undetermined result')}{f' ({listed(parts)})' if parts else ''}"]


def _without_amount(audit: Audit) -> list[str]:
    counts = audit.by_outcome
    return [
        f"{many(counts[outcome], 'result')} {which}"
        for outcome, which in (
            (Outcome.CONFLICT, "on which the rules conflict"),
            (Outcome.NO_RULE, "for which no rule applied"),
            (Outcome.FORBIDDEN, "of a use the rules forbid"),
        )
        if outcome in counts
    ]


def _set_aside(audit: Audit) -> list[str]:
    found = causes(audit.view).items()
    return [f"{many(count, what)} set aside because {why}" for (what, why), count in found]


def _held_over(audit: Audit, *, named: bool) -> list[str]:
    """The records, and the amendments of some, that are counted at an earlier value."""
    sentences = []
    for what, earlier, why, amended, aside in (
        ("record", " at an earlier value", "can no longer be read", False, True),
        ("record", "", "is gone from its table", False, False),
        ("amendment", " as it was before", "can no longer be read", True, True),
        ("amendment", "", "is gone from amendments.csv", True, False),
    ):
        found = [each for each in audit.view.held_over if (bool(each.field), each.line is not None) == (amended, aside)]
        if found:
            shown = [_held_over_named(each) for each in found[:MOST_NAMED]]
            more = [f"{len(found) - MOST_NAMED:,} more"] if len(found) > MOST_NAMED else []
            names = f": {listed([*shown, *more])}" if named else ""
            sentences.append(f"Counts {many(len(found), what)}{earlier}, whose row {why}{names}.")
    return sentences


def _held_over_named(each: HeldOver) -> str:
    what = f"{each.field} of {escaped(each.record)}" if each.field else escaped(each.record)
    return f"{what} (entry {each.entry})"


def _vouched_for_a_time(audit: Audit) -> dict[str, list[str]]:
    """The registers that are vouched complete only for some period, by period."""
    periods: dict[str, list[Days]] = defaultdict(list)
    for each in audit.view.facts.vouched:
        if each.type in decided(audit):
            periods[each.type].append(each.during)
    by_time: dict[str, list[str]] = defaultdict(list)
    for kind in sorted(periods):
        if ANY_DAY not in periods[kind]:
            by_time[listed([str(period).replace("/", " to ") for period in periods[kind]])].append(kind)
    return by_time


def unvouched(audit: Audit) -> tuple[str, ...]:
    """The registers that the pack's policies decide and that nobody vouches complete for any period."""
    return tuple(sorted(decided(audit) - {each.type for each in audit.view.facts.vouched}))


def decided(audit: Audit) -> set[str]:
    """The registers whose records the pack's policies decide; the trips stand for the days made from them."""
    daily = audit.view.facts.daily
    asked = {policy.for_each for policy in audit.pack.policies}
    return {daily[each].above.name if each in daily else each for each in asked}


def registers(kinds: Sequence[str]) -> str:
    """The registers of some types, as the start of a sentence.

    >>> registers(["trip"]), registers(["leg", "seat"])
    ('The register of trips is', 'The registers of legs and seats are')
    """
    names = listed([plural(kind) for kind in kinds])
    return f"The register of {names} is" if len(kinds) == 1 else f"The registers of {names} are"


def many(count: int, one: str, more: str = "") -> str:
    """A count with its noun.

    >>> many(1, "row"), many(1200, "row"), many(2, "entry", "entries")
    ('1 row', '1,200 rows', '2 entries')
    """
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def listed(parts: Sequence[str]) -> str:
    """Some phrases as one.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
