"""The law meets the facts: one result per record and policy, their totals, and why each came out as it did.

`custodiet.audit` names this folder as soon as anything in it is imported, and it is a public function's name too. If
the two were different objects, `from custodiet import audit` would give one or the other, depending on what was
imported before. So they are one object: a module that can be called (Python's data model, *Customizing module attribute
access*, gives a module a class of its own).
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custodiet.audit.run import Audit, Progress
    from custodiet.ledger.view import View
    from custodiet.policy.packs.pack import Pack


class _Package(ModuleType):
    """This folder, which can be called."""

    def __call__(
        self, title: str, currency: str, pack: "Pack", view: "View", progress: "Progress | None" = None
    ) -> "Audit":
        """What `custodiet.audit.run.audit` gives: every record of the view, decided by every policy of the pack."""
        from custodiet.audit.run import audit, silent

        return audit(title, currency, pack, view, progress or silent)


sys.modules[__name__].__class__ = _Package
