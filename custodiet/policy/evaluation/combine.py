"""What the rules that stand say together, and whether they agree.

Each amount is rounded once, at the end of its formula, and only then compared. Payers are compared by value where
both are known, otherwise by the path as written; where two paths may lead to the same person and the rules agree only
if they do, both answers are possible, and the payer is reported as missing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, product

from custodiet.base.money import Range, rounded
from custodiet.policy.analysis.intervals import Number
from custodiet.policy.analysis.plan import PlannedPayer, PlannedShare, PlannedVersion
from custodiet.policy.evaluation.answers import CONFLICT, NO_RULE, Answer, Answers, Owed
from custodiet.policy.evaluation.derivation import working
from custodiet.policy.evaluation.expressions import Reading
from custodiet.policy.evaluation.result import NOBODY, UNKNOWN_PAYER, Missing
from custodiet.policy.language.ast import Policy, Share, Version
from custodiet.records import NONE
from custodiet.records.record import Record

NOTHING = Range.point(0)
MOST_IDENTITIES = 4096
"""How many ways of identifying unknown payers are tried; if there are more, some may make the rules agree."""


@dataclass(frozen=True, slots=True)
class Who:
    """A payer: a body by its name, a person by id, or the path as written if there is no person or it is unknown."""

    body: str = ""
    person: str = ""
    path: str = ""
    missing: tuple[Missing, ...] = field(default=(), compare=False)
    """The facts that would identify the payer; empty if the payer is known."""
    nobody: bool = field(default=False, compare=False)
    """Whether the path is known to lead to nobody."""

    @property
    def shown(self) -> str:
        """The payer, for display."""
        return self.body or self.person or (NOBODY if self.nobody else UNKNOWN_PAYER).format(self.path)


Identity = Mapping[Who, Who]
"""The person each unknown payer is assumed to be."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one version says one payer owes."""

    share: Share
    payer: Who
    amount: Range
    form: object
    """The formula and the facts it reads: two shares with the same form are the same amount, known or not."""
    liable: str
    worked: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What one version says about a record."""

    version: Version
    parts: tuple[_Part, ...]
    total: Range | None
    reading: Reading


def answers_of(
    policy: Policy, record: Record, versions: Sequence[PlannedVersion], read: Callable[[], Reading]
) -> Answers:
    """What the versions that stand answer together: an agreed answer, a conflict, or possibly either."""
    if not versions:
        return Answers((NO_RULE,))
    said = [_said(policy, record, version, read()) for version in versions]
    if len({(each.version.permission, each.version.classified) for each in said}) > 1:
        return Answers((CONFLICT,))
    totals = [each.total for each in said if each.total is not None]
    if totals and _common(totals) is None:
        return Answers((CONFLICT,))
    disputed = _disputed(said)
    unknown = [who for who in disputed if who.missing]
    identities = _identities(unknown, [who for who in disputed if who.person])
    each_way = [_agreed(said, identity) for identity in islice(identities, MOST_IDENTITIES)]
    if len(each_way) == MOST_IDENTITIES:
        each_way.append(Answers((_answer(said, ()),)))
    if all(set(answers.each) == set(each_way[0].each) for answers in each_way):
        return each_way[0]
    missing = tuple(fact for who in unknown for fact in who.missing)
    return Answers(tuple(replace(each, missing=(*each.missing, *missing)) for each in Answers.of(each_way).each))


def _agreed(said: Sequence[_Said], identity: Identity) -> Answers:
    """The joint answer of versions that differ only in amounts and payers, under an assumption about some payers.

    Other unknown payers count as different persons if different paths lead to them.
    """
    owed: list[Owed] = []
    doubtful = False
    for payer, shares in _by_payer(said, identity).items():
        common = _common([_sum([part.amount for part in share]) for share in shares])
        if common is None:
            return Answers((CONFLICT,))
        forms = {tuple(part.form for part in share) for share in shares}
        group = [part for share in shares for part in share]
        doubtful |= len(forms) > 1 and not all(part.amount.known for part in group)
        if common != NOTHING:
            liable = " and ".join(dict.fromkeys(part.liable for part in group if part.liable))
            first = next(share for share in shares if share)
            form = None if common.known else frozenset(forms)
            shown, worked = payer.shown, group[0].worked
            owed.append(Owed(shown, common, liable, worked, form, tuple(part.share for part in first)))
    answer = _answer(said, owed)
    return Answers((answer, CONFLICT) if doubtful else (answer,))


def _answer(said: Sequence[_Said], owed: Sequence[Owed]) -> Answer:
    """The answer on which the versions agree."""
    readings = [each.reading for each in said]
    totals = [each.total for each in said if each.total is not None]
    return Answer(
        None,
        said[0].version.permission,
        said[0].version.classified,
        tuple(owed),
        _common(totals) if totals else None,
        tuple(dict.fromkeys(missing for reading in readings for missing in reading.missing)),
        tuple(fact for reading in readings for fact in reading.read.items()),
        (tuple(each.version for each in said),),
    )


def _said(policy: Policy, record: Record, planned: PlannedVersion, reading: Reading) -> _Said:
    parts: list[_Part] = []
    spent, total = NOTHING, NOTHING
    for each in planned.shares:
        mark = len(reading.missing)
        amount = whole = _amount(policy, record, each, reading)
        form = reading.form(each.amount, (record,))
        if each.share.rest:
            # The parts come out of the whole, so together they cannot exceed it, and no part is below zero.
            left = whole - spent
            amount = left if left.known else Range(max(left.low or Fraction(0), Fraction(0)), left.high)
            total, form = whole, ("rest", form, tuple(part.form for part in parts))
        else:
            total, spent = total + amount, spent + amount
        if amount.known:
            del reading.missing[mark:]
        if each.payer is not None and amount != NOTHING:
            parts.append(_part(each, each.payer, amount, form, record, reading))
    return _Said(planned.version, tuple(parts), None if planned.version.owes is None else total, reading)


def _amount(policy: Policy, record: Record, share: PlannedShare, reading: Reading) -> Range:
    """The amount of a share: its formula evaluated and rounded once."""
    term = reading.term(share.amount, (record,))
    exact = term.range if isinstance(term, Number) else Range(None, None)
    low, high = (
        None if bound is None else rounded(bound, policy.currency, policy.rounding, policy.step).exact
        for bound in (exact.low, exact.high)
    )
    return Range(low, high)


def _part(
    planned: PlannedShare, payer: PlannedPayer, amount: Range, form: object, record: Record, reading: Reading
) -> _Part:
    kept = len(reading.missing)
    worked = working(planned.amount, (record,), reading)
    who = who_pays(payer, record, reading)
    liable = "" if planned.liable is None else who_pays(planned.liable, record, reading).shown
    # An unknown payer is printed as unknown, and a formula as far as it is known; neither leaves the answer open.
    del reading.missing[kept:]
    return _Part(planned.share, who, amount, form, liable, f"rest of {worked}" if planned.share.rest else worked)


def who_pays(planned: PlannedPayer, record: Record, reading: Reading) -> Who:
    """The payer a rule names, under one reading of a record."""
    payer, person = planned.payer, planned.person
    if person is None:
        return Who(body=payer.body)
    kept = len(reading.missing)
    term = reading.term(person, (record,))
    missing = tuple(reading.missing[kept:])
    return Who(person=term) if isinstance(term, str) else Who(path=str(payer), missing=missing, nobody=term is NONE)


def _by_payer(said: Sequence[_Said], identity: Identity) -> dict[Who, list[list[_Part]]]:
    """For each payer, in the order named: the parts that each version says the payer owes."""
    payers = dict.fromkeys(identity.get(part.payer, part.payer) for each in said for part in each.parts)
    return {
        payer: [[part for part in each.parts if identity.get(part.payer, part.payer) == payer] for each in said]
        for payer in payers
    }


def _disputed(said: Sequence[_Said]) -> list[Who]:
    """The payers for whom the versions do not all state the same amount, known or not."""
    disputed: list[Who] = []
    for payer, shares in _by_payer(said, {}).items():
        sums = [_sum([part.amount for part in share]) for share in shares]
        one_amount = all(each.known and each == sums[0] for each in sums)
        if not one_amount and len({tuple(part.form for part in share) for share in shares}) > 1:
            disputed.append(payer)
    return disputed


def _identities(unknown: Sequence[Who], known: Sequence[Who]) -> Iterator[Identity]:
    """Every way in which unknown payers can be known ones or one another, beginning with none."""
    choices = [(who, *known, *unknown[:place]) for place, who in enumerate(unknown)]
    for chosen in product(*choices):
        identity: dict[Who, Who] = {}
        for who, one in zip(unknown, chosen, strict=True):
            identity[who] = identity.get(one, one)
        yield identity


def _sum(amounts: Sequence[Range]) -> Range:
    total = NOTHING
    for amount in amounts:
        total += amount
    return total


def _common(amounts: Sequence[Range]) -> Range | None:
    """The amounts on which all versions can agree, or None if there are none."""
    common: Range | None = amounts[0]
    for amount in amounts[1:]:
        common = None if common is None else common.meets(amount)
    return common
