"""A proof has an end: whatever the effort, the time or the memory, each question comes out, or is undecided."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest
import z3

from custodiet.policy.language.ast import Policy
from custodiet.proofs.prove import CameOut, Proof, prove
from custodiet.proofs.smt.budget import MEMORY, UNFINISHED, WHOLE, Budget, Spent
from custodiet.proofs.smt.solver import Asking
from tests.house import every_type
from tests.meaning import law

MANY_UNKNOWNS = law(
    """
    Rule 1
    owes leg.full_coach_fare * leg.seats / (leg.seats + 1) from occupant

    Rule 2
    when role = 'guest' or leg.seats * leg.full_coach_fare > leg.operating_cost
    owes leg.operating_cost / leg.seats from 'city'

    Rule 3
    exception to 2
    when on_duty and leg.certified_on < leg.departed_on and leg.operating_cost / leg.seats > leg.full_coach_fare
    owes leg.full_coach_fare - leg.operating_cost from occupant
    """
)


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """The interrupt as a person at a terminal has it: a shell that starts a program behind itself has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def overlapping(many: int) -> Policy:
    """A rule with so many exceptions, of which any two meet and contradict each other."""
    exceptions = (
        f"Rule 1.{each}\nexception to 1\nwhen leg.seats > {each}\nowes {each} from occupant"
        for each in range(1, many + 1)
    )
    rules = ["Rule 1\nowes leg.full_coach_fare from occupant", *exceptions]
    return law("\n\n".join(rules), policy="small/overlapping")


def outcomes(proofs: tuple[Proof, ...]) -> dict[object, CameOut]:
    return {(proof.kind, proof.rules, proof.span): proof.came_out for proof in proofs}


def agree(some: tuple[Proof, ...], all_: tuple[Proof, ...]) -> None:
    """What came out of a question with less effort came out of it with more, or is undecided."""
    known = outcomes(all_)
    for proof in some:
        if proof.came_out is CameOut.UNDECIDED:
            assert proof.why
        else:
            assert known[proof.kind, proof.rules, proof.span] is proof.came_out
        assert bool(proof.example) <= (proof.came_out is CameOut.REFUTED)


@pytest.mark.parametrize("steps", [1, 300, 3_000, 10_000, 30_000, 100_000, 300_000, 10**12])
def test_any_effort_ends_and_contradicts_no_greater_one(steps: int) -> None:
    agree(prove([MANY_UNKNOWNS], every_type(), budget=Budget(steps)), prove([MANY_UNKNOWNS], every_type()))


FAR = """
from custodiet.proofs.prove import prove
from custodiet.proofs.smt.budget import Budget
from tests.proofs.test_prove_bounds import MANY_UNKNOWNS, overlapping
from tests.house import every_type

budget = Budget(60_000)
proofs = prove([overlapping(12), MANY_UNKNOWNS], every_type(), budget=budget)
print(budget.left, [(proof.kind, proof.rules, proof.came_out.value, proof.example) for proof in proofs])
"""


def test_the_whole_proof_keeps_to_its_steps_and_comes_equally_far_each_time() -> None:
    far = {
        subprocess.run(
            [sys.executable, "-c", FAR],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    (said,) = far
    left, _, proofs = said.partition(" ")
    assert -WHOLE * 60_000 // 10 < int(left) <= 0
    assert "'refuted'" in proofs
    assert "'undecided'" in proofs


def test_a_policy_leaves_half_of_the_steps_to_those_after_it() -> None:
    heavy, light = overlapping(12), law("Rule 1\nowes 5 from occupant", policy="small/light")
    proofs = prove([heavy, light], every_type(), budget=Budget(60_000))
    assert any(proof.came_out is CameOut.UNDECIDED for proof in proofs if proof.policy == heavy.name)
    alone = prove([light], every_type())
    assert [proof.came_out for proof in proofs[-len(alone) :]] == [proof.came_out for proof in alone]


def test_contradictions_of_many_rules_are_all_told_and_cost_little_more_than_there_are_of_them() -> None:
    spent = {}
    for many in (8, 16):
        budget = Budget()
        pairs = {
            proof.rules: dict(proof.example)["leg.seats"]
            for proof in prove([overlapping(many)], every_type(), budget=budget)
            if proof.kind == "conflict" and proof.came_out is CameOut.REFUTED
        }
        # The smallest plane on which both apply has one seat more than the later rule asks for.
        named = range(1, many + 1)
        assert pairs == {(f"1.{one}", f"1.{other}"): str(other + 1) for one in named for other in named if one < other}
        spent[many] = WHOLE * budget.question - budget.left
    assert spent[16] < 8 * spent[8]  # of twice as many rules there are four times as many pairs


def test_many_contradictions_do_not_keep_the_other_questions_from_an_answer() -> None:
    proofs = prove([overlapping(20)], every_type(), budget=Budget(100_000))
    assert {proof.kind for proof in proofs if proof.came_out is CameOut.UNDECIDED} == {"conflict"}
    assert proofs[0].kind == "conflict"


def test_every_question_is_listed_though_nothing_was_asked() -> None:
    proofs = prove([MANY_UNKNOWNS], every_type(), budget=Budget(1))
    assert {proof.kind for proof in proofs} >= {"conflict", "gap", "dead rule", "dead exception", "division"}
    assert {proof.why for proof in proofs} == {UNFINISHED}


def test_an_interrupt_ends_the_solver_and_goes_on() -> None:
    asking = Asking([MANY_UNKNOWNS], "seat", every_type(), lambda _: None, lambda _: None, Budget(10**9))
    solver = z3.SimpleSolver()
    holes = 12
    pigeons = [[z3.Bool(f"pigeon {pigeon} in {hole}") for hole in range(holes)] for pigeon in range(holes + 1)]
    solver.add(*(z3.Or(each) for each in pigeons))
    solver.add(*(z3.AtMost(*(each[hole] for each in pigeons), 1) for hole in range(holes)))
    learned = count(1)

    def interrupt(*_: object) -> None:
        if next(learned) == 100:
            signal.raise_signal(signal.SIGINT)

    listener = z3.OnClause(solver, interrupt)
    with pytest.raises(KeyboardInterrupt):
        asking.ask(solver, 10**9)
    assert next(learned) > 100
    del listener


class Interrupted(Budget):
    """A budget during which somebody interrupts, as a proof begins to spend it for the so-manieth time."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at, self.times = at, 0

    def spend(self, steps: int) -> None:
        self.times += 1
        if self.times == self.at:
            signal.raise_signal(signal.SIGINT)
        super().spend(steps)


@pytest.mark.parametrize("at", [1, 10, 100, 300])
def test_an_interrupt_while_formulas_are_built_ends_the_proof_and_the_next_one_is_whole(at: int) -> None:
    budget = Interrupted(at)
    with pytest.raises(KeyboardInterrupt):
        prove([overlapping(60)], every_type(), budget=budget)
    assert budget.times == at
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert {proof.came_out for proof in prove([overlapping(1)], every_type())} == {CameOut.PROVED}


@pytest.fixture
def hasty() -> Iterator[None]:
    """A solver that is stopped after a thousandth of a second."""
    z3.set_param("timeout", 1)
    yield
    z3.set_param("timeout", 2**32 - 1)


def test_a_solver_that_somebody_gave_a_time_leaves_questions_undecided(hasty: None) -> None:  # noqa: ARG001
    in_haste = prove([MANY_UNKNOWNS], every_type())
    z3.set_param("timeout", 2**32 - 1)
    agree(in_haste, prove([MANY_UNKNOWNS], every_type()))


@pytest.mark.parametrize("words", [b"out of memory", b"max. memory exceeded"])
def test_a_solver_without_memory_leaves_questions_undecided(words: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise z3.Z3Exception(words)

    monkeypatch.setattr(z3.Solver, "check", full)
    assert {proof.why for proof in prove([MANY_UNKNOWNS], every_type())} == {MEMORY}


def test_another_fault_of_the_solver_is_not_taken_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise z3.Z3Exception(b"unreachable code was reached")

    monkeypatch.setattr(z3.Solver, "check", broken)
    with pytest.raises(z3.Z3Exception):
        prove([MANY_UNKNOWNS], every_type())


def test_what_is_spent_of_a_share_is_spent_of_the_whole() -> None:
    whole = Budget(100)
    share = whole.share()
    assert share.left == WHOLE * 100 // 2
    share.spend(200)
    assert (share.left, whole.left) == (WHOLE * 100 // 2 - 200, WHOLE * 100 - 200)
    with pytest.raises(Spent):
        share.spend(WHOLE * 100)
