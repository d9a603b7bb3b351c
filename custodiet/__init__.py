"""Rules and records of a publicly paid protective detail: what was used for what, who pays, and why.

The names below are the ones to build on; each is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custodiet.audit.run import audit
    from custodiet.intake.docket import read_docket
    from custodiet.intake.import_docket import bring_in
    from custodiet.ledger.log import Ledger
    from custodiet.ledger.view import view
    from custodiet.policy.evaluation.evaluate import Evaluator
    from custodiet.policy.packs.pack import read_pack
    from custodiet.records.facts import Facts
    from custodiet.records.record import Record

_WHERE = {
    "Evaluator": "custodiet.policy.evaluation.evaluate",
    "Facts": "custodiet.records.facts",
    "Ledger": "custodiet.ledger.log",
    "Record": "custodiet.records.record",
    "bring_in": "custodiet.intake.import_docket",
    "read_docket": "custodiet.intake.docket",
    "read_pack": "custodiet.policy.packs.pack",
    "view": "custodiet.ledger.view",
}

_CALLED = ("audit",)
"""The folders that are public names themselves and can be called, as `custodiet/audit/__init__.py` says."""

__all__ = ["Evaluator", "Facts", "Ledger", "Record", "audit", "bring_in", "read_docket", "read_pack", "view"]


def __getattr__(name: str) -> object:
    """Load a public name when it is asked for: `--help` must not load what it does not need."""
    if name in _CALLED:
        return import_module(f"custodiet.{name}")
    if name not in _WHERE:
        raise AttributeError(name)
    return getattr(import_module(_WHERE[name]), name)
