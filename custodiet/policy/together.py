"""What the rules that stand say together, and whether they agree.

Each amount is rounded once, at the end of its formula, and only then compared. Payers are compared by
value where both are known, otherwise by the path as written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from custodiet.base.money import Range, rounded
from custodiet.policy.answer import CONFLICT, NO_RULE, Answer, Answers, Owed
from custodiet.policy.ast import Payer, Policy, Share, Version
from custodiet.policy.reading import Reading
from custodiet.policy.terms import Number
from custodiet.policy.working import working
from custodiet.records.facts import Record

NOTHING = Range.point(0)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one version says that one payer owes."""

    share: Share
    payer: Payer
    value: str | None
    """Who that is, if it is known."""
    amount: Range
    form: object
    """The formula and the facts it reads: what has one form is one amount, known or not."""
    liable: str
    worked: str

    def is_of(self, other: "_Part") -> bool:
        """Whether two parts have one payer."""
        if self.payer.path is None or other.payer.path is None:
            return self.payer == other.payer
        known = self.value is not None and other.value is not None
        return self.value == other.value if known else self.payer.path == other.payer.path


@dataclass(frozen=True, slots=True)
class _Said:
    """What one version says of a record."""

    version: Version
    parts: tuple[_Part, ...]
    total: Range | None
    reading: Reading


def answers_of(policy: Policy, record: Record, versions: Sequence[Version], read: Callable[[], Reading]) -> Answers:
    """What some versions that stand together answer: one thing, a conflict, or perhaps either."""
    if not versions:
        return Answers((NO_RULE,))
    said = [_said(policy, record, version, read()) for version in versions]
    if len({(each.version.permission, each.version.classified) for each in said}) > 1:
        return Answers((CONFLICT,))
    owed: list[Owed] = []
    doubtful = False
    for group in _by_payer([part for each in said for part in each.parts]):
        shares = [[part for part in each.parts if part in group] for each in said]
        common = _common([_sum([part.amount for part in share]) for share in shares])
        if common is None:
            return Answers((CONFLICT,))
        forms = {tuple(part.form for part in share) for share in shares}
        doubtful |= len(forms) > 1 and not all(part.amount.known for part in group)
        if common != NOTHING:
            liable = " and ".join(dict.fromkeys(part.liable for part in group if part.liable))
            first = next(share for share in shares if share)
            form = None if common.known else frozenset(forms)
            shown, worked = _shown(group), group[0].worked
            owed.append(Owed(shown, common, liable, worked, form, tuple(part.share for part in first)))
    totals = [each.total for each in said if each.total is not None]
    total = _common(totals) if totals else None
    if totals and total is None:
        return Answers((CONFLICT,))
    readings = [each.reading for each in said]
    answer = Answer(
        None,
        said[0].version.permission,
        said[0].version.classified,
        tuple(owed),
        total,
        tuple(dict.fromkeys(missing for reading in readings for missing in reading.missing)),
        tuple(fact for reading in readings for fact in reading.read.items()),
        (tuple(versions),),
    )
    return Answers((answer, CONFLICT) if doubtful else (answer,))


def _said(policy: Policy, record: Record, version: Version, reading: Reading) -> _Said:
    parts: list[_Part] = []
    spent, total = NOTHING, NOTHING
    for share in version.owes or ():
        mark = len(reading.missing)
        amount = whole = _amount(policy, record, share, reading)
        form = reading.form(share.amount, (record,))
        if share.rest:
            # The parts are taken from the whole, so the whole bounds them together, and a part is never below zero.
            left = whole - spent
            amount = left if left.known else Range(max(left.low or Fraction(0), Fraction(0)), left.high)
            total, form = whole, ("rest", form, tuple(each.form for each in parts))
        else:
            total, spent = total + amount, spent + amount
        if amount.known:
            del reading.missing[mark:]
        if share.payer is not None and amount != NOTHING:
            parts.append(_part(share, share.payer, amount, form, record, reading))
    return _Said(version, tuple(parts), None if version.owes is None else total, reading)


def _amount(policy: Policy, record: Record, share: Share, reading: Reading) -> Range:
    """What a share's formula comes to, rounded once."""
    term = reading.term(share.amount, (record,))
    exact = term.range if isinstance(term, Number) else Range(None, None)
    low, high = (
        None if bound is None else rounded(bound, policy.currency, policy.rounding, policy.step).exact
        for bound in (exact.low, exact.high)
    )
    return Range(low, high)


def _part(share: Share, payer: Payer, amount: Range, form: object, record: Record, reading: Reading) -> _Part:
    kept = len(reading.missing)
    worked = working(share.amount, (record,), reading)
    value = None if payer.path is None else reading.person(payer.path, record)
    liable = "" if share.liable is None else _named(share.liable, record, reading)
    # Who pays is printed as unknown where it is, and a formula as far as it is known; they leave no answer open.
    del reading.missing[kept:]
    return _Part(share, payer, value, amount, form, liable, f"rest of {worked}" if share.rest else worked)


def _named(payer: Payer, record: Record, reading: Reading) -> str:
    value = None if payer.path is None else reading.person(payer.path, record)
    return str(payer) if payer.path is None else value or f"unknown ({payer})"


def _by_payer(parts: Sequence[_Part]) -> list[list[_Part]]:
    """The parts of each payer, in the order in which the payers are named."""
    groups: list[list[_Part]] = []
    for part in parts:
        mine = [group for group in groups if any(part.is_of(other) for other in group)]
        groups = [group for group in groups if group not in mine]
        groups.append([*(other for group in mine for other in group), part])
    return groups


def _shown(group: Sequence[_Part]) -> str:
    """Who pays, for people: the person or body, or that it is not known who."""
    payer = group[0].payer
    if payer.path is None:
        return payer.body
    return next((part.value for part in group if part.value is not None), f"unknown ({payer})")


def _sum(amounts: Sequence[Range]) -> Range:
    total = NOTHING
    for amount in amounts:
        total += amount
    return total


def _common(amounts: Sequence[Range]) -> Range | None:
    """The amounts on which all can agree, or None if there is none."""
    common: Range | None = amounts[0]
    for amount in amounts[1:]:
        common = None if common is None else common.meets(amount)
    return common
