"""What each version says of a record, as formulas, and which versions can stand together.

Mirrors `evaluation/combine.py`. Each amount is rounded once, at the end of its formula, as there. What versions that
stand together answer is one formula over all of them: where all is known they agree or contradict each other
(`Answer.differs`, `Evaluation.conflict`). So there are no ranges that must meet, and the ways in which payers could be
one another need not be tried one by one. How an amount was worked out is left to the evaluator, which reads every
example again.
"""

from itertools import combinations

import z3

from custodiet.policy.analysis.plan import PlannedPayer, PlannedShare, PlannedVersion
from custodiet.policy.analysis.precedence import in_force, stretches
from custodiet.policy.language.ast import Policy
from custodiet.proofs.smt.answers import Answer, Owed, Who
from custodiet.proofs.smt.expressions import Reading
from custodiet.proofs.smt.values import Formula, any_of, rounded
from custodiet.proofs.smt.worlds import Thing


def said(policy: Policy, thing: Thing, planned: PlannedVersion, reading: Reading) -> Answer:
    """What one version says of a record that it covers."""
    owed: list[Owed] = []
    spent: z3.ArithRef = z3.IntVal(0)
    open_: list[Formula] = []
    for each in planned.shares:
        term = reading.term(each.amount, (thing,))
        open_.append(term.open)
        amount = rounded(term, reading.world.scale, policy.rounding, policy.step)
        amount, spent = (amount - spent, spent) if each.share.rest else (amount, spent + amount)
        if each.payer is not None:
            owed.append(_part(each, each.payer, amount, thing, reading))
    return Answer(planned.version, tuple(owed), any_of(open_))


def _part(planned: PlannedShare, payer: PlannedPayer, amount: z3.ArithRef, thing: Thing, reading: Reading) -> Owed:
    who = who_pays(payer, thing, reading)
    return Owed(who, amount, None if planned.liable is None else who_pays(planned.liable, thing, reading))


def who_pays(planned: PlannedPayer, thing: Thing, reading: Reading) -> Who:
    """Whom a rule names as a payer of a record."""
    return Who(planned.payer, None if planned.person is None else reading.term(planned.person, (thing,)))


def pairs_of(policy: Policy) -> list[tuple[int, int]]:
    """Every two versions, by number, that are ever in force together."""
    together = (sorted(in_force(policy, days)) for days in stretches(policy))
    return sorted({pair for numbers in together for pair in combinations(numbers, 2)})
