"""The policies of a pack, read and checked together, each after those whose answers it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath

from custodiet.base.errors import Problem, Span
from custodiet.policy.analysis import cycles
from custodiet.policy.analysis.check import check, listed
from custodiet.policy.analysis.diagnostics import CHECKING
from custodiet.policy.analysis.references import expressions_of, used_by
from custodiet.policy.analysis.resolve import Vocabulary
from custodiet.policy.language.ast import Judgment, Policy, RateTable
from custodiet.policy.language.diagnostics import READING
from custodiet.policy.language.document import Read, read_document
from custodiet.policy.language.rate_tables import read_rates
from custodiet.policy.packs.diagnostics import OPENING
from custodiet.policy.testing.examples import Tally, run_examples
from custodiet.records import Types

REFUSABLE = ("syntax", "name", "type", "cycle", "period", "example")
"""The kinds of problems that make a pack unusable (DESIGN §8); the others are only printed."""


class Law:
    """The documents and tables of a pack, as far as they can be read.

    A *draft* is a policy without the parts that could not be read; it is checked all the same.
    """

    def __init__(self, pack: str, documents: Mapping[str, bytes], tables: Mapping[str, bytes], types: Types) -> None:
        """Read them; `documents` and `tables` are by the names that are shown of them."""
        self._types = types
        read_tables = [read_rates(content, name) for name, content in tables.items()]
        self._of_tables = [problem for each in read_tables for problem in each.problems]
        # A table with problems is incomplete, so rules are not checked against what is left of it.
        rates = tuple(each.table for each in read_tables if each.table is not None and not each.problems)
        self._read = [_document(name, content, rates) for name, content in documents.items()]
        drafts = [each.draft for each in self._read if each.draft is not None]
        self.in_order, self._circular = _in_order(drafts, types)
        self._giving = [draft for draft in self.in_order if draft.gives is not None]
        self._wrong = {
            draft.span.file: (*_misnamed(draft, pack), *check(draft, self._giving, types)) for draft in self.in_order
        }

    @property
    def is_empty(self) -> bool:
        """Whether the pack has no documents."""
        return not self._read

    @property
    def problems(self) -> list[Problem]:
        """The problems of tables and policies, individually and together."""
        told = {_no_table(PurePosixPath(problem.span.file).stem) for problem in self._of_tables}
        return [
            *self._of_tables,
            *(problem for each in self._read for problem in each.problems),
            *self._circular,
            *(problem for each in self._wrong.values() for problem in each if problem.message not in told),
            *_judged_otherwise(self.in_order),
            *_counted_otherwise(self.in_order),
        ]

    @property
    def whole(self) -> bool:
        """Whether every document could be read; otherwise the page of gaps cannot be checked against them."""
        return all(each.policy is not None for each in self._read) and not self._unclear

    @property
    def readable(self) -> list[Policy]:
        """The policies whose documents could be read, each after those that it reads the answers of."""
        read = [each.policy for each in self._read if each.policy is not None]
        return [draft for draft in self.in_order if any(draft is policy for policy in read)]

    def examples(self) -> tuple[Tally, list[Problem]]:
        """How many examples pass, and the failures; none are run if an answer may depend on something unreadable."""
        sound = [draft for draft in self.readable if draft.span.file not in self._unclear]
        tally, failed = Tally(), list[Problem]()
        if (
            not self._circular
            and not self._of_tables
            and all(any(draft is each for each in sound) for draft in self._giving)
        ):
            for policy in sound:
                passed, failing = run_examples(policy, self._giving, self._types)
                tally += passed
                failed += failing
        return tally, failed

    @cached_property
    def _unclear(self) -> frozenset[str]:
        """The files of policies that make the pack unusable.

        A divisor that may be zero is not among them: the solver may settle it, and the document is clear.

        """
        wrong = self._wrong.items()
        return frozenset(file for file, each in wrong if any(problem.kind in REFUSABLE for problem in each))


def _no_table(name: str) -> str:
    """The message for a rate without its table; it is dropped if the table is there but unreadable."""
    return CHECKING["rate_table_unknown"].what.format(name=name)


def _judged_otherwise(policies: Sequence[Policy]) -> list[Problem]:
    """A judgment's name always means the same question, asked of the same person, throughout the pack."""
    first: dict[tuple[str, str], tuple[Policy, Judgment]] = {}
    problems = []
    for policy in policies:
        for judgment in policy.judgments:
            other, same = first.setdefault((judgment.type, judgment.name), (policy, judgment))
            if (same.asks, same.of) != (judgment.asks, judgment.of):
                name = f"{judgment.type}.{judgment.name}"
                problem = OPENING["judgment_otherwise"].at(judgment.span, other=other.name, name=name)
                problems.append(replace(problem, policy=policy.name))
    return problems


def _counted_otherwise(policies: Sequence[Policy]) -> list[Problem]:
    """A pack uses one currency, because one record can be read by all of its policies."""
    counting = [policy for policy in policies if policy.currency]
    return [
        replace(
            OPENING["currencies"].at(
                policy.place("currency"), found=policy.currency, other=counting[0].name, currency=counting[0].currency
            ),
            policy=policy.name,
        )
        for policy in counting
        if policy.currency != counting[0].currency
    ]


def _document(name: str, content: bytes, rates: tuple[RateTable, ...]) -> Read:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Read(None, (READING["not_text"].at(Span(name, 1)),), None)
    read = read_document(text, name)
    if read.draft is None:
        return read
    draft = replace(read.draft, rates=rates)
    return replace(read, policy=None if read.policy is None else draft, draft=draft)


def _misnamed(policy: Policy, pack: str) -> list[Problem]:
    """A policy is named after its pack and file; not checked if the pack itself has no name."""
    expected, place = f"{pack}/{PurePosixPath(policy.span.file).stem}", policy.place("policy")
    if not pack or policy.name == expected:
        return []
    problem = OPENING["policy_name"].at(place, found=policy.name, expected_name=expected)
    return [replace(problem, policy=policy.name)]


def _in_order(policies: Sequence[Policy], types: Types) -> tuple[list[Policy], list[Problem]]:
    """Each policy after those whose answers it reads; a circle is returned as a problem."""
    giving = {policy.gives: place for place, policy in enumerate(policies) if policy.gives is not None}
    found = cycles.in_order(
        [[giving[name] for name in sorted(_gives_read(each, policies, types))] for each in policies]
    )
    ordered = [policies[place] for place in found.order]
    if not found.circle:
        return ordered, []
    circle = [policies[place] for place in found.circle]
    places = [(each.name, each.place("gives")) for each in circle]
    shown = listed([f"{name} ({place.file.rpartition('/')[2]}:{place.line})" for name, place in places])
    said = f"policies {shown} wait for one another" if len(circle) > 1 else f"policy {shown} waits for itself"
    return ordered, [OPENING["given_in_circle"].at(places[0][1], circle=said)]


def _gives_read(policy: Policy, policies: Sequence[Policy], types: Types) -> set[tuple[str, str]]:
    """The given fields that a policy reads."""
    giving = {each.gives: each for each in policies if each.gives is not None}
    if policy.for_each not in types:
        return set()
    made = replace(
        policy,
        definitions=tuple(each for each in policy.definitions if each.type in types),
        judgments=tuple(each for each in policy.judgments if each.type in types),
    )
    names = Vocabulary.of(made, [each for (owner, _), each in giving.items() if owner in types], types)
    parts = [(part, scope) for part, scope in expressions_of(policy) if scope[0] in types]
    used = (meaning for part, scope in parts for meaning in used_by(part, scope, names))
    return {(meaning.owner, meaning.end.name) for meaning in used} & set(giving)
