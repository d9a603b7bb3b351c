"""Refuted proofs as problems: the place, what is wrong, an example, and help."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from custodiet.base.errors import Problem
from custodiet.policy.evaluation.english import rules_in_words
from custodiet.policy.language.ast import Policy, Rule, Share, Version
from custodiet.policy.language.printer import expression_written
from custodiet.proofs.diagnostics import PROVING
from custodiet.proofs.prove import CameOut, Proof
from custodiet.proofs.smt.example import SAYS
from custodiet.records import plural

NAMED_MOST = 6
"""How many rules that leave a gap are named at most; a longer list helps no one."""


def problems_of(proofs: Sequence[Proof], policies: Sequence[Policy]) -> tuple[Problem, ...]:
    """A problem for every question that is refuted, and every claim of nothing, in the order of the proofs."""
    by_name = {policy.name: policy for policy in policies}
    return tuple(
        replace(
            _TOLD[proof.kind](proof, by_name[proof.policy]),
            policy=proof.policy,
            rules=proof.rules,
            example=proof.example,
        )
        for proof in proofs
        if proof.came_out is CameOut.REFUTED or proof.of_nothing
    )


def shown(proof: Proof) -> str:
    """An example in one line.

    >>> shown(Proof("gap", "a/b", CameOut.REFUTED, example=(("role", "crew"), ("leg.trip", "none"))))
    "role = 'crew', leg.trip is none"
    >>> shown(Proof("gap", "a/b", CameOut.REFUTED, example=(("destination", "another text 1"), ("voucher", "none"))))
    'destination is another text, voucher is none'
    """
    others = {text for _, text in proof.example if text.startswith(SAYS)}
    return ", ".join(_cell(path, text, alone=len(others) == 1) for path, text in proof.example) or "any at all"


def unanswered(proof: Proof) -> str:
    """The records a proved claim does not cover, in a sentence; empty if there are none.

    >>> from custodiet.proofs.prove import Unanswered
    >>> unanswered(Proof("claim", "a/b", CameOut.PROVED, unanswered=(Unanswered("conflict", True),)))
    'the claim covers only records with an answer, and some have none: rules contradict each other'
    """
    told = [_WITHOUT_ANSWER[each.kind][not each.surely] for each in proof.unanswered]
    have = "some have" if any(each.surely for each in proof.unanswered) else "some may have"
    said = f"the claim covers only records with an answer, and {have} none"
    return f"{said}: {'; '.join(told)}" if told else ""


_WITHOUT_ANSWER = {
    "conflict": ("rules contradict each other", "rules may contradict each other"),
    "division": ("a rule divides by zero", "a rule may divide by zero"),
    "negative amount": ("a rule owes less than zero", "a rule may owe less than zero"),
}
"""What happens instead of an answer: in every case, and possibly."""


def _cell(path: str, text: str, *, alone: bool) -> str:
    if text == "none":
        return f"{path} is none"
    if text.startswith(SAYS):
        # The text itself does not matter, only whether two texts differ.
        return f"{path} is {SAYS if alone else text}"
    plain = text in ("yes", "no") or text[0].isdigit() or text[0] == "-"
    return f"{path} = {text}" if plain else f"{path} = '{text}'"


def records(policy: Policy) -> str:
    """The records a policy is asked about, in the plural."""
    return plural(policy.for_each)


def _conflict(proof: Proof, policy: Policy) -> Problem:
    one, other = (policy.rule(number).versions[0] for number in proof.rules)
    said = "; ".join(f"rule {each.rule} (line {each.span.line}) {_says(each)}" for each in (one, other))
    both = " and ".join(proof.rules)
    return PROVING["conflict"].at(proof.span, both=both, records=records(policy), example=shown(proof), answers=said)


def _gap(proof: Proof, policy: Policy) -> Problem:
    if proof.listed:
        return PROVING["gap_gone"].at(proof.span, records=records(policy))
    rules = [f"{rule.number} (line {rule.versions[0].span.line})" for rule in policy.rules if _by_itself(rule)]
    nearest = f"rules {', '.join(rules[:-1])} and {rules[-1]} do" if len(rules) > 1 else f"rule {rules[0]} does"
    uncovered = f"{nearest} not cover them" if len(rules) <= NAMED_MOST else ""
    return PROVING["gap"].at(proof.span, records=records(policy), example=shown(proof), answers=uncovered)


def _wide_gap(proof: Proof, policy: Policy) -> Problem:
    answer = "answers" if len(proof.rules) == 1 else "answer"
    who = f"{rules_in_words(proof.rules)} {answer}"
    about = records(policy)
    return PROVING["gap_wide"].at(proof.span, records=about, who=who, example=shown(proof), answers=proof.comes_out)


def _by_itself(rule: Rule) -> bool:
    """Whether a rule covers on its own, not only as an exception inside another."""
    return not any(version.exception_to for version in rule.versions)


def _dead(proof: Proof, policy: Policy) -> Problem:
    (rule,) = proof.rules
    version = next(each for each in policy.versions if each.span == proof.span)
    record = policy.for_each.replace("_", " ")
    around = f" and that of rule {' or '.join(version.exception_to)}" if version.exception_to else ""
    met = f"no possible {record} meets its condition{around} on a day on which it is in force"
    why = "wherever its condition is met, another rule takes its place" if proof.displaced else met
    code = "dead_exception" if proof.kind == "dead exception" else "dead_rule"
    return PROVING[code].at(proof.span, rule=rule, why=why)


def _division(proof: Proof, policy: Policy) -> Problem:
    (rule,) = proof.rules
    return PROVING["division_by_zero"].at(proof.span, rule=rule, records=records(policy), example=shown(proof))


def _negative(proof: Proof, policy: Policy) -> Problem:
    (rule,) = proof.rules
    return PROVING["negative_amount"].at(proof.span, rule=rule, records=records(policy), example=shown(proof))


def _claim(proof: Proof, policy: Policy) -> Problem:
    if proof.of_nothing:
        return PROVING["claim_of_nothing"].at(proof.span, says=proof.sentence, why=proof.why, records=records(policy))
    return PROVING["claim_refuted"].at(proof.span, says=proof.sentence, example=shown(proof), answers=proof.comes_out)


_TOLD: Mapping[str, Callable[[Proof, Policy], Problem]] = {
    "conflict": _conflict,
    "gap": _gap,
    "wide gap": _wide_gap,
    "dead rule": _dead,
    "dead exception": _dead,
    "division": _division,
    "negative amount": _negative,
    "claim": _claim,
}


def _says(version: Version) -> str:
    """What a version says about a record it covers."""
    owed = [] if version.owes is None else [f"owes {', '.join(_share(share) for share in version.owes)}"]
    permission = {"permitted": ["permits"], "forbidden": ["forbids"]}.get(version.permission or "", [])
    classified = [] if version.classified is None else [f"is '{version.classified}'"]
    return " and ".join([*owed, *permission, *classified])


def _share(share: Share) -> str:
    amount = f"rest of {expression_written(share.amount)}" if share.rest else expression_written(share.amount)
    payer = share.payer
    if payer is None:
        return amount
    return f"{amount} from {payer}" if payer.path is not None else f"{amount} from '{payer}'"
