"""What can be proved of a policy before it is used: that its rules never contradict one another, and the like.

Every question is asked about records of which everything is known, on days on which some rule of the policy is in
force. It is *proved*, *refuted* by an example that the reference evaluator confirms, or *undecided*. Needs z3.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain

from custodiet.base.errors import Span
from custodiet.base.truth import Truth
from custodiet.policy.ast import Arithmetic, Claim, Expression, Policy, Version
from custodiet.policy.claims import Claimed, claimed, refutes
from custodiet.policy.evaluate import Evaluator
from custodiet.policy.examples import EXPECTED, imagine
from custodiet.policy.names import ISSUER, Vocabulary
from custodiet.policy.open_gaps import OpenGap
from custodiet.policy.reading import Reading
from custodiet.policy.result import Missing, Outcome
from custodiet.policy.shown import Key, Showing
from custodiet.policy.to_english import answer_in_words
from custodiet.policy.to_smt.asking import OPEN, Asking, CameOut, Effort, Found
from custodiet.policy.to_smt.expressions import NOTHING_SUPPOSED, Supposed, within
from custodiet.policy.to_smt.records import Drawing, World
from custodiet.policy.to_smt.rules import Law, Rules
from custodiet.policy.to_smt.shown import Shows, Unconfirmed, cells_that_show
from custodiet.policy.to_smt.terms import YES, Condition, Formula, all_of, any_of, is_no, negated
from custodiet.policy.uses import nodes_of
from custodiet.records import NONE, TYPES, Types
from custodiet.records.facts import Facts, Record

Cells = tuple[tuple[str, str], ...]
"""An example: path and cell."""

MUCH = Fraction(10**9)
"""More than any rate or quotient is compared with."""
WAYS = (
    Supposed(Fraction(0), Fraction(0), NONE),
    Supposed(MUCH, MUCH, 0),
    Supposed(Fraction(1), -MUCH, -1),
)
"""What is put in the place of what is open: an answer that the evaluator settles is the same in every such way."""
RATES = tuple(Supposed(rate=rate, given=given) for rate, given in ((Fraction(1), NONE), (MUCH, 0)))
IDLE = "it divides by zero for some record, of which the answer does not turn on the quotient"


RULED = tuple(each for each in Outcome if each not in (Outcome.UNDETERMINED, Outcome.NO_RULE))
"""What comes out of a record where rules stand."""
FAULTS = ("conflict", "division", "negative amount")
NO_RECORD = "no record that can be meets its condition"
NO_ANSWER = "no record that meets its condition has an answer"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Something that comes out of records in place of an answer."""

    kind: str
    """One of FAULTS."""
    surely: bool
    """Whether it is known to; else it is not known never to."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one question about a policy."""

    kind: str
    """conflict, gap, wide gap, dead rule, dead exception, division, negative amount or claim."""
    policy: str
    came_out: CameOut
    rules: tuple[str, ...] = ()
    example: Cells = ()
    """The smallest record that refutes it; a field without a cell may hold anything."""
    why: str = ""
    """Why it is undecided, or why nothing is said by it."""
    span: Span = field(default=Span("", 0), compare=False)
    """What it is about: the policy's question, a rule's box, a claim, or an entry of `open.md`."""
    sentence: str = ""
    """What was claimed, where it is a claim."""
    comes_out: str = ""
    """Of a claim that is refuted, and of a wide gap: what the rules say of the example instead."""
    displaced: bool = False
    """Of a rule that never decides: whether it covers records, all of which another rule takes over."""
    listed: bool = False
    """Of a gap: whether it is one that `open.md` lists, which is refuted if there is no such gap any more."""
    of_nothing: bool = False
    """Of a claim that no record refutes: whether none that it speaks of can be, or none has an answer."""
    unanswered: tuple[Unanswered, ...] = ()
    """Of a claim that is proved: what else, in place of an answer, comes out of records that it speaks of."""


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """A policy read in one world, with all that is asked about it."""

    rules: Rules
    open: tuple[Condition, ...]
    claims: tuple[Claimed, ...]
    ways: tuple["_Read", ...] = ()
    """The same where something else is supposed in the place of what is open; what the evaluator settles is so in all.

    Empty where nothing can be open.
    """
    with_rates: tuple["_Read", ...] = ()
    """The same with rates supposed where there are none, so that only divisions by zero are open."""

    def in_all(self, what: Callable[["_Read"], Formula]) -> Formula:
        """Where something may be: it is so in every way that what is open is supposed to turn out."""
        return all_of([what(each) for each in self.ways or (self,)])

    @property
    def known(self) -> Formula:
        """All is known, and some rule is in force."""
        return all_of([self.rules.live, self.rules.closed])

    @property
    def may_be_open(self) -> bool:
        """Whether a rate can be missing, a divisor zero, or another policy without an answer."""
        claims = [part for each in self.claims for part in (each.when.open, each.amount_open)]
        open_ = [negated(self.rules.closed), *claims, *(each.open for each in self.open)]
        return not all(is_no(part) for part in open_)

    @property
    def gap(self) -> Formula:
        """No rule answers, and nobody meant it so."""
        return all_of([self.known, self.rules.gap, *(negated(each.yes) for each in self.open)])

    def answered_in(self, entry: int) -> Formula:
        """Rules answer, or contradict each other, of records that an entry of `open.md` speaks of."""
        return all_of([self.rules.live, self.rules.settled, negated(self.rules.gap), self.open[entry].yes])

    @property
    def conflict(self) -> Formula:
        return all_of([self.known, self.rules.conflict])

    def may_be_answered(self, number: int) -> Formula:
        """Where a record that a claim speaks of may have an answer: it is the same in every way."""
        ways = self.ways or (self,)
        others = [negated(ways[0].rules.answers_otherwise(each.rules)) for each in ways[1:]]
        return all_of([*(each.claims[number].answered for each in ways), *others])

    def below_zero(self, number: int) -> Formula:
        return all_of([self.known, negated(self.rules.conflict), self.rules.below_zero(number)])

    def fault(self, kind: str) -> Formula:
        """What comes out in place of an answer, one of FAULTS, by any version."""
        match kind:
            case "conflict":
                return self.conflict
            case "division":
                return any_of([self.divides_by_zero(number) for number in range(len(self.rules.said))])
            case _:
                return any_of([self.below_zero(number) for number in range(len(self.rules.said))])

    def divides_by_zero(self, number: int) -> Formula:
        """A version's condition is open while it is in force, or it stands and its amount is; all rates are known."""
        rules = self.rules
        supposed = rules.expressions.supposed.rate is not None
        rates = [] if supposed else [negated(missing) for missing in rules.expressions.rates_missing]
        now = within(rules.policy.versions[number].in_force, rules.on)
        condition = all_of([now, rules.conditions[number].open])
        stands = rules.may_stand[number] if supposed else all_of([rules.conditions_closed, rules.stands[number]])
        amount = all_of([stands, rules.said[number].open])
        return all_of([rules.live, any_of([condition, amount]), *rates])


class Proving:
    """One policy of a pack, and what can be asked about it."""

    def __init__(
        self,
        policy: Policy,
        policies: Sequence[Policy],
        types: Types = TYPES,
        *,
        effort: Effort | None = None,
        open_gaps: Sequence[OpenGap] = (),
        claims: Sequence[Claim] | None = None,
    ) -> None:
        """`policies` are those of the pack, in order of dependence; `claims` stand in place of the policy's own."""
        self.policy, self.policies, self.types = policy, _asked_with(policy, policies), types
        self.open = tuple(each for each in open_gaps if each.policy == policy.name)
        self.claims = policy.claims if claims is None else tuple(claims)
        self._asking = Asking(self.policies, policy.for_each, types, self._read, self._plain, effort or Effort())

    def _read(self, world: World) -> _Read:
        plain = self._plain(world)
        if not plain.may_be_open:
            return plain
        ways = tuple(self._supposing(world, each) for each in WAYS)
        return replace(plain, ways=ways, with_rates=tuple(self._supposing(world, each) for each in RATES))

    def _plain(self, world: World) -> _Read:
        return self._supposing(world, NOTHING_SUPPOSED)

    def _ever(self, what: Callable[[_Read], Formula]) -> Found:
        return self._asking.ever(what, lambda read: read.in_all(what))

    def _supposing(self, world: World, supposed: Supposed) -> _Read:
        rules = Law(world, self.policies, supposed=supposed).rules(self.policy)
        opened = tuple(rules.expressions.holds(each.when, (rules.thing,)) for each in self.open)
        return _Read(rules, opened, tuple(claimed(each, rules) for each in self.claims))

    def _never(self, what: Callable[[_Read], Formula]) -> Found:
        """Whether something can come out of a record, of those for which anything comes out."""
        return self._asking.never(what, lambda read: read.in_all(what))

    def all(self) -> Iterator[Proof]:
        """Every question, in a fixed order."""
        yield from chain(
            self.conflicts(), self.gaps(), self.dead(), self.divisions(), self.negative_amounts(), self.claimed()
        )

    # One question each

    def conflicts(self) -> Iterator[Proof]:
        """Two rules stand and do not agree: one refutation for every two rules that can."""
        found = self._never(lambda read: read.conflict)
        if found.came_out is CameOut.PROVED:
            yield self._proof("conflict", found, span=self.policy.place("question"))
            return
        pairs: set[tuple[str, str]] = set()
        for one, other in self._pairs():
            rules = self.policy.versions[one].rule, self.policy.versions[other].rule
            if rules not in pairs:
                found = self._never(lambda read: all_of([read.known, read.rules.contradict(one, other)]))  # noqa: B023 - asked at once
                if found.came_out is not CameOut.PROVED:
                    pairs.add(rules)
                    shows = self._comes_out(Outcome.CONFLICT)
                    yield self._proof("conflict", found, rules, self.policy.versions[other].span, shows)

    def _pairs(self) -> list[tuple[int, int]]:
        return self._asking.drawn(Drawing.ROUGH).read.rules.pairs

    def gaps(self) -> Iterator[Proof]:
        """A record that no rule answers, and that `open.md` does not list; what it lists without need, or widely."""
        place = self.policy.place("question")
        found = self._never(lambda read: read.gap)
        shows = self._also(self._comes_out(Outcome.NO_RULE), [each.when for each in self.open], Truth.NO)
        yield self._proof("gap", found, span=place, shows=shows, also=[each.when for each in self.open])
        for number, entry in enumerate(self.open):
            found = self._ever(lambda read: all_of([read.known, read.rules.gap, read.open[number].yes]))  # noqa: B023 - asked at once
            turned = {CameOut.PROVED: CameOut.REFUTED, CameOut.REFUTED: CameOut.PROVED}
            came_out = turned.get(found.came_out, found.came_out)
            yield Proof("gap", self.policy.name, came_out, why=found.why, span=entry.span, listed=True)
            if came_out is not CameOut.REFUTED:
                found = self._never(lambda read: read.answered_in(number))  # noqa: B023 - asked at once
                shows = self._also(self._comes_out(*RULED), [entry.when], Truth.YES)
                yield self._proof("wide gap", found, span=entry.span, shows=shows, also=[entry.when])

    def dead(self) -> Iterator[Proof]:
        """A version of a rule that never decides."""
        for number, version in enumerate(self.policy.versions):
            found = self._asking.ever(
                lambda read: all_of([read.known, read.rules.stands[number]]),  # noqa: B023 - asked at once
                lambda read: all_of([read.rules.live, read.rules.may_stand[number]]),  # noqa: B023 - asked at once
            )
            kind = "dead exception" if version.exception_to else "dead rule"
            if found.came_out is CameOut.PROVED:
                covers = self._asking.ever(
                    lambda read: all_of([read.known, read.rules.covers[number]]),  # noqa: B023 - asked at once
                    lambda read: all_of([read.rules.live, read.rules.may_cover[number]]),  # noqa: B023 - asked at once
                )
                displaced, rules = covers.came_out is CameOut.REFUTED, (version.rule,)
                yield Proof(kind, self.policy.name, CameOut.REFUTED, rules, span=version.span, displaced=displaced)
            else:
                decides = found.came_out is CameOut.REFUTED or ("rule", number) in self._shown
                came_out, why = (CameOut.PROVED, "") if decides else (CameOut.UNDECIDED, found.why)
                yield Proof(kind, self.policy.name, came_out, (version.rule,), why=why, span=version.span)

    @cached_property
    def _shown(self) -> frozenset[Key]:
        """What the policy's own examples show of its rules: what decides one of them surely can."""
        showing = Showing(self.policy, self.policies[:-1], self.types)
        shown: frozenset[Key] = frozenset()
        for example in self.policy.examples:
            cells = {column: text for column, text, _ in example.cells if column not in EXPECTED}
            world = imagine(showing.policies, self.policy.for_each, cells, self.types)
            shown |= showing.shown_of_rules(world.facts, world.record)
        return shown

    def divisions(self) -> Iterator[Proof]:
        """A rule divides by zero, in its condition or in its amount."""
        for number, version in enumerate(self.policy.versions):
            found = self._asking.never(
                lambda read: read.divides_by_zero(number),  # noqa: B023 - asked at once
                lambda read: all_of([each.divides_by_zero(number) for each in read.with_rates or (read,)]),  # noqa: B023 - asked at once
            )
            place = _divisor(version)
            try:
                yield self._proof("division", found, (version.rule,), place, self._faulty)
            except Unconfirmed:
                # The quotient may not matter, as in min(0, 1 / x): then the evaluator has an answer all the same.
                yield Proof("division", self.policy.name, CameOut.UNDECIDED, (version.rule,), (), IDLE, place)

    def negative_amounts(self) -> Iterator[Proof]:
        """A rule stands by which somebody owes less than nothing."""
        for number, version in enumerate(self.policy.versions):
            if version.owes is not None:
                found = self._never(lambda read: read.below_zero(number))  # noqa: B023 - asked at once
                yield self._proof("negative amount", found, (version.rule,), version.place("owes"), self._faulty)

    def claimed(self) -> Iterator[Proof]:
        """Each claim."""
        for number, claim in enumerate(self.claims):
            found = self._never(lambda read: read.claims[number].refuted)  # noqa: B023 - asked at once
            also = [part for part in (claim.when, claim.amount) if part is not None]
            proof = self._proof(
                "claim", found, span=claim.span, shows=self._refutes(claim), also=also, sentence=claim.says
            )
            yield proof if proof.came_out is CameOut.REFUTED else self._of_what(proof, number)

    def _of_what(self, proof: Proof, number: int) -> Proof:
        """A claim that no record refutes, with what is to be said of the records that it speaks of."""
        answered = self._asking.ever(
            lambda read: read.claims[number].answered, lambda read: read.may_be_answered(number)
        )
        if answered.came_out is not CameOut.REFUTED and self._speaks_of_nothing(number):
            return replace(proof, came_out=CameOut.PROVED, of_nothing=True, why=NO_RECORD)
        if answered.came_out is CameOut.PROVED:
            return replace(proof, came_out=CameOut.PROVED, of_nothing=True, why=NO_ANSWER)
        if proof.came_out is CameOut.UNDECIDED:
            return proof
        if answered.why == OPEN:
            return replace(proof, came_out=CameOut.UNDECIDED, why=OPEN)
        return replace(proof, unanswered=tuple(self._unanswered(number)))

    def _speaks_of_nothing(self, number: int) -> bool:
        found = self._asking.ever(
            lambda read: read.claims[number].when.yes, lambda read: read.claims[number].when.perhaps
        )
        return found.came_out is CameOut.PROVED

    def _unanswered(self, number: int) -> Iterator[Unanswered]:
        """What comes out of records that a claim speaks of, and that it says nothing of."""
        for kind in self._faults:
            found = self._fault(kind, lambda read: read.claims[number].when.yes)
            # A claim that names one of the two says of a conflict what it is.
            named = kind == "conflict" and self.claims[number].outcome in ("conflict", "no rule")
            if found.came_out is not CameOut.PROVED and not named:
                yield Unanswered(kind, found.came_out is CameOut.REFUTED)

    @cached_property
    def _faults(self) -> tuple[str, ...]:
        """What is not known never to come out of a record of the policy in place of an answer."""
        return tuple(kind for kind in FAULTS if self._fault(kind, lambda _: YES).came_out is not CameOut.PROVED)

    def _fault(self, kind: str, of: Callable[[_Read], Formula]) -> Found:
        """Whether a fault comes out of some records."""

        def fault(read: _Read) -> Formula:
            return all_of([of(read), read.fault(kind)])

        if kind == "division":
            return self._asking.never(fault, lambda read: all_of([fault(each) for each in read.with_rates or (read,)]))
        return self._never(fault)

    # What the reference evaluator says of an example

    def _comes_out(self, *outcomes: Outcome) -> Shows:
        return lambda facts, record: Evaluator(self.policies, facts).decide(self.policy, record).outcome in outcomes

    def _faulty(self, facts: Facts, record: Record) -> bool:
        """A result that nothing is missing for and that is undetermined all the same: the formula is at fault."""
        result = Evaluator(self.policies, facts).decide(self.policy, record)
        return result.missing == (Missing(record.id, self.policy.name, ISSUER),)

    def _refutes(self, claim: Claim) -> Shows:
        return lambda facts, record: refutes(claim, self.policy, self.policies, facts, record)

    def _also(self, shows: Shows, conditions: Sequence[Expression], truth: Truth) -> Shows:
        """What shows something, and of which some conditions are known to be so as well."""

        def both(facts: Facts, record: Record) -> bool:
            evaluator = Evaluator(self.policies, facts)
            reading = Reading(facts, Vocabulary.of(self.policy, self.policies, facts.types), evaluator.decide, {})
            return shows(facts, record) and all(reading.holds(each, (record,)) is truth for each in conditions)

        return both

    def _proof(
        self,
        kind: str,
        found: Found,
        rules: tuple[str, ...] = (),
        span: Span = Span("", 0),  # noqa: B008 - it never changes
        shows: Shows | None = None,
        *,
        also: Sequence[Expression] = (),
        sentence: str = "",
    ) -> Proof:
        example: Cells = ()
        comes_out = ""
        if found.came_out is CameOut.REFUTED and shows is not None:
            world = self._asking.plainest(found)
            dated = kind in ("gap", "wide gap", "conflict")
            example = cells_that_show(world, self.policy, self.policies, shows, also, dated=dated)
            if kind in ("claim", "wide gap"):
                result = Evaluator(self.policies, world.facts).decide(self.policy, world.record)
                comes_out, rules = answer_in_words(self.policy, result), rules or result.because
        return Proof(kind, self.policy.name, found.came_out, rules, example, found.why, span, sentence, comes_out)


def _divisor(version: Version) -> Span:
    """Where a version divides; its box, where a definition does it for it."""
    amounts = [share.amount for share in version.owes or ()]
    parts = [*amounts, *([] if version.when is None else [version.when])]
    divisors = (
        part.right for each in parts for part in nodes_of(each) if isinstance(part, Arithmetic) and part.operator == "/"
    )
    return next((divisor.span for divisor in divisors), version.span)


def _asked_with(policy: Policy, policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """A policy after those that give a field; of the others no answer depends."""
    giving = tuple(each for each in policies if each.gives is not None and each.name != policy.name)
    return (*giving, policy)


def prove(
    policies: Sequence[Policy],
    types: Types = TYPES,
    *,
    open_gaps: Sequence[OpenGap] = (),
    effort: Effort | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Proof, ...]:
    """Every question about every policy of a pack, which stand in order of dependence and have no problems.

    `progress` is told how many policies are done, of how many, and which comes next.
    """
    proofs: list[Proof] = []
    for done, policy in enumerate(policies):
        if progress is not None:
            progress(done, len(policies), policy.name)
        proofs += Proving(policy, policies, types, effort=effort, open_gaps=open_gaps).all()
    return tuple(proofs)


__all__ = ["CameOut", "Effort", "Proof", "Proving", "prove"]
