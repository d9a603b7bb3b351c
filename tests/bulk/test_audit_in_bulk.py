"""A large docket is audited in bulk, with the results that it would have one by one."""

from pathlib import Path
from typing import Any

import pytest

from custodiet.audit import run
from custodiet.audit.run import audit
from custodiet.bulk import decide_facts as bulk
from custodiet.bulk.load_facts import FactTables
from custodiet.intake.docket import read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import View, view
from custodiet.policy.packs.pack import Pack, read_pack
from custodiet.records import core_types
from tests.model_city import DOCKETS
from tests.small_law import OFFICERS, PERSONAL, docket, law

LEGS = ["id,purpose,departed_on,full_coach_fare", *(
    f"L{number},{purpose},2024-0{number}-01,{fare}"
    for number, (purpose, fare) in enumerate(
        [("personal", "412"), ("official", "33.33"), ("unknown", "5"), ("personal", "unknown"), ("personal", "0")], 1
    )
)]  # fmt: skip
SEATS = ["id,leg,occupant,role,on_duty", *(
    f"S{number},L{number % 6 + 1},P{number},{('detail', 'guest', 'unknown')[number % 3]},{('yes', 'no')[number % 2]}"
    for number in range(40)
)]  # fmt: skip


def test_a_docket_is_decided_in_bulk_from_so_many_records_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = law(tmp_path / "law", PERSONAL, OFFICERS)
    seen = opened(docket(tmp_path / "docket", "Forty seats", {"leg": LEGS, "seat": SEATS}, pack="../law"), tmp_path)
    assert decided_in_tables(pack, seen, 41, monkeypatch) == []
    assert decided_in_tables(pack, seen, 40, monkeypatch) == ["city/seat"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["complete", "as-found"])
def test_model_city_is_decided_alike(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = read_pack(read_docket(DOCKETS / name).pack)
    seen = opened(DOCKETS / name, tmp_path)
    asked = [policy.name for policy in pack.policies if seen.facts.of(policy.for_each)]
    assert decided_in_tables(pack, seen, 1, monkeypatch) == sorted(asked)


def opened(folder: Path, tmp_path: Path) -> View:
    """What the records of a docket say."""
    found = read_docket(folder)
    with Ledger.open(tmp_path / "ledger", core_types()) as ledger:
        bring_in(found, ledger)
        return view(ledger, found.currency)


def decided_in_tables(pack: Pack, seen: View, many: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The policies decided in bulk where so many records of a type are many; the results are those of one by one."""
    asked: list[str] = []

    def watched(connection: Any, facts: Any, policy: Any, *more: Any) -> FactTables:  # noqa: ANN401 - it only looks on
        asked.append(policy.name)
        return FactTables(connection, facts, policy, *more)

    monkeypatch.setattr(bulk, "FactTables", watched)
    one_by_one = audit("A docket", "EUR", pack, seen)
    monkeypatch.setattr(run, "MANY", many)
    told: list[tuple[int, int]] = []
    together = audit("A docket", "EUR", pack, seen, lambda done, total: told.append((done, total)))
    monkeypatch.undo()
    assert together.results == one_by_one.results
    assert told == [(done, len(together.results)) for done in range(1, len(together.results) + 1)]
    return sorted(asked)
