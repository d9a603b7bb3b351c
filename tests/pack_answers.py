"""What a pack's policy says of a little world, and what its documents say of themselves."""

import re
from collections.abc import Mapping
from functools import cache

from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import Pack, read_pack
from custodiet.policy.testing.examples import imagine
from tests.house import ROOT


@cache
def pack_of(name: str) -> Pack:
    """A pack of the repository, without a problem; read once in a process."""
    pack = read_pack(ROOT / "packs" / name)
    assert [problem.shown() for problem in pack.problems] == []
    return pack


def answer(pack: Pack, name: str, facts: Mapping[str, str]) -> Result:
    """What a policy says of a record with these facts; whatever is not named is unknown."""
    policy = next(each for each in pack.policies if each.name == f"{pack.name}/{name}")
    others = [each for each in pack.policies if each.gives is not None and each.name != policy.name]
    world = imagine([policy, *others], policy.for_each, facts, pack.types)
    assert world.problems == ()
    return Evaluator([policy, *others], world.facts).decide(policy, world.record)


def amount(result: Result) -> str:
    """The one sum that a result asks for; 0.00 where nothing is due."""
    if result.outcome.value == "nothing due":
        return "0.00"
    [debt] = result.debts
    return debt.amount.digits


def rules_not_told(policy: Policy) -> list[str]:
    """The rules of a document that do not say how well their text is known."""
    path = ROOT / "packs" / f"{policy.name.replace('/', '/policies/')}.md"
    sections = re.split(r"^## Rule ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [section.split()[0] for section in sections if "\nKnown: " not in section]
