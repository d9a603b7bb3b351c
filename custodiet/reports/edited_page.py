"""The page of the respondent's and the public edition: sums, the rules, what is withheld and why, and the pins."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from custodiet.audit.context import Contexts
from custodiet.audit.explain import RuleText, rule_texts
from custodiet.audit.totals import listed, many, plural, unvouched
from custodiet.audit.version import program_version
from custodiet.base.money import Money
from custodiet.policy.result import Outcome
from custodiet.reports.editions import Disclosure, Edition
from custodiet.reports.html import rendered

_LEFT_OUT = (
    "Leaves out answers that hang on a missing fact (results.csv has their least and greatest amount), uses for which "
    "no rule speaks, which the rules forbid or on which they conflict, and what is withheld."
)


@dataclass(frozen=True, slots=True)
class Line:
    """What one payer would owe for one trip and cost class."""

    trip: str
    cost_class: str
    payer: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DecidingRule:
    """A rule that decided something these readers may know."""

    title: str
    texts: tuple[RuleText, ...]


class EditedPage:
    """What the page of one edition says, section by section."""

    def __init__(self, disclosure: Disclosure) -> None:
        """Take the disclosure; each section is made when it is asked for."""
        self.disclosure = disclosure
        self.audit = disclosure.audit
        self.program = program_version()
        self.public = disclosure.edition is Edition.PUBLIC

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What is questioned, per trip, cost class and payer, exact to the cent."""
        contexts = Contexts(self.audit)
        sums: Counter[tuple[str, str, str, str]] = Counter()
        for result in self.audit.with_outcome(Outcome.OWES):
            if self.disclosure.released(self.audit.view.facts.find(result.type, result.record)):
                context = contexts.of(result)
                for debt in result.debts:
                    payer = self.disclosure.payer(debt.payer)
                    sums[context.trip, context.cost_class, payer, debt.amount.currency] += debt.amount.minor
        return tuple(
            Line(trip, cost_class, payer, Money(sums[trip, cost_class, payer, currency], currency))
            for trip, cost_class, payer, currency in sorted(sums)
        )

    @cached_property
    def sums(self) -> tuple[Money, ...]:
        """All of it, per currency."""
        totals: dict[str, int] = defaultdict(int)
        for line in self.lines:
            totals[line.amount.currency] += line.amount.minor
        return tuple(Money(minor, currency) for currency, minor in sorted(totals.items()))

    @property
    def leaves_out(self) -> tuple[str, ...]:
        """What these figures do not count, in sentences; how many results that is would count seats and officers."""
        aside = self.audit.rows_set_aside
        sentences = ["Counts what somebody owes by a rule of the pack, and nothing else.", _LEFT_OUT]
        sentences += [f"Leaves out {many(aside, 'row')} that could not be read."] if aside else []
        kinds = [plural(kind) for kind in unvouched(self.audit) if not self.disclosure.is_sealed(kind, "")]
        sentences += [f"Nobody vouches for all {listed(kinds)}: what is not recorded is in no total."] if kinds else []
        return tuple(sentences)

    @cached_property
    def rules(self) -> tuple[DecidingRule, ...]:
        """The rules that decided, in the order of the pack, without those that would tell of a sealed fact."""
        decided = {
            (result.policy, number)
            for result in self.audit.results
            if not self.disclosure.tells_sealed_result(result)
            and self.disclosure.released(self.audit.view.facts.find(result.type, result.record))
            for number in result.because
        }
        return tuple(
            DecidingRule(f"{policy.name} {rule.number} — {rule.title}", rule_texts(policy, (rule.number,), None))
            for policy in sorted(self.audit.pack.policies, key=lambda policy: policy.name)
            for rule in policy.rules
            if (policy.name, rule.number) in decided
        )


def edited_page(disclosure: Disclosure) -> str:
    """The page of an edition that is not the internal one; the same audit gives the same bytes."""
    return rendered("edited_page.html.jinja", page=EditedPage(disclosure), audit=disclosure.audit)
