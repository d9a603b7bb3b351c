"""A large docket is audited in bulk, with the results that it would have one by one."""

from pathlib import Path
from typing import Any

import pytest

from custodiet.audit import run
from custodiet.audit.run import audit
from custodiet.intake.bring_in import bring_in
from custodiet.intake.docket import read_docket
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import view
from custodiet.policy.bulk import facts as bulk
from custodiet.policy.bulk.fact_tables import FactTables
from custodiet.policy.pack import read_pack
from tests.model_city import DOCKETS


def test_a_docket_is_decided_alike_in_bulk_and_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docket = read_docket(DOCKETS / "as-found")
    with Ledger.open(tmp_path / "ledger") as ledger:
        bring_in(docket, ledger)
        seen = view(ledger, docket.currency)
    pack = read_pack(docket.pack)
    one_by_one = audit(docket.title, docket.currency, pack, seen)
    in_tables: list[str] = []

    def watched(connection: Any, facts: Any, policy: Any, *more: Any) -> FactTables:  # noqa: ANN401 - it only looks on
        in_tables.append(policy.name)
        return FactTables(connection, facts, policy, *more)

    monkeypatch.setattr(bulk, "FactTables", watched)
    many = {policy.name: len(seen.facts.of(policy.for_each)) for policy in pack.policies}
    enough = max(many.values())
    monkeypatch.setattr(run, "MANY", enough)
    told: list[tuple[int, int]] = []
    together = audit(docket.title, docket.currency, pack, seen, lambda done, total: told.append((done, total)))
    assert together.results == one_by_one.results
    assert sorted(in_tables) == sorted(name for name, number in many.items() if number >= enough)
    assert told == [(done, sum(many.values())) for done in range(1, sum(many.values()) + 1)]
