"""The dockets of Model City as tests read them: through the ledger, with the answer key beside; once in a process."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from custodiet.intake.docket import read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.intake.outcome import Imported
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import view
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.records.facts import Facts
from tests.pack_answers import pack_of

DOCKETS = Path(__file__).parent.parent / "dockets" / "model-city"

Answer = tuple[str, str, str]
"""Outcome, amounts per payer, class: as a line of the key writes them."""

Key = Mapping[tuple[str, str], Answer]

Audited = Mapping[tuple[str, str], Result]
"""Record and policy → result."""


@dataclass(frozen=True)
class State:
    """One docket after its import: its facts, its answer key, and what the import said."""

    facts: Facts
    key: Key
    imported: Imported


@cache
def state(name: str) -> State:
    """One docket, brought into a ledger of its own and read back; not to be changed."""
    docket = read_docket(DOCKETS / name)
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "ledger", docket.types) as ledger:
        imported = bring_in(docket, ledger)
        return State(view(ledger, docket.currency).facts, read_key(DOCKETS / f"key-{name}.csv"), imported)


@cache
def audited(name: str) -> Audited:
    """What the evaluator says of every record of one docket by the Model Code; not to be changed."""
    policies, facts = pack_of("model-code").policies, state(name).facts
    evaluator = Evaluator(policies, facts)
    return {
        (record.id, policy.name): evaluator.decide(policy, record)
        for policy in policies
        for record in facts.of(policy.for_each)
    }


def read_key(file: Path) -> Key:
    """The answer key: record and policy → answer."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {(row["record"], row["policy"]): (row["outcome"], row["amounts"], row["class"]) for row in rows}


def answered(result: Result) -> Answer:
    """A result as a line of the key writes it."""
    debts = sorted((debt.payer, debt.amount.digits) for debt in result.debts)
    amounts = "; ".join(f"{payer}={digits}" for payer, digits in debts)
    return (
        result.outcome.value,
        amounts if result.outcome is Outcome.OWES else "",
        result.classified or "" if result.outcome is Outcome.CLASSIFIED else "",
    )
