"""Proofs about a policy before it is used, such as that its rules never contradict one another.

Every question is about fully known records, on days on which some rule of the policy is in force. It is *proved*,
*refuted* by an example that the reference evaluator confirms, or *undecided*. Needs z3.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from weakref import WeakKeyDictionary

from custodiet.base.errors import Span
from custodiet.base.truth import Truth
from custodiet.policy.analysis.plan import Condition, Fact, Named, PlannedVersion, Plans, Term
from custodiet.policy.analysis.references import nodes_of
from custodiet.policy.analysis.resolve import ISSUER
from custodiet.policy.evaluation.english import answer_in_words
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.expressions import Reading
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.language.ast import Arithmetic, Claim, OpenGap, Policy, Version
from custodiet.policy.testing.criteria import Key, Showing
from custodiet.policy.testing.examples import EXPECTED, imagine
from custodiet.proofs.claims import PlannedClaim, claimed, refutes
from custodiet.proofs.questions import FAULTS, Questions
from custodiet.proofs.smt.budget import MEMORY, UNFINISHED, WAY, Budget
from custodiet.proofs.smt.cells import payers_of
from custodiet.proofs.smt.combine import pairs_of
from custodiet.proofs.smt.confirm import Example, Shows, Unconfirmed
from custodiet.proofs.smt.evaluate import weighed
from custodiet.proofs.smt.expressions import NOTHING_SUPPOSED, RATES, WAYS, Supposed
from custodiet.proofs.smt.solver import OPEN, Asking, CameOut, Found, bounded, undecided
from custodiet.proofs.smt.values import YES, Formula, all_of, any_of
from custodiet.proofs.smt.worlds import World
from custodiet.records import Types
from custodiet.records.facts import Facts
from custodiet.records.record import Record

Cells = tuple[tuple[str, str], ...]
"""An example: path and cell."""

IDLE = "it divides by zero for some record, of which the answer does not turn on the quotient"


RULED = tuple(each for each in Outcome if each not in (Outcome.UNDETERMINED, Outcome.NO_RULE))
"""The faults that can replace an answer if rules stand."""
NO_RECORD = "no possible record meets its condition"
NO_ANSWER = "no record that meets its condition has an answer"


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A fault that some records have in place of an answer."""

    kind: str
    """One of FAULTS."""
    surely: bool
    """Whether it is known to occur; otherwise it is only not known never to occur."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of one question about a policy."""

    kind: str
    """conflict, gap, wide gap, dead rule, dead exception, division, negative amount or claim."""
    policy: str
    came_out: CameOut
    rules: tuple[str, ...] = ()
    example: Cells = ()
    """The smallest record that refutes it; a field without a cell may have any value."""
    why: str = ""
    """Why it is undecided, or why the claim is said of nothing."""
    span: Span = field(default=Span("", 0), compare=False)
    """What it is about: the policy's question, a rule's box, a claim, or an entry of `open.md`."""
    sentence: str = ""
    """The claim, if it is one."""
    comes_out: str = ""
    """For a refuted claim or a wide gap: what the rules say about the example instead."""
    displaced: bool = False
    """For a rule that never decides: whether it covers records, all of which another rule takes over."""
    listed: bool = False
    """For a gap: whether it is listed in `open.md`; then it is refuted if the gap no longer exists."""
    of_nothing: bool = False
    """For a claim that no record refutes: whether no record it covers is possible, or none has an answer."""
    unanswered: tuple[Unanswered, ...] = ()
    """For a proved claim: the faults that some records it covers have in place of an answer."""


_Pairs = dict[tuple[str, str], list[tuple[int, int]]]
"""Pairs of rules, with the pairs of their versions that are ever in force together."""


def _pairs(policy: Policy) -> _Pairs:
    pairs: _Pairs = {}
    for one, other in pairs_of(policy):
        pairs.setdefault((policy.versions[one].rule, policy.versions[other].rule), []).append((one, other))
    return pairs


def _contradict(pairs: Iterable[Sequence[tuple[int, int]]]) -> Callable[[Questions], Formula]:
    """The formula under which some of these pairs of versions stand and disagree."""
    every = tuple(chain(*pairs))
    return lambda asked: all_of([asked.known, any_of([asked.rules.contradict(*pair) for pair in every])])


class Proving:
    """Asks the questions about one policy of a pack."""

    def __init__(
        self,
        policy: Policy,
        policies: Sequence[Policy],
        types: Types,
        *,
        budget: Budget | None = None,
        open_gaps: Sequence[OpenGap] = (),
        claims: Sequence[Claim] | None = None,
    ) -> None:
        """`policies` are those of the pack, in order of dependence; `claims` replace the policy's own."""
        self.policy, self.policies, self.types = policy, _asked_with(policy, policies), types
        self._plans = Plans(self.policies, types)
        self._plan = plan = self._plans.of(policy)
        self._open = tuple(
            (each, plan.condition(each.when, plan.asked)) for each in open_gaps if each.policy == policy.name
        )
        self._claims = tuple(PlannedClaim.of(each, plan) for each in (policy.claims if claims is None else claims))
        self._budget = budget or Budget()
        self._asking = Asking(self.policies, policy.for_each, types, self._read, self._plain, self._budget)
        self._showing = Showing(policy, self.policies[:-1], types)
        self._results: WeakKeyDictionary[Facts, Result] = WeakKeyDictionary()
        self._stand: WeakKeyDictionary[Facts, Mapping[str, PlannedVersion]] = WeakKeyDictionary()

    def _read(self, world: World) -> Questions:
        plain = self._plain(world)
        if not plain.may_be_open:
            return plain
        ways = tuple(self._supposing(world, each) for each in WAYS)
        return replace(plain, ways=ways, with_rates=tuple(self._supposing(world, each) for each in RATES))

    def _plain(self, world: World) -> Questions:
        return self._supposing(world, NOTHING_SUPPOSED)

    def _ever(self, what: Callable[[Questions], Formula]) -> Found:
        return self._asking.ever(what, lambda asked: asked.in_all(what))

    def _supposing(self, world: World, supposed: Supposed) -> Questions:
        rules = weighed(self.policy, self._plans, world, supposed=supposed)
        opened = tuple(rules.reading.holds(when, (rules.thing,)) for _, when in self._open)
        return Questions(rules, opened, tuple(claimed(each, rules) for each in self._claims))

    def _never(self, what: Callable[[Questions], Formula]) -> Found:
        """Whether something is possible for a record, among the records that have any outcome."""
        return self._asking.never(what, lambda asked: asked.in_all(what))

    def all(self) -> Iterator[Proof]:
        """Every question: contradictions last, for there can be as many of them as there are pairs of rules."""
        yield from chain(
            self.gaps(), self.dead(), self.divisions(), self.negative_amounts(), self.claimed(), self.conflicts()
        )

    # One question each

    def conflicts(self) -> Iterator[Proof]:
        """Contradictions: one refutation for every pair of rules that can stand and disagree.

        The smallest record that shows any unreported contradiction is the smallest for each one that it shows. So the
        search goes record by record, not pair by pair, of which there are many more.
        """
        untold, told = _pairs(self.policy), list[Proof]()
        order: list[tuple[str, ...]] = list(untold)
        found = self._never(lambda asked: asked.conflict)
        while untold and found.came_out is CameOut.REFUTED:
            found = bounded(self._budget, lambda: self._tell(found, untold, told), undecided)  # noqa: B023 - called at once
        if found.came_out is CameOut.UNDECIDED:
            told += self._in_doubt(untold)
        place = self.policy.place("question")
        yield from sorted(told, key=lambda proof: order.index(proof.rules) if proof.rules else len(order))
        if not told:
            yield Proof("conflict", self.policy.name, CameOut.PROVED, span=place)

    def _tell(self, found: Found, untold: _Pairs, told: list[Proof]) -> Found:
        """Report all contradictions that a record shows, and look for a record that shows another."""
        example = Example(self._asking.plainest(found), self._plan, self.policies, dated=True)
        facts, record = example.world.facts, example.world.record
        shown = [rules for rules in untold if self._at_odds(rules)(facts, record)]
        if not shown:
            raise Unconfirmed(f"{self.policy.name}: {dict(record.values)}")
        for rules in shown:
            span = self._standing(facts, record)[rules[1]].version.span
            cells = example.cells(self._at_odds(rules))
            told.append(Proof("conflict", self.policy.name, CameOut.REFUTED, rules, cells, span=span))
            del untold[rules]
        return self._ever(_contradict(untold.values())) if untold else Found(CameOut.PROVED)

    def _in_doubt(self, untold: _Pairs) -> Iterator[Proof]:
        """The outcome for each pair of rules, if the solver cannot decide all of them together."""
        for rules, versions in untold.items():
            found = self._never(_contradict([versions]))
            if self._budget.spent or found.why == MEMORY:
                yield self._proof("conflict", found, span=self.policy.place("question"))
                return
            if found.came_out is not CameOut.PROVED:
                span = self.policy.versions[versions[0][1]].span
                yield self._proof("conflict", found, rules, span, self._at_odds(rules))

    def gaps(self) -> Iterator[Proof]:
        """Gaps: a record without a rule that `open.md` does not list, and entries that are needless or too wide."""
        place = self.policy.place("question")
        found = self._never(lambda asked: asked.gap)
        listed = [when for _, when in self._open]
        shows = self._also(self._comes_out(Outcome.NO_RULE), listed, Truth.NO)
        yield self._proof("gap", found, span=place, shows=shows, also=listed)
        for number, (entry, when) in enumerate(self._open):
            found = self._ever(lambda asked: all_of([asked.known, asked.rules.gap, asked.open[number].yes]))  # noqa: B023 - asked at once
            turned = {CameOut.PROVED: CameOut.REFUTED, CameOut.REFUTED: CameOut.PROVED}
            came_out = turned.get(found.came_out, found.came_out)
            yield Proof("gap", self.policy.name, came_out, why=found.why, span=entry.span, listed=True)
            if came_out is not CameOut.REFUTED:
                found = self._never(lambda asked: asked.answered_in(number))  # noqa: B023 - asked at once
                shows = self._also(self._comes_out(*RULED), [when], Truth.YES)
                yield self._proof("wide gap", found, span=entry.span, shows=shows, also=[when])

    def dead(self) -> Iterator[Proof]:
        """A version of a rule that never decides."""
        for number, version in enumerate(self.policy.versions):
            found = self._asking.ever(
                lambda asked: all_of([asked.known, asked.rules.turns.stands[number]]),  # noqa: B023 - asked at once
                lambda asked: all_of([asked.rules.turns.live, asked.rules.turns.may_stand[number]]),  # noqa: B023 - asked at once
            )
            kind = "dead exception" if version.exception_to else "dead rule"
            if found.came_out is CameOut.PROVED:
                covers = self._asking.ever(
                    lambda asked: all_of([asked.known, asked.rules.turns.covers[number]]),  # noqa: B023 - asked at once
                    lambda asked: all_of([asked.rules.turns.live, asked.rules.turns.may_cover[number]]),  # noqa: B023 - asked at once
                )
                # If it covers nothing, the result says so; otherwise the outcome is about the records it covers.
                displaced, rules = covers.came_out is not CameOut.PROVED, (version.rule,)
                yield Proof(kind, self.policy.name, CameOut.REFUTED, rules, span=version.span, displaced=displaced)
            else:
                decides = found.came_out is CameOut.REFUTED or ("rule", number) in self._shown
                came_out, why = (CameOut.PROVED, "") if decides else (CameOut.UNDECIDED, found.why)
                yield Proof(kind, self.policy.name, came_out, (version.rule,), why=why, span=version.span)

    @cached_property
    def _shown(self) -> frozenset[Key]:
        """What the policy's examples show of its rules: a rule that decides an example can decide."""
        shown: frozenset[Key] = frozenset()
        for example in self.policy.examples:
            cells = {column: text for column, text, _ in example.cells if column not in EXPECTED}
            world = imagine(self._showing.policies, self.policy.for_each, cells, self.types)
            shown |= self._showing.shown_of_rules(world.facts, world.record)
        return shown

    def divisions(self) -> Iterator[Proof]:
        """A rule divides by zero, in its condition or in its amount."""
        for number, version in enumerate(self.policy.versions):
            found = self._asking.never(
                lambda asked: asked.divides_by_zero(number),  # noqa: B023 - asked at once
                lambda asked: asked.in_all_with_rates(lambda each: each.divides_by_zero(number)),  # noqa: B023 - asked at once
            )
            place = _divisor(version)
            try:
                yield self._proof("division", found, (version.rule,), place, self._faulty)
            except Unconfirmed:
                # The quotient may not matter, as in min(0, 1 / x); then the evaluator has an answer.
                yield Proof("division", self.policy.name, CameOut.UNDECIDED, (version.rule,), (), IDLE, place)

    def negative_amounts(self) -> Iterator[Proof]:
        """A rule under which somebody owes less than zero stands."""
        for number, version in enumerate(self.policy.versions):
            if version.owes is not None:
                found = self._never(lambda asked: asked.below_zero(number))  # noqa: B023 - asked at once
                yield self._proof("negative amount", found, (version.rule,), version.place("owes"), self._faulty)

    def claimed(self) -> Iterator[Proof]:
        """Each claim."""
        for number, planned in enumerate(self._claims):
            found = self._never(lambda asked: asked.claims[number].refuted)  # noqa: B023 - asked at once
            also = [part for part in (planned.when, planned.amount) if part is not None]
            payers = self._asked_to_pay(planned)
            shows, says, span = self._refutes(planned), planned.claim.says, planned.claim.span
            proof = self._proof("claim", found, (), span, shows, also=also, payers=payers, sentence=says)
            yield proof if proof.came_out is CameOut.REFUTED else self._of_what(proof, number)

    def _of_what(self, proof: Proof, number: int) -> Proof:
        """A claim that no record refutes, with what is known about the records it covers."""
        answered = self._asking.ever(
            lambda asked: asked.claims[number].answered, lambda asked: asked.may_be_answered(number)
        )
        if answered.came_out is not CameOut.REFUTED and self._speaks_of_nothing(number):
            return replace(proof, came_out=CameOut.PROVED, of_nothing=True, why=NO_RECORD)
        if answered.came_out is CameOut.PROVED:
            return replace(proof, came_out=CameOut.PROVED, of_nothing=True, why=NO_ANSWER)
        if proof.came_out is CameOut.UNDECIDED:
            return proof
        if self._budget.spent or answered.why in (OPEN, MEMORY):
            return replace(proof, came_out=CameOut.UNDECIDED, why=answered.why or UNFINISHED)
        return replace(proof, unanswered=tuple(self._unanswered(number)))

    def _speaks_of_nothing(self, number: int) -> bool:
        found = self._asking.ever(
            lambda asked: asked.claims[number].when.yes, lambda asked: asked.claims[number].when.perhaps
        )
        return found.came_out is CameOut.PROVED

    def _unanswered(self, number: int) -> Iterator[Unanswered]:
        """The faults of records that a claim covers but says nothing about."""
        for kind in self._faults:
            found = self._fault(kind, lambda asked: asked.claims[number].when.yes)
            # A claim about *conflict* or *no rule* itself says what happens in a conflict.
            named = kind == "conflict" and self._claims[number].claim.outcome in ("conflict", "no rule")
            if found.came_out is not CameOut.PROVED and not named:
                yield Unanswered(kind, found.came_out is CameOut.REFUTED)

    @cached_property
    def _faults(self) -> tuple[str, ...]:
        """The faults that are not known to be impossible for records of the policy."""
        return tuple(kind for kind in FAULTS if self._fault(kind, lambda _: YES).came_out is not CameOut.PROVED)

    def _fault(self, kind: str, of: Callable[[Questions], Formula]) -> Found:
        """Whether some records have a fault."""

        def fault(asked: Questions) -> Formula:
            return all_of([of(asked), asked.fault(kind)])

        if kind == "division":
            return self._asking.never(fault, lambda asked: asked.in_all_with_rates(fault))
        return self._never(fault)

    # Examples and the reference evaluator

    def _decided(self, facts: Facts, record: Record) -> Result:
        """The evaluator's answer for the record of a small world; computed once."""
        if facts not in self._results:
            weighed = self._evaluator(facts).weigh(self.policy, record)
            self._results[facts] = weighed.result
            self._budget.spend(WAY * weighed.completions * len(self.policy.versions))
        return self._results[facts]

    def _comes_out(self, *outcomes: Outcome) -> Shows:
        return lambda facts, record: self._decided(facts, record).outcome in outcomes

    def _at_odds(self, rules: tuple[str, str]) -> Shows:
        """Whether two rules stand and contradict each other whatever is open, and the result is a conflict."""

        def shows(facts: Facts, record: Record) -> bool:
            one, other = (self._standing(facts, record).get(rule) for rule in rules)
            if one is None or other is None or not self._showing.contradict(one, other, facts, record):
                return False
            return self._decided(facts, record).outcome is Outcome.CONFLICT

        return shows

    def _standing(self, facts: Facts, record: Record) -> Mapping[str, PlannedVersion]:
        """The rules that certainly stand in a small world; computed once."""
        if facts not in self._stand:
            self._budget.spend(WAY * len(self.policy.versions))
            self._stand[facts] = self._showing.standing(facts, record)
        self._budget.spend(WAY)
        return self._stand[facts]

    def _faulty(self, facts: Facts, record: Record) -> bool:
        """Whether a result is undetermined although no fact is missing, so that the formula is at fault."""
        return self._decided(facts, record).missing == (Missing(record.id, self.policy.name, ISSUER),)

    def _refutes(self, planned: PlannedClaim) -> Shows:
        return lambda facts, record: refutes(planned, self._reading(facts), record, self._decided)

    def _also(self, shows: Shows, conditions: Sequence[Condition], truth: Truth) -> Shows:
        """What shows something, and of which some conditions are known to be so as well."""

        def both(facts: Facts, record: Record) -> bool:
            reading = self._reading(facts)
            return shows(facts, record) and all(reading.holds(each, (record,)) is truth for each in conditions)

        return both

    def _reading(self, facts: Facts) -> Reading:
        return self._evaluator(facts).reading(self.policy)

    def _evaluator(self, facts: Facts) -> Evaluator:
        return self._prepared.among(facts)

    @cached_property
    def _prepared(self) -> Evaluator:
        """The policies, ready to be asked about small worlds."""
        return Evaluator(self.policies, Facts((), self.types))

    def _proof(
        self,
        kind: str,
        found: Found,
        rules: tuple[str, ...] = (),
        span: Span = Span("", 0),  # noqa: B008 - it never changes
        shows: Shows | None = None,
        *,
        also: Sequence[Term] = (),
        payers: Sequence[Fact | Named] = (),
        sentence: str = "",
    ) -> Proof:
        proof = Proof(kind, self.policy.name, found.came_out, rules, (), found.why, span, sentence)
        if found.came_out is not CameOut.REFUTED or shows is None:
            return proof
        return bounded(
            self._budget,
            lambda: self._with_example(proof, found, shows, also, payers),
            lambda why: replace(proof, came_out=CameOut.UNDECIDED, why=why),
        )

    def _asked_to_pay(self, planned: PlannedClaim) -> tuple[Fact | Named, ...]:
        """The payer named by a claim, and everyone who could be the same: all who pay or are liable."""
        if planned.payer is None or planned.payer.person is None:
            return ()
        return (planned.payer.person, *payers_of(self._plan, liable=True))

    def _with_example(
        self, proof: Proof, found: Found, shows: Shows, also: Sequence[Term], payers: Sequence[Fact | Named]
    ) -> Proof:
        """A refuted question, with the smallest record that shows it."""
        world = self._asking.plainest(found)
        dated = proof.kind in ("gap", "wide gap", "conflict")
        cells = Example(world, self._plan, self.policies, also, payers, dated=dated).cells(shows)
        if proof.kind not in ("claim", "wide gap"):
            return replace(proof, example=cells)
        result = self._decided(world.facts, world.record)
        comes_out = answer_in_words(self.policy, result)
        return replace(proof, example=cells, comes_out=comes_out, rules=proof.rules or result.because)


def _divisor(version: Version) -> Span:
    """The place of a version's division; its box if the division is in a definition."""
    amounts = [share.amount for share in version.owes or ()]
    parts = [*amounts, *([] if version.when is None else [version.when])]
    divisors = (
        part.right for each in parts for part in nodes_of(each) if isinstance(part, Arithmetic) and part.operator == "/"
    )
    return next((divisor.span for divisor in divisors), version.span)


def _asked_with(policy: Policy, policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """A policy after those that give a field; no answer depends on the others."""
    giving = tuple(each for each in policies if each.gives is not None and each.name != policy.name)
    return (*giving, policy)


def prove(
    policies: Sequence[Policy],
    types: Types,
    *,
    open_gaps: Sequence[OpenGap] = (),
    budget: Budget | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Proof, ...]:
    """Every question about every policy of a pack; the policies are in order of dependence and have no problems.

    All questions share the budget; what is not answered within it is undecided. `progress` receives the number of
    policies done, their total, and what comes next.
    """
    proofs: list[Proof] = []
    whole = budget or Budget()
    with whole.stoppable():
        for done, policy in enumerate(policies):
            share = whole if done == len(policies) - 1 else whole.share()
            proving = Proving(policy, policies, types, budget=share, open_gaps=open_gaps)
            asked: list[Proof] = []
            for proof in proving.all():
                asked.append(proof)
                if progress is not None:
                    progress(done, len(policies), f"{policy.name}, {len(asked)} questions answered")
            # Contradictions are reported first.
            proofs += sorted(asked, key=lambda proof: proof.kind != "conflict")
    return tuple(proofs)


__all__ = ["CameOut", "Proof", "Proving", "prove"]
