"""The smallest record on which two states of a law differ, or the proof that there is none. Needs z3."""

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
        """The policies on which the answer can depend, the one asked about last."""
        giving = (each for each in self.policies if each.gives is not None and each.name != self.policy.name)
        return (*giving, self.policy)

    def result(self, facts: Facts, record: Record, budget: Budget) -> Result:
        """Its answer for a record; computing it costs steps of the budget."""
        weighed = Evaluator(self.law, facts).weigh(self.policy, record)
        budget.spend(WAY * weighed.completions * len(self.policy.versions))
        return weighed.result


@dataclass(frozen=True, slots=True)
class Difference:
    """Whether two states of a law always give the same answer for a fully known record."""

    came_out: CameOut
    """Proved: always the same. Refuted: different for the example. Undecided: see `why`."""
    example: Cells = ()
    """The smallest record that is answered differently; a field without a cell may have any value."""
    before: Result | None = None
    after: Result | None = None
    why: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class _Both:
    """Both states, read in one world."""

    old: Evaluation
    new: Evaluation
    ways: tuple["_Both", ...] = ()
    """The same under other assumptions about the open values."""

    @property
    def surely(self) -> Formula:
        """Where their answers differ, or only one of them has an answer."""
        return any_of([self.differ, either(self.old.settled, self.new.settled)])

    @property
    def perhaps(self) -> Formula:
        """Where their answers may differ, or only one of them may have an answer.

        An open value in both may leave one answer settled and the other not, as in min(0, x) and min(1, x), so it
        suffices that they differ under one assumption. If nothing is open, they differ under all assumptions or none.
        """
        different = any_of([each.differ for each in self.ways or (self,)])
        return any_of([different, either(self.old.settled, self.new.settled)])

    @property
    def differ(self) -> Formula:
        """Where both have an answer, and the answers differ."""
        return all_of([any_of([self.old.turns.live, self.new.turns.live]), self.old.answers_otherwise(self.new)])


def difference(old: State, new: State, types: Types, budget: Budget | None = None) -> Difference:
    """Whether one question has the same answer in two states of a law, whatever the record.

    Both must be asked for each record of one type. Raises Unconfirmed if the reference evaluator does not confirm the
    difference found by the solver, which is a fault of this program.
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
        # The evaluator may settle more open values, as in min(0, 1 / x), so the example has none.
        came_out = shown(lambda both: both.differ)
    if isinstance(came_out, Written):
        raise Unconfirmed(f"{old.policy.name}: {dict(came_out.record.values)}")
    return came_out


def _shown(world: Written, old: State, new: State, budget: Budget) -> Difference | Written:
    """The two answers for a record if they differ; otherwise the record itself."""
    before, after = (state.result(world.facts, world.record, budget) for state in (old, new))
    if not differ(before, after):
        return world
    cells = _cells(world, old, new, _alike(before, after), budget)
    return Difference(CameOut.REFUTED, cells, before, after)


def differ(before: Result, after: Result) -> bool:
    """Whether two results differ, or only one of them is settled."""
    if Outcome.UNDETERMINED in (before.outcome, after.outcome):
        return before.outcome is not after.outcome
    return _said(before) != _said(after)


def _alike(before: Result, after: Result) -> Callable[[Result, Result], bool]:
    """Whether other results differ in the same way: both with answers, or one lacking the same facts."""
    missing = before.missing, after.missing

    def alike(one: Result, other: Result) -> bool:
        return differ(one, other) and (one.missing, other.missing) == missing

    return alike


def _said(result: Result) -> tuple[object, ...]:
    debts = frozenset((debt.payer, debt.amount, debt.liable) for debt in result.debts)
    return result.outcome, result.permission, result.classified, debts


def _cells(world: Written, old: State, new: State, alike: Callable[[Result, Result], bool], budget: Budget) -> Cells:
    """The fewest cells: a row for which both states can be asked or, failing that, the cells of all records."""
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
