"""What the rules that stand say together, and whether they agree.

Two answers are the same if every part is: permission, each payer's amount, class. An amount of zero
has no payer. Each amount is rounded once, at the end of its formula, and only then compared.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from custodiet.base.money import Money, Range, rounded
from custodiet.policy.ast import Payer, Policy, Version
from custodiet.policy.reading import Reading
from custodiet.policy.result import Bounds, Debt, Missing, Outcome
from custodiet.policy.terms import Number
from custodiet.records import Value
from custodiet.records.facts import Record

NOTHING = Range.point(0)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one payer owes, as far as it is known: a range of whole minor units, in major units."""

    payer: str
    amount: Range
    liable: str = field(default="", compare=False)
    """Who is liable for it too, which makes no other answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One possible answer of a policy."""

    kind: Outcome | None = None
    """No rule or conflict; None where the rules that stand agree on something."""
    permission: str | None = None
    classified: str | None = None
    owed: tuple[Owed, ...] = ()
    total: Range | None = None
    """What all payers owe together; None where the rules do not speak of money."""
    missing: tuple[Missing, ...] = field(default=(), compare=False)
    """The facts that leave an amount open."""
    read: tuple[tuple[tuple[str, str], Value], ...] = field(default=(), compare=False)
    """What the amounts were read from: record and field, and the value."""

    @property
    def outcome(self) -> Outcome:
        """How the answer counts, if it is the only one."""
        if self.kind is not None:
            return self.kind
        if self.permission == Outcome.FORBIDDEN.value:
            return Outcome.FORBIDDEN
        if self.owed:
            return Outcome.OWES
        if self.permission is not None:
            return Outcome.PERMITTED
        return Outcome.CLASSIFIED if self.total is None else Outcome.NOTHING_DUE

    @property
    def settled(self) -> bool:
        """Whether every amount is one number."""
        return all(each.amount.known for each in self.owed)

    @property
    def faulty(self) -> bool:
        """Whether a formula is at fault, not a fact: an amount below zero, or a division by a known zero."""
        below = any(each.amount.high is not None and each.amount.high < 0 for each in self.owed)
        return below or (not self.settled and not self.missing)

    def and_by(self, other: "Answer") -> "Answer":
        """This answer, given in another case too: read from the facts of both, liable who is liable in both."""
        theirs = {each.payer: each.liable for each in other.owed}
        return replace(
            self,
            owed=tuple(each if each.liable == theirs[each.payer] else replace(each, liable="") for each in self.owed),
            missing=tuple(dict.fromkeys((*self.missing, *other.missing))),
            read=tuple(dict((*self.read, *other.read)).items()),
        )

    def debts(self, currency: str) -> tuple[Debt, ...]:
        """Who owes what, of a settled answer."""
        return tuple(Debt(each.payer, Money.of(each.amount.value, currency), each.liable) for each in self.owed)


NO_RULE = Answer(Outcome.NO_RULE)
CONFLICT = Answer(Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Answers:
    """Every answer that is possible."""

    each: tuple[Answer, ...]

    @classmethod
    def of(cls, several: Iterable["Answers"]) -> "Answers":
        """All that is possible in one case or another; an answer given twice was read from the facts of both."""
        together: dict[Answer, Answer] = {}
        for answer in (answer for answers in several for answer in answers.each):
            same = together.get(answer)
            together[answer] = answer if same is None else same.and_by(answer)
        return cls(tuple(together.values()))

    @property
    def only(self) -> Answer | None:
        """The answer, if there is one only and its amounts are known."""
        return self.each[0] if len(self.each) == 1 and self.each[0].settled else None

    @property
    def between(self) -> tuple[Range, ...]:
        """The totals of the answers that speak of money."""
        return tuple(answer.total for answer in self.each if answer.total is not None)

    def bounds(self, currency: str) -> Bounds | None:
        """The least and the greatest amount; None where no answer speaks of money."""
        if not self.between:
            return None
        lows = [total.low for total in self.between]
        highs = [total.high for total in self.between]
        low = None if None in lows else min(bound for bound in lows if bound is not None)
        high = None if None in highs else max(bound for bound in highs if bound is not None)
        return Bounds(*(None if bound is None else Money.of(bound, currency) for bound in (low, high)))

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The possible answers that are no amount: no rule, conflict, and what else the rules may say."""
        words = [answer.kind.value for answer in self.each if answer.kind is not None]
        said = [answer for answer in self.each if answer.kind is None]
        for part in ({answer.permission: None for answer in said}, {answer.classified: None for answer in said}):
            alone = any(answer.total is None for answer in said)
            words += [word for word in part if word is not None and (len(part) > 1 or alone)]
        return tuple(words)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one version says of a record."""

    version: Version
    payers: tuple[tuple[Payer, str | None, Range, object, str], ...]
    """Payer, its value if known, amount, the formula and its facts, who is liable too."""
    total: Range | None
    reading: Reading


def answers_of(policy: Policy, record: Record, versions: Sequence[Version], read: Callable[[], Reading]) -> Answers:
    """What some versions that stand together answer: one thing, a conflict, or perhaps either."""
    if not versions:
        return Answers((NO_RULE,))
    said = [_said(policy, record, version, read()) for version in versions]
    if len({(each.version.permission, each.version.classified) for each in said}) > 1:
        return Answers((CONFLICT,))
    payers = [(payer, value) for each in said for payer, value, *_ in each.payers]
    by_value = all(value is not None or payer.path is None for payer, value in payers)
    owed: list[Owed] = []
    doubtful = False
    for label in dict.fromkeys(_label(payer, value, by_value=by_value) for payer, value in payers):
        shares = [_share_of(each, label, by_value=by_value) for each in said]
        common = _common(shares)
        if common is None:
            return Answers((CONFLICT,))
        doubtful |= len({form for _, form, _, _ in shares}) > 1 and not all(amount.known for amount, *_ in shares)
        shown = next(shown for _, _, shown, _ in shares if shown)
        liable = _both(*(liable for *_, liable in shares))
        if common != NOTHING:
            owed.append(Owed(shown, common, liable))
    totals = [each.total for each in said if each.total is not None]
    readings = [each.reading for each in said]
    answer = Answer(
        None,
        said[0].version.permission,
        said[0].version.classified,
        tuple(owed),
        None if not totals else _within(totals),
        tuple(dict.fromkeys(missing for reading in readings for missing in reading.missing)),
        tuple(fact for reading in readings for fact in reading.read.items()),
    )
    return Answers((answer, CONFLICT) if doubtful else (answer,))


def _said(policy: Policy, record: Record, version: Version, reading: Reading) -> _Said:
    payers: list[tuple[Payer, str | None, Range, object, str]] = []
    spent, total = NOTHING, NOTHING
    for share in version.owes or ():
        mark = len(reading.missing)
        term = reading.term(share.amount, (record,))
        exact = term.range if isinstance(term, Number) else Range(None, None)
        amount = Range(*(_rounded(policy, bound) for bound in (exact.low, exact.high)))
        form = reading.form(share.amount, (record,))
        if share.rest:
            # The parts are taken from the whole, so the whole bounds them together, and a part is never below zero.
            total = amount
            left = amount - spent
            amount = left if left.known else Range(max(left.low or Fraction(0), Fraction(0)), left.high)
            form = ("rest", form, tuple(each[3] for each in payers))
        else:
            spent += amount
            total += amount
        if amount.known:
            del reading.missing[mark:]
        if share.payer is not None and amount != NOTHING:
            kept = len(reading.missing)
            value = None if share.payer.path is None else reading.person(share.payer.path, record)
            liable = "" if share.liable is None else _named(share.liable, reading, record)
            # Who pays is printed as unknown where it is; it leaves no answer open.
            del reading.missing[kept:]
            payers.append((share.payer, value, amount, form, liable))
    return _Said(version, tuple(payers), None if version.owes is None else total, reading)


def _both(*liable: str) -> str:
    return " and ".join(dict.fromkeys(each for each in liable if each))


def _rounded(policy: Policy, bound: Fraction | None) -> Fraction | None:
    return None if bound is None else rounded(bound, policy.currency, policy.rounding, policy.step).exact


def _named(payer: Payer, reading: Reading, record: Record) -> str:
    value = None if payer.path is None else reading.person(payer.path, record)
    return _shown(payer, value)


def _shown(payer: Payer, value: str | None) -> str:
    """Who pays, for people: the person or body, or that it is not known who."""
    return str(payer) if payer.path is None else value or f"unknown ({payer})"


def _label(payer: Payer, value: str | None, *, by_value: bool) -> str:
    """What payers are compared by: their values if all are known, otherwise as written."""
    return _shown(payer, value) if by_value else str(payer)


def _share_of(said: _Said, label: str, *, by_value: bool) -> tuple[Range, object, str, str]:
    """What a payer owes by one version, by which formula, how it is shown, who is liable; nothing if not named."""
    mine = [each for each in said.payers if _label(each[0], each[1], by_value=by_value) == label]
    if not mine:
        return NOTHING, None, "", ""
    amount = NOTHING
    for each in mine:
        amount += each[2]
    return amount, tuple(each[3] for each in mine), _shown(mine[0][0], mine[0][1]), mine[0][4]


def _common(shares: Sequence[tuple[Range, object, str, str]]) -> Range | None:
    """The amounts on which all can agree, or None if there is none."""
    common: Range | None = shares[0][0]
    for amount, *_ in shares[1:]:
        common = None if common is None else common.meets(amount)
    return common


def _within(totals: Sequence[Range]) -> Range:
    common = totals[0]
    for total in totals[1:]:
        common = common.meets(total) or common
    return common
