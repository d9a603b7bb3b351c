"""`custodiet prove`: whether a claim holds for every record, by the rules of a pack."""

import argparse
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, folder_with, takes_format, takes_pack, takes_steps
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custodiet.cli.options import Commands
    from custodiet.policy.language.ast import Claim, Policy
    from custodiet.policy.packs.pack import Pack
    from custodiet.proofs.prove import Proof


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "prove",
        "prove a claim about every record, or refute it with an example",
        "A claim names a policy and says what that policy never or always answers. Without one, the claims in the "
        "pack's documents are proved.",
        "custodiet prove packs/model-code \"seat-fare: when role = 'detail' and on_duty never owes from occupant\"",
    )
    takes_pack(parser)
    parser.add_argument(
        "claim",
        metavar="CLAIM",
        nargs="?",
        help="the policy, a colon and the claim: [when CONDITION] never|always OUTCOME",
    )
    takes_steps(parser)
    takes_format(parser, "table", "json")


def run(arguments: argparse.Namespace) -> Exit:
    """Prove one claim, or all that a pack makes; a claim that is refuted or said of nothing is exit code 1."""
    from importlib.util import find_spec

    from custodiet.base.errors import Refused
    from custodiet.policy.packs.pack import read_pack
    from custodiet.proofs.pack_proofs import NOT_INSTALLED

    pack = read_pack(folder_with(arguments.pack, "pack.toml", "pack"))
    if pack.refusable:
        message = f"{arguments.pack}: mend the pack's problems before proving claims; `custodiet check` lists them all"
        raise Refused(message, pack.refusable)
    if find_spec("z3") is None:
        raise Refused(f"not proved: {NOT_INSTALLED}")
    proofs = _proofs(pack, _asked(pack, arguments.claim), arguments.steps)
    if arguments.format == "json":
        say(as_json([contract(proof) for proof in proofs]))
    else:
        say("\n".join(_as_words(proof) for proof in proofs) or "the pack makes no claims")
    return NO if any(proof.came_out.value == "refuted" or proof.of_nothing for proof in proofs) else DONE


def contract(proof: "Proof") -> dict[str, object]:
    """One claim as the JSON that other tools rely on."""
    return {
        "policy": proof.policy,
        "claim": proof.sentence,
        "came_out": "said of nothing" if proof.of_nothing else proof.came_out.value,
        "example": dict(proof.example),
        "comes_out": proof.comes_out,
        "why": proof.why,
        "unanswered": [each.kind for each in proof.unanswered],
    }


def _asked(pack: "Pack", text: str | None) -> "list[tuple[Policy, Sequence[Claim]]]":
    """The claims to prove, each with its policy."""
    if text is None:
        return [(policy, policy.claims) for policy in pack.policies if policy.claims]
    return [_read(pack, text)]


def _read(pack: "Pack", text: str) -> "tuple[Policy, Sequence[Claim]]":
    """A claim as it was typed; WrongCall, saying what to write, if it is not a claim."""
    from custodiet.base.errors import WrongCall, did_you_mean
    from custodiet.base.source import Text
    from custodiet.base.text import escaped
    from custodiet.policy.analysis.check import check_claim
    from custodiet.policy.language import parser
    from custodiet.policy.language.parser import Unreadable

    name, colon, said = text.partition(":")
    known = {policy.name.rpartition("/")[2]: policy for policy in pack.policies}
    policy = known.get(name.strip().rpartition("/")[2])
    if not colon or policy is None:
        hint = did_you_mean(name.strip(), known)
        expected = f"write a policy, a colon and a claim; the policies are: {', '.join(known)}"
        wrong_name = f"no policy `{escaped(name.strip())}`" if name.strip() else "no policy is named"
        raise WrongCall("\n   ".join([wrong_name, expected, *([hint] if hint else [])]))
    said = said.strip()
    try:
        claim = parser.claim(Text(said, "claim", [said], 1, 1))
    except Unreadable as wrong:
        raise WrongCall(wrong.problem.shown()) from wrong
    giving = [each for each in pack.policies if each.gives is not None]
    problems = check_claim(policy, claim, giving, pack.types)
    if problems:
        raise WrongCall("\n".join(problem.shown() for problem in problems))
    return policy, [claim]


def _proofs(pack: "Pack", asked: "list[tuple[Policy, Sequence[Claim]]]", steps: int | None) -> "list[Proof]":
    from custodiet.cli.progress import Bar
    from custodiet.proofs.prove import Proving
    from custodiet.proofs.smt.budget import Budget

    proofs: list[Proof] = []
    budget, total = Budget(steps), sum(len(claims) for _, claims in asked)
    with Bar("proving") as bar:
        for policy, claims in asked:
            bar(len(proofs), total, policy.name)
            share = budget if policy is asked[-1][0] else budget.share()
            for proof in Proving(policy, pack.policies, pack.types, claims=claims, budget=share).claimed():
                proofs.append(proof)
                bar(len(proofs), total, policy.name)
    return proofs


def _as_words(proof: "Proof") -> str:
    from custodiet.proofs.counterexamples import shown, unanswered

    refuted = f"for example: {shown(proof)}\n  there the rules say: {proof.comes_out}"
    more = refuted if proof.came_out.value == "refuted" else proof.why or unanswered(proof)
    came_out = "said of nothing" if proof.of_nothing else proof.came_out.value
    return f"{came_out}: {proof.policy}: {proof.sentence}" + (f"\n  {more}" if more else "")
