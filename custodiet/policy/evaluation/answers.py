"""The answers a policy can give, and what several of them have in common.

Two answers are the same if every part is: permission, each payer's amount, class. An amount of zero
has no payer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from custodiet.base.money import Money, Range
from custodiet.policy.evaluation.result import Bounds, Debt, Missing, Outcome
from custodiet.policy.language.ast import Share, Version
from custodiet.records import Value


@dataclass(frozen=True, slots=True)
class Owed:
    """What one payer owes, as far as it is known: a range of whole minor units, in major units."""

    payer: str
    amount: Range
    liable: str = field(default="", compare=False)
    """Who else is liable for it; this does not make it a different answer."""
    worked: str = field(default="", compare=False)
    """The formula with the values used."""
    form: object = None
    """The formulas of an unknown amount: two different formulas may give two amounts even if their bounds agree."""
    shares: tuple[Share, ...] = field(default=(), compare=False)
    """What one of the rules behind this answer makes the payer pay."""


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """One possible answer of a policy; the order of the payers does not matter."""

    kind: Outcome | None = None
    """No rule or conflict; None if the rules that stand agree on an answer."""
    permission: str | None = None
    classified: str | None = None
    owed: tuple[Owed, ...] = ()
    total: Range | None = None
    """What all payers owe together; None if the rules say nothing about money."""
    missing: tuple[Missing, ...] = ()
    """The facts that leave an amount open."""
    read: tuple[tuple[tuple[str, str], Value], ...] = ()
    """The facts the amounts were computed from: record and field, and the value."""
    standing: tuple[tuple[Version, ...], ...] = ()
    """The rules that together give this answer: in one case, or in one case after another."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answer) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        return self.kind, self.permission, self.classified, frozenset(self.owed), self.total

    @property
    def outcome(self) -> Outcome:
        """The outcome, if this is the only possible answer."""
        if self.kind is not None:
            return self.kind
        if self.permission == Outcome.FORBIDDEN.value:
            return Outcome.FORBIDDEN
        if self.owed:
            return Outcome.OWES
        if self.permission is not None:
            return Outcome.PERMITTED
        return Outcome.CLASSIFIED if self.total is None else Outcome.NOTHING_DUE

    @property
    def settled(self) -> bool:
        """Whether every amount is a single number."""
        return all(each.amount.known for each in self.owed)

    @property
    def faulty(self) -> bool:
        """Whether a formula is at fault, not a missing fact: an amount below zero, or a division by zero."""
        below = any(each.amount.high is not None and each.amount.high < 0 for each in self.owed)
        return below or (not self.settled and not self.missing)

    def and_by(self, other: "Answer") -> "Answer":
        """The same answer reached in two cases: it rests on the facts of both; liable is who is liable in both."""
        theirs = {each.payer: each.liable for each in other.owed}
        return replace(
            self,
            owed=tuple(each if each.liable == theirs[each.payer] else replace(each, liable="") for each in self.owed),
            missing=tuple(dict.fromkeys((*self.missing, *other.missing))),
            read=tuple(dict((*self.read, *other.read)).items()),
            standing=(*self.standing, *other.standing),
        )

    def debts(self, currency: str) -> tuple[Debt, ...]:
        """Who owes what under a settled answer."""
        return tuple(
            Debt(each.payer, Money.of(each.amount.value, currency), each.liable, each.worked) for each in self.owed
        )


NO_RULE = Answer(Outcome.NO_RULE)
CONFLICT = Answer(Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Answers:
    """Every answer that is possible."""

    each: tuple[Answer, ...]

    @classmethod
    def of(cls, several: Iterable["Answers"]) -> "Answers":
        """The answers possible in any of the cases; an answer reached twice rests on the facts of both."""
        together: dict[Answer, Answer] = {}
        for answer in (answer for answers in several for answer in answers.each):
            same = together.get(answer)
            together[answer] = answer if same is None else same.and_by(answer)
        return cls(tuple(together.values()))

    @property
    def only(self) -> Answer | None:
        """The answer, if there is exactly one and its amounts are known."""
        return self.each[0] if len(self.each) == 1 and self.each[0].settled else None

    @property
    def between(self) -> tuple[Range, ...]:
        """The totals of the answers that state an amount."""
        return tuple(answer.total for answer in self.each if answer.total is not None)

    def bounds(self, currency: str) -> Bounds | None:
        """The least and the greatest amount; None if no answer states one."""
        if not self.between:
            return None
        lows = [total.low for total in self.between]
        highs = [total.high for total in self.between]
        low = None if None in lows else min(bound for bound in lows if bound is not None)
        high = None if None in highs else max(bound for bound in highs if bound is not None)
        return Bounds(*(None if bound is None else Money.of(bound, currency) for bound in (low, high)))

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The possible answers that are not amounts: no rule, conflict, a permission, a class."""
        words = [answer.kind.value for answer in self.each if answer.kind is not None]
        said = [answer for answer in self.each if answer.kind is None]
        for part in ({answer.permission: None for answer in said}, {answer.classified: None for answer in said}):
            alone = any(answer.total is None for answer in said)
            words += [word for word in part if word is not None and (len(part) > 1 or alone)]
        return tuple(words)
