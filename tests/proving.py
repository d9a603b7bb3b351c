"""What the tests of proofs ask of a small law."""

from collections.abc import Sequence

from custodiet.base.source import Text
from custodiet.policy.language import parser
from custodiet.policy.language.ast import Claim, Policy
from custodiet.proofs.counterexamples import shown
from custodiet.proofs.prove import CameOut, Proof, Proving
from custodiet.records import core_types
from tests.meaning import law

TRIP = {"for_each": "trip", "on": "departed_on"}


def asked(policy: Policy, kind: str, *given: Policy) -> list[Proof]:
    """What came of one sort of question."""
    return [proof for proof in Proving(policy, [*given, policy], core_types()).all() if proof.kind == kind]


def found(policy: Policy, kind: str, *given: Policy) -> list[str]:
    """The examples that refute, in one line each."""
    proofs = asked(policy, kind, *given)
    assert {proof.came_out for proof in proofs} <= {CameOut.PROVED, CameOut.REFUTED}
    return [shown(proof) for proof in proofs if proof.came_out is CameOut.REFUTED]


def dead(policy: Policy, *given: Policy) -> list[str]:
    """The rules that never decide."""
    proofs = [proof for kind in ("dead rule", "dead exception") for proof in asked(policy, kind, *given)]
    assert {proof.came_out for proof in proofs} <= {CameOut.PROVED, CameOut.REFUTED}
    return [proof.rules[0] for proof in proofs if proof.came_out is CameOut.REFUTED]


def claim(line: str) -> Claim:
    return parser.claim(Text(line, "claim", [line], 1, 1))


def claimed(policy: Policy, line: str, policies: Sequence[Policy] = ()) -> Proof:
    (proof,) = Proving(policy, [*policies, policy], core_types(), claims=[claim(line)]).claimed()
    return proof


def gaps(rules: str, **head: str) -> list[str]:
    return found(law(rules, **head), "gap")
