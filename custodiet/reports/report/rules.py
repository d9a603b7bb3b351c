"""The rules that decided, and those on which an undetermined answer turns: their text, citation and our reading."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from custodiet.audit.explain import RuleText, rule_texts
from custodiet.policy.evaluation.english import doubt_in_words
from custodiet.reports.report.figures import decided_by, rule_key
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow
from custodiet.verify.page.formula import Where


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule in all its versions."""

    key: str
    number: str
    title: str
    texts: tuple[RuleText, ...]
    doubts: tuple[str, ...]
    """What the pack says is doubtful about it, in words."""
    rows: int
    """How many rows it decided; 0 if an answer only turns on it."""
    where: Where
    """Which these are."""


@dataclass(frozen=True, slots=True)
class PolicyRules:
    """One policy's question, and its rules that decided."""

    policy: str
    question: str
    rules: tuple[Decided, ...]


def rules(reader: Reader, rows: Sequence[ResultRow]) -> tuple[PolicyRules, ...]:
    """The rules in the order of the pack, by the rows that this edition shows."""
    counts = Counter((row.policy, number) for row in rows for number in row.rules)
    turns = {(row.policy, number) for row in rows for number in row.unsettled}
    found = []
    for policy in sorted(reader.audit.pack.policies, key=lambda policy: policy.name):
        decided = tuple(
            Decided(
                rule_key(policy.name, rule.number),
                rule.number,
                rule.title,
                rule_texts(policy, (rule.number,), None, reader.types),
                tuple(doubt_in_words(each) for each in policy.doubts_about((rule.number,))),
                counts[policy.name, rule.number],
                decided_by(policy.name, rule.number),
            )
            for rule in policy.rules
            if (policy.name, rule.number) in counts or (policy.name, rule.number) in turns
        )
        if decided:
            found.append(PolicyRules(policy.name, policy.question, decided))
    return tuple(found)
