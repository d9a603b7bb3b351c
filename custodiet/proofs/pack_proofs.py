"""Every proof about a pack, and the problems of those that fail.

Proofs need the solver z3, which is an extra (`pip install 'custodiet[prove]'`); without it nothing is proved, and the
result says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from custodiet.base.errors import Problem
from custodiet.policy.packs.pack import Pack

if TYPE_CHECKING:
    from custodiet.proofs.prove import Proof

NOT_INSTALLED = "the solver is not installed; pip install 'custodiet[prove]' brings it"
IN_THE_WAY = "problems of the documents must be corrected first"


@dataclass(frozen=True, slots=True)
class Undecided:
    """An undecided question: what it is about, and why."""

    policy: str
    kind: str
    rules: tuple[str, ...]
    why: str
    claim: str = ""
    """The claim, if it is one."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The outcome of all questions about a pack."""

    questions: int
    problems: tuple[Problem, ...]
    undecided: tuple[Undecided, ...]
    not_proved: str = ""
    """Why nothing was asked; empty if the questions were asked."""
    divisions: frozenset[str] = frozenset()
    """The documents for which it is settled whether any rule divides by zero."""

    @property
    def whole(self) -> bool:
        """Whether every question was answered, so that whatever is not a problem is proved."""
        return not self.not_proved and not self.undecided

    def unsettled(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Problems without the doubts about a divisor that the solver settled: it knows whether it is ever zero."""
        return tuple(each for each in problems if each.code != "division" or each.span.file not in self.divisions)


def prove_pack(
    pack: Pack,
    *,
    steps: int | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Proved:
    """Ask every question about a pack; none if the solver is missing or the documents have problems."""
    if pack.refusable:
        return Proved(0, (), (), IN_THE_WAY)
    if find_spec("z3") is None:
        return Proved(0, (), (), NOT_INSTALLED)
    from custodiet.proofs.counterexamples import problems_of
    from custodiet.proofs.prove import CameOut, prove
    from custodiet.proofs.smt.budget import Budget

    gaps = [gap for policy in pack.policies for gap in policy.gaps]
    proofs = prove(pack.policies, pack.types, open_gaps=gaps, budget=Budget(steps), progress=progress)
    undecided = [each for each in proofs if each.came_out is CameOut.UNDECIDED]
    return Proved(
        len(proofs),
        problems_of(proofs, pack.policies),
        tuple(Undecided(each.policy, each.kind, each.rules, each.why, each.sentence) for each in undecided),
        divisions=frozenset(policy.span.file for policy in pack.policies) - _in_doubt(pack, undecided),
    )


def _in_doubt(pack: Pack, undecided: "Sequence[Proof]") -> set[str]:
    """The documents for which it is not settled whether something is divided by zero."""
    policies = {each.policy for each in undecided if each.kind == "division"}
    return {policy.span.file for policy in pack.policies if policy.name in policies}
