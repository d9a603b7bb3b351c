"""Every place that a ledger can be kept in; each must pass the same tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from custodiet.ledger.sqlite import SqliteStore
from custodiet.ledger.store import Store

Opens = Callable[[], Store]


def sqlite(folder: Path) -> Opens:
    """A file in a folder, opened anew at every call."""
    return lambda: SqliteStore(folder / "ledger.db", 50, create=True)


@pytest.fixture(params=[sqlite], ids=lambda make: make.__name__)
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Opens:
    """Opens one and the same place."""
    result: Opens = request.param(tmp_path)
    return result
