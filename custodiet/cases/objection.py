"""An objection: what stands against a step of a case."""

from dataclasses import dataclass

from custodiet.base.truth import Truth
from custodiet.policy.evaluation.result import Missing


@dataclass(frozen=True, slots=True)
class Objection:
    """A rule of the procedure that one step does not meet, or that cannot be shown to be met.

    Whoever takes a step must be able to show that they may: what cannot be shown stands against it
    as well, and `missing` names the fact that would settle it.
    """

    type: str
    record: str
    rule: str
    """In a few words, the same for every objection of its kind."""
    message: str
    holds: Truth
    """No: the rule is not met. Unknown: it cannot be shown that it is."""
    citation: str = ""
    missing: tuple[Missing, ...] = ()

    def shown(self) -> str:
        """The objection as a person reads it.

        >>> Objection("finding", "F1", "notice", "its notice was never served", Truth.NO, "Model Code, art. 20").shown()
        'finding F1: its notice was never served (Model Code, art. 20)'
        """
        law = f" ({self.citation})" if self.citation else ""
        return f"{self.type.replace('_', ' ')} {self.record}: {self.message}{law}"
