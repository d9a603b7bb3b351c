"""Every policy of every pack of the repository is decided alike in bulk and record by record."""

from collections.abc import Iterator
from random import Random

import pytest

from custodiet.bulk.decide_facts import Decider
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import Pack
from custodiet.policy.testing.examples import EXPECTED, imagine
from custodiet.records import NONE, UNKNOWN, Kind
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests import model_city
from tests.house import ROOT, every_type
from tests.pack_answers import pack_of

PACKS = sorted(each.parent.name for each in (ROOT / "packs").glob("*/pack.toml"))

SINGLY: dict[str, str] = {}
"""The policies for which no query can be written, each with the reason: none."""

BRIEFLY, AT_LENGTH = 12, 250
"""How many rows are decided for each policy, in bulk and one by one."""


@pytest.mark.parametrize(
    "rows", [pytest.param(BRIEFLY, id="briefly"), pytest.param(AT_LENGTH, id="at length", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", PACKS)
def test_every_policy_of_every_pack_is_decided_alike_in_bulk(name: str, rows: int) -> None:
    pack = pack_of(name)
    singly: dict[str, str] = {}
    for policy in pack.policies:
        facts = _facts_near_examples(pack, policy, rows)
        together, evaluator = (
            Decider(_asked(pack, policy), facts),
            Evaluator(_asked(pack, policy), facts, remember=False),
        )
        in_bulk = together.decide(policy)
        singly |= together.singly
        one_by_one = {record.id: evaluator.decide(policy, record) for record in facts.of(policy.for_each)}
        assert one_by_one, policy.name
        assert dict(in_bulk) == one_by_one, policy.name
    assert singly == {policy: why for policy, why in SINGLY.items() if policy.startswith(f"{name}/")}


@pytest.mark.parametrize("state", ["complete", pytest.param("as-found", marks=pytest.mark.slow)])
def test_model_city_is_decided_alike_in_bulk(state: str) -> None:
    pack, facts = pack_of("model-code"), model_city.state(state).facts
    together, one_by_one = Decider(pack.policies, facts), model_city.audited(state)
    for policy in pack.policies:
        alone = {record.id: one_by_one[record.id, policy.name] for record in facts.of(policy.for_each)}
        assert dict(together.decide(policy)) == alone, policy.name
    assert together.singly == {}


def _asked(pack: Pack, policy: Policy) -> list[Policy]:
    """The policy and those that give a field, in order of dependence."""
    return [each for each in pack.policies if each is policy or each.gives is not None]


def _facts_near_examples(pack: Pack, policy: Policy, rows: int) -> Facts:
    """A little world for each of some rows, all of them together."""
    defined = {each.name for each in policy.definitions}
    records: list[Record] = []
    for number, row in enumerate(_rows_near_examples(policy, rows)):
        # What an example states in place of the records it would be worked out from, no docket states.
        cells = {column: text for column, text in row.items() if text and column.split(".")[-1] not in defined}
        world = imagine(_asked(pack, policy), policy.for_each, cells, every_type())
        if not world.problems:
            derived = [world.record] if world.record.type == "day" else []
            kept = [each for name in world.facts.types if name != "day" for each in world.facts.of(name)]
            records += [_numbered(each, number, world.facts) for each in (*kept, *derived)]
    return Facts(records, every_type())


def _rows_near_examples(policy: Policy, rows: int) -> Iterator[dict[str, str]]:
    """Rows of the examples, half of them with a cell that is unknown, none or another example's."""
    chance = Random(policy.name)  # noqa: S311 - always the same rows, so that a failure can be seen again
    examples = [
        {column: text for column, text, _ in example.cells if column not in EXPECTED} for example in policy.examples
    ]
    held = sorted({(column, text) for example in examples for column, text in example.items()})
    marks = sorted({(column, mark.value) for column, _ in held for mark in (UNKNOWN, NONE)})
    for number in range(rows):
        example = chance.choice(examples) if rows < len(examples) else examples[number % len(examples)]
        if number % 2:
            column, text = chance.choice(chance.choice([held, marks]))
            example = example | {column: text}
        yield example


def _numbered(record: Record, number: int, facts: Facts) -> Record:
    """A record of one of many worlds, so that it is not taken for one of another."""
    references = {field.name for field in facts.types[record.type].fields if field.kind is Kind.REFERENCE}
    values = {
        name: f"{value} {number}" if name in references and isinstance(value, str) else value
        for name, value in record.values.items()
    }
    return Record(record.type, f"{record.id} {number}", values)
