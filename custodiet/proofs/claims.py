"""Claims about every record, as formulas for the solver and as questions to the reference evaluator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import eq, ge, gt, le, lt

import z3

from custodiet.base.truth import Truth
from custodiet.policy.analysis.intervals import Number
from custodiet.policy.analysis.plan import Condition as PlannedCondition
from custodiet.policy.analysis.plan import Plan, PlannedPayer
from custodiet.policy.analysis.plan import Term as Planned
from custodiet.policy.evaluation.combine import who_pays
from custodiet.policy.evaluation.expressions import Reading
from custodiet.policy.evaluation.result import Debt, Outcome, Result
from custodiet.policy.language.ast import Claim
from custodiet.proofs.smt import combine
from custodiet.proofs.smt.answers import Answer, Who
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.evaluate import Evaluation
from custodiet.proofs.smt.values import NO, YES, Condition, Formula, Term, all_of, any_of, compare, negated, real
from custodiet.records.facts import Facts
from custodiet.records.record import Record

COMPARED = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, eq=False, slots=True)
class PlannedClaim:
    """A claim, with its condition and what it names."""

    claim: Claim
    when: PlannedCondition | None
    """None: it covers every record."""
    amount: Planned | None
    payer: PlannedPayer | None

    @classmethod
    def of(cls, claim: Claim, plan: Plan) -> "PlannedClaim":
        """A claim about a policy, planned with it."""
        return cls(
            claim,
            None if claim.when is None else plan.condition(claim.when, plan.asked),
            None if claim.amount is None else plan.term(claim.amount, plan.asked),
            None if claim.payer is None else plan.payer(claim.payer),
        )


@dataclass(frozen=True, eq=False, slots=True)
class Claimed:
    """A claim read in a world, in which the rules of its policy are read too."""

    claim: Claim
    rules: Evaluation
    when: Condition
    amount: Term | None
    payer: Who | None

    @property
    def amount_open(self) -> Formula:
        """The formula under which the claim's amount is open."""
        return NO if self.amount is None else self.amount.open

    @property
    def answered(self) -> Formula:
        """The formula under which a covered record has an answer and the claim's amount is known."""
        closed = [] if self.amount is None else [negated(self.amount.open), negated(self.amount.none)]
        return all_of([self.rules.closed, negated(self.rules.faulty), self.when.yes, *closed])

    @property
    def refuted(self) -> Formula:
        """The formula under which a covered record contradicts the claim."""
        return all_of([self.answered, negated(self._comes_out) if self.claim.always else self._comes_out])

    @property
    def _comes_out(self) -> Formula:
        rules = self.rules
        match self.claim.outcome:
            case Outcome.NO_RULE.value:
                return rules.gap
            case Outcome.CONFLICT.value:
                return rules.conflict
        says = any_of([all_of([stands, self._says(said)]) for stands, said in self._standing])
        return all_of([negated(rules.conflict), says])

    def _says(self, said: Answer) -> Formula:
        """Whether a standing version has the claimed outcome."""
        match self.claim.outcome:
            case "owes":
                owed = said.total if self.payer is None else self._owed_by(self.payer, said)
                if self.amount is None:
                    return owed > 0
                mine = Term(real(owed) / self.rules.world.scale, minor=owed)
                return _compared(self.claim.operator, mine, self.amount)
            case "is":
                return YES if said.version.classified == self.claim.classified else negated(YES)
            case permission:
                return YES if said.version.permission == permission else negated(YES)

    def _owed_by(self, payer: Who, said: Answer) -> z3.ArithRef:
        """What one payer owes under a standing version, first or in another's place."""
        standing = [(stands, each) for stands, version in self._standing for each in version.owed if each.liable]
        self.rules.world.spend(PART * (1 + len(said.owed) * len(standing)))
        owed: list[z3.ArithRef] = [z3.IntVal(0)]
        for part in said.owed:
            in_place = (
                all_of([stands, each.payer.is_(part.payer), each.makes_liable(payer)]) for stands, each in standing
            )
            owed.append(z3.If(any_of([part.payer.is_(payer), *in_place]), part.amount, 0))
        return z3.Sum(owed)

    @property
    def _standing(self) -> Iterator[tuple[Formula, Answer]]:
        """What each version says, and the formula under which it stands."""
        return zip(self.rules.turns.stands, self.rules.said, strict=True)


def _compared(operator: str, one: Term, other: Term) -> Formula:
    if operator in (">", ">="):
        return compare(operator.replace(">", "<"), other, one).yes
    return compare(operator, one, other).yes


def claimed(planned: PlannedClaim, rules: Evaluation) -> Claimed:
    """A claim, read in the world in which its policy's rules were read."""
    scope, reading = (rules.thing,), rules.reading
    when = Condition.settled(YES) if planned.when is None else reading.holds(planned.when, scope)
    amount = None if planned.amount is None else reading.term(planned.amount, scope)
    payer = None if planned.payer is None else combine.who_pays(planned.payer, rules.thing, reading)
    return Claimed(planned.claim, rules, when, amount, payer)


def refutes(planned: PlannedClaim, reading: Reading, record: Record, decide: Callable[[Facts, Record], Result]) -> bool:
    """Whether the reference evaluator finds that a record contradicts a claim."""
    if planned.when is not None and reading.holds(planned.when, (record,)) is not Truth.YES:
        return False
    if planned.amount is not None and _amount(planned.amount, reading, record) is None:
        return False
    result = decide(reading.facts, record)
    if result.outcome is Outcome.UNDETERMINED:
        return False
    return _comes_out(planned, result, reading, record) != planned.claim.always


def _comes_out(planned: PlannedClaim, result: Result, reading: Reading, record: Record) -> bool:
    match planned.claim.outcome:
        case Outcome.NO_RULE.value | Outcome.CONFLICT.value as outcome:
            return result.outcome.value == outcome
        case "is":
            return result.classified == planned.claim.classified
        case "owes" if result.outcome in (Outcome.NO_RULE, Outcome.CONFLICT):
            return False
        case "owes":
            return _owes(planned, result, reading, record)
        case permission:
            return result.permission == permission


def _owes(planned: PlannedClaim, result: Result, reading: Reading, record: Record) -> bool:
    payer = None if planned.payer is None else who_pays(planned.payer, record, reading).shown
    debts = (debt for debt in result.debts if payer is None or payer == debt.payer or _is_liable(payer, debt))
    owed = sum((debt.amount.exact for debt in debts), Fraction(0))
    amount = Fraction(0) if planned.amount is None else _amount(planned.amount, reading, record)
    return amount is not None and COMPARED[planned.claim.operator or ">"](owed, amount)


def _is_liable(payer: str, debt: Debt) -> bool:
    """Whether somebody is liable for a debt in another's place; several are joined by `and`."""
    return f" and {payer} and " in f" and {debt.liable} and "


def _amount(amount: Planned, reading: Reading, record: Record) -> Fraction | None:
    """The amount that a claim names, if it is known."""
    term = reading.term(amount, (record,))
    return term.range.value if isinstance(term, Number) and term.range.known and not term.may_be_none else None
