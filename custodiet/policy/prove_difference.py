"""The smallest record of which two states of a law say different things, or the proof that there is none. Needs z3."""

from collections.abc import Sequence
from dataclasses import dataclass

from custodiet.policy.ast import Policy
from custodiet.policy.evaluate import Evaluator
from custodiet.policy.examples import imagine
from custodiet.policy.prove import Cells
from custodiet.policy.result import Outcome, Result
from custodiet.policy.to_smt.asking import Asking, CameOut, Effort
from custodiet.policy.to_smt.cells import Columns, read_by
from custodiet.policy.to_smt.example import Written, fewest
from custodiet.policy.to_smt.records import World
from custodiet.policy.to_smt.rules import Law, Rules
from custodiet.policy.to_smt.shown import Unconfirmed, with_members
from custodiet.policy.to_smt.terms import Formula, all_of, any_of, negated
from custodiet.records import TYPES, Types
from custodiet.records.facts import Facts, Record


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

    def result(self, facts: Facts, record: Record) -> Result:
        """What it says of a record."""
        return Evaluator(self.law, facts).decide(self.policy, record)


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

    old: Rules
    new: Rules

    @property
    def differ(self) -> Formula:
        """Where all is known, and they say different things."""
        old, new = self.old, self.new
        known = all_of([any_of([old.live, new.live]), old.closed, new.closed, _sound(old), _sound(new)])
        agree = [negated(old.conflict), negated(new.conflict)]
        other_answer = any_of([
            all_of([one_stands, other_stands, _otherwise(one, other, old, new)])
            for one, one_stands in enumerate(old.stands)
            for other, other_stands in enumerate(new.stands)
        ])  # fmt: skip
        return all_of([
            known,
            any_of([_either(old.gap, new.gap), _either(old.conflict, new.conflict), all_of([*agree, other_answer])]),
        ])  # fmt: skip


def _sound(rules: Rules) -> Formula:
    return negated(any_of([rules.below_zero(number) for number in range(len(rules.said))]))


def _either(one: Formula, other: Formula) -> Formula:
    """Exactly one of the two."""
    return any_of([all_of([one, negated(other)]), all_of([negated(one), other])])


def _otherwise(one: int, other: int, old: Rules, new: Rules) -> Formula:
    """Whether two versions answer otherwise; nothing due is another answer than no word about money."""
    before, after = old.said[one], new.said[other]
    silent = before.version.permission is None and (before.version.owes is None) != (after.version.owes is None)
    return any_of([before.differs(after), all_of([negated(before.owed > 0), negated(after.owed > 0)])]) if silent else (
        before.differs(after)
    )  # fmt: skip


def difference(old: State, new: State, types: Types = TYPES, effort: Effort | None = None) -> Difference:
    """Whether one question has the same answer in two states of a law, whatever the record.

    Both must be asked for each record of one type. Raises Unconfirmed where the reference evaluator does not see the
    difference that the solver found, which is a fault of this program.
    """
    names = ("", "") if old.law[:-1] == new.law[:-1] else ("before: ", "after: ")

    def read(world: World) -> _Both:
        before, after = Law(world, old.law, names[0]), Law(world, new.law, names[1])
        return _Both(before.rules(old.policy), after.rules(new.policy))

    asking = Asking((*old.law, *new.law), old.policy.for_each, types, read, effort or Effort())
    found = asking.never(lambda both: both.differ)
    if found.came_out is not CameOut.REFUTED:
        return Difference(found.came_out, why=found.why)
    world = asking.plainest(found)
    before, after = old.result(world.facts, world.record), new.result(world.facts, world.record)
    if not differ(before, after):
        raise Unconfirmed(f"{old.policy.name}: {dict(world.record.values)}")
    return Difference(CameOut.REFUTED, _cells(world, old, new), before, after)


def differ(before: Result, after: Result) -> bool:
    """Whether two results are settled and say different things."""
    settled = Outcome.UNDETERMINED not in (before.outcome, after.outcome)
    return settled and _said(before) != _said(after)


def _said(result: Result) -> tuple[object, ...]:
    debts = frozenset((debt.payer, debt.amount) for debt in result.debts)
    return result.outcome, result.permission, result.classified, debts


def _cells(world: Written, old: State, new: State) -> Cells:
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
            results.append(state.result(imagined.facts, imagined.record))
        return differ(results[0], results[1])

    one_row = not any(columns.sets for columns in both) and merged == {**rows[1], **rows[0]}
    if one_row and shows(merged):
        return tuple(fewest(merged, lambda cells: shows(dict(cells))).items())
    return with_members(world, lambda facts, record: differ(old.result(facts, record), new.result(facts, record)))


def _columns(state: State, types: Types) -> Columns:
    columns = Columns(state.policy, state.law, types)
    for part in read_by(state.policy):
        columns.take(part)
    return columns
