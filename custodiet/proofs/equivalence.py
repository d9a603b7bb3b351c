"""The smallest record of which two states of a law say different things, or the proof that there is none. Needs z3."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from custodiet.policy.analysis.plan import Plans
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.testing.examples import imagine
from custodiet.proofs.prove import Cells
from custodiet.proofs.smt.budget import WAY, Budget
from custodiet.proofs.smt.cells import Columns, read_by
from custodiet.proofs.smt.confirm import Unconfirmed, with_members
from custodiet.proofs.smt.evaluate import Evaluation, weighed
from custodiet.proofs.smt.example import Written, fewest
from custodiet.proofs.smt.expressions import NOTHING_SUPPOSED, WAYS, Supposed
from custodiet.proofs.smt.solver import Asking, CameOut, bounded
from custodiet.proofs.smt.values import Formula, all_of, any_of, either, is_yes
from custodiet.proofs.smt.worlds import World
from custodiet.records import Types
from custodiet.records.facts import Facts
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class State:
    """One question in one state of a law: the policy that asks it, and the policies of its pack."""

    policy: Policy
    policies: Sequence[Policy]
    """In order of dependence, as `Pack.policies` holds them."""

    @property
    def law(self) -> tuple[Policy, ...]:
        """The policies that the answer can rest on, the one that is asked last."""
        giving = (each for each in self.policies if each.gives is not None and each.name != self.policy.name)
        return (*giving, self.policy)

    def result(self, facts: Facts, record: Record, budget: Budget) -> Result:
        """What it says of a record, which takes some steps."""
        weighed = Evaluator(self.law, facts).weigh(self.policy, record)
        budget.spend(WAY * weighed.completions * len(self.policy.versions))
        return weighed.result


@dataclass(frozen=True, slots=True)
class Difference:
    """Whether two states of a law always say the same of a record of which everything is known."""

    came_out: CameOut
    """Proved: always the same. Refuted: not of the example. Undecided: nobody can say, and why."""
    example: Cells = ()
    """The smallest record that is told otherwise; a field without a cell may hold anything."""
    before: Result | None = None
    after: Result | None = None
    why: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class _Both:
    """Both states, read in one world."""

    old: Evaluation
    new: Evaluation
    ways: tuple["_Both", ...] = ()
    """The same where something is supposed in the place of what is open."""

    @property
    def surely(self) -> Formula:
        """Where they say different things, or one of them has an answer and the other has none."""
        return any_of([self.differ, either(self.old.settled, self.new.settled)])

    @property
    def perhaps(self) -> Formula:
        """Where they may say different things, or only one of them may have an answer.

        What is open in both can leave one answer settled and not the other, as min(0, x) and min(1, x): it is enough
        that they differ in one of the ways. Where nothing is open they differ in all or in none.
        """
        different = any_of([each.differ for each in self.ways or (self,)])
        return any_of([different, either(self.old.settled, self.new.settled)])

    @property
    def differ(self) -> Formula:
        """Where both have an answer, and they say different things."""
        return all_of([any_of([self.old.turns.live, self.new.turns.live]), self.old.answers_otherwise(self.new)])


def difference(old: State, new: State, types: Types, budget: Budget | None = None) -> Difference:
    """Whether one question has the same answer in two states of a law, whatever the record.

    Both must be asked for each record of one type. Raises Unconfirmed where the reference evaluator does not see the
    difference that the solver found, which is a fault of this program.
    """
    names = ("", "") if old.law[:-1] == new.law[:-1] else ("before: ", "after: ")

    plans = [Plans(state.law, types) for state in (old, new)]

    def supposing(world: World, supposed: Supposed) -> _Both:
        states = zip((old, new), plans, names, strict=True)
        was, now = (weighed(state.policy, planned, world, name, supposed) for state, planned, name in states)
        return _Both(was, now)

    def plain(world: World) -> _Both:
        return supposing(world, NOTHING_SUPPOSED)

    def read(world: World) -> _Both:
        both = plain(world)
        if is_yes(all_of([both.old.closed, both.new.closed])):
            return both
        return replace(both, ways=tuple(supposing(world, each) for each in WAYS))

    budget = budget or Budget()
    asking = Asking((*old.law, *new.law), old.policy.for_each, types, read, plain, budget)

    def shown(what: Callable[[_Both], Formula]) -> Difference | Written:
        found = asking.never(what, lambda both: both.perhaps)
        if found.came_out is not CameOut.REFUTED:
            return Difference(found.came_out, why=found.why)
        return bounded(
            budget,
            lambda: _shown(asking.plainest(found), old, new, budget),
            lambda why: Difference(CameOut.UNDECIDED, why=why),
        )

    came_out = shown(lambda both: both.surely)
    if isinstance(came_out, Written):
        # Of what is open, the evaluator can settle more, as min(0, 1 / x): so a record of which nothing is open.
        came_out = shown(lambda both: both.differ)
    if isinstance(came_out, Written):
        raise Unconfirmed(f"{old.policy.name}: {dict(came_out.record.values)}")
    return came_out


def _shown(world: Written, old: State, new: State, budget: Budget) -> Difference | Written:
    """What is said of a record of which the two say different things; the record itself, if they do not."""
    before, after = (state.result(world.facts, world.record, budget) for state in (old, new))
    if not differ(before, after):
        return world
    cells = _cells(world, old, new, _alike(before, after), budget)
    return Difference(CameOut.REFUTED, cells, before, after)


def differ(before: Result, after: Result) -> bool:
    """Whether two results say different things, or only one of them is settled."""
    if Outcome.UNDETERMINED in (before.outcome, after.outcome):
        return before.outcome is not after.outcome
    return _said(before) != _said(after)


def _alike(before: Result, after: Result) -> Callable[[Result, Result], bool]:
    """Whether other results differ as these do: with answers, or with the same facts missing from one of the two."""
    missing = before.missing, after.missing

    def alike(one: Result, other: Result) -> bool:
        return differ(one, other) and (one.missing, other.missing) == missing

    return alike


def _said(result: Result) -> tuple[object, ...]:
    debts = frozenset((debt.payer, debt.amount, debt.liable) for debt in result.debts)
    return result.outcome, result.permission, result.classified, debts


def _cells(world: Written, old: State, new: State, alike: Callable[[Result, Result], bool], budget: Budget) -> Cells:
    """The fewest cells: a row that both states can be asked about; or those of all records, if there is none."""
    both = [_columns(state, world.facts.types) for state in (old, new)]
    rows = [columns.cells(world.facts, world.record) for columns in both]
    merged = {**rows[0], **rows[1]}

    def shows(cells: dict[str, str]) -> bool:
        results = []
        for state, columns, row in zip((old, new), both, rows, strict=True):
            mine = {path: text for path, text in cells.items() if path in row}
            imagined = imagine(columns.policies[::-1], state.policy.for_each, mine, world.facts.types)
            if imagined.problems:
                return False
            results.append(state.result(imagined.facts, imagined.record, budget))
        return alike(results[0], results[1])

    one_row = not any(columns.asks_a_set for columns in both) and merged == {**rows[1], **rows[0]}
    if one_row and shows(merged):
        return tuple(fewest(merged, lambda cells: shows(dict(cells))).items())

    def shown(facts: Facts, record: Record) -> bool:
        before, after = (state.result(facts, record, budget) for state in (old, new))
        return alike(before, after)

    return with_members(world, shown)


def _columns(state: State, types: Types) -> Columns:
    plan = Plans(state.law, types).of(state.policy)
    columns = Columns(plan, state.law)
    for part in read_by(plan):
        columns.take(part)
    return columns
