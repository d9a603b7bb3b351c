"""The shape of what is said about a mistake: what is wrong, what to write instead, and where.

The sentences are with who says them: `policy/*/diagnostics.py`, `proofs/diagnostics.py`.
"""

from dataclasses import dataclass

from custodiet.base.errors import Problem, Span
from custodiet.base.text import escaped, written_out

_LISTS = ("known", "wanted", "circle")
"""The facts that say what there is to choose from, or what is in a circle, which is told whole."""
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that can be wrong: what, what was expected, what to do; `{…}` is filled in where it is said.

    `code` is its name, the same in every version of the program (`Problem.code`); `kind` is a word of the contract
    (DESIGN §8).

    >>> twice = Diagnostic("key_twice", "syntax", "`{key}` is stated twice", "one line was expected")
    >>> twice.at(Span("seat-fare.md", 7), key="when").message
    '`when` is stated twice'
    """

    code: str
    kind: str
    what: str
    expected: str = ""

    def at(self, span: Span, rules: tuple[str, ...] = (), hint: str = "", **facts: str) -> Problem:
        """The problem at a place; what is filled in is on one line, and no longer than there is room for."""
        shown = {name: _shown(name, fact) for name, fact in facts.items()}
        what, expected = self.what.format(**shown), self.expected.format(**shown)
        return Problem(self.kind, what, span, expected, hint, rules=rules, code=self.code)


def by_code(*diagnostics: Diagnostic) -> dict[str, Diagnostic]:
    """What somebody can say, by its codes."""
    return {each.code: each for each in diagnostics}


def _shown(name: str, fact: str) -> str:
    return written_out(fact) if name in _LISTS else escaped(fact, _LONGEST_FACT)
