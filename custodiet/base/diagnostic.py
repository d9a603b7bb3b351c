"""The shape of a message: what is wrong, where, the facts one needs to see why, and what to write instead.

The sentences are in the tables of the rooms that use them: `policy/*/diagnostics.py`, `proofs/diagnostics.py`.
"""

from dataclasses import dataclass

from custodiet.base.errors import Problem, Span
from custodiet.base.text import escaped, written_out

_WHOLE = ("known", "wanted", "circle", "answers")
"""The facts that are never shortened: lists to choose from, the links of a circle, what the rules say."""
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One kind of mistake: what is wrong, what to write instead, and what one needs to see; `{…}` is filled in later.

    `code` is its name, the same in every version of the program (`Problem.code`); `kind` is a word of the contract
    (DESIGN §8). Without `help` there is nothing useful to suggest; `note` shows facts, such as what there is to choose
    from or a counterexample, each on a line.

    >>> twice = Diagnostic("key_twice", "syntax", "`{key}` appears twice", "delete one of the two lines")
    >>> twice.at(Span("seat-fare.md", 7), key="when").message
    '`when` appears twice'
    """

    code: str
    kind: str
    what: str
    help: str = ""
    note: str = ""

    def at(self, span: Span, rules: tuple[str, ...] = (), hint: str = "", **facts: str) -> Problem:
        """The problem at a place; each fact is filled in on one line and shortened to the room there is.

        `hint` is the help for this one case, such as a near name; it replaces the help of the table.
        """
        shown = {name: _shown(name, fact) for name, fact in facts.items()}
        what, note, help_ = (text.format(**shown) for text in (self.what, self.note, self.help))
        return Problem(self.kind, what, span, note, hint or help_, rules=rules, code=self.code)


def by_code(*diagnostics: Diagnostic) -> dict[str, Diagnostic]:
    """The messages of one room by their codes."""
    return {each.code: each for each in diagnostics}


def _shown(name: str, fact: str) -> str:
    return written_out(fact) if name in _WHOLE else escaped(fact, _LONGEST_FACT)
