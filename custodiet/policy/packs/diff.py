"""The differences between two states of a law, in words: questions, rules, definitions, judgments and rates."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from custodiet.base.money import Range
from custodiet.policy.evaluation.english import (
    amount_in_words,
    condition_in_words,
    definition_in_words,
    judgment_in_words,
    period_in_words,
    rule_in_words,
    rules_in_words,
)
from custodiet.policy.language.ast import Policy, RateRow, RateTable, Share, Version
from custodiet.policy.language.printer import expression_written
from custodiet.policy.packs.pack import Pack
from custodiet.records import cell


class How(Enum):
    """What happened to something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of something that changed, such as its condition, amount or period: its old and its new text."""

    name: str
    before: str
    """Empty if it was not there."""
    after: str
    """Empty if it is no longer there."""
    version: str = ""
    """The period of its box, if the rule has more than one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two states of a law."""

    policy: str
    """The policy it belongs to; for a rate, the pack."""
    sort: str
    """question, rule, definition, judgment or rate."""
    name: str
    """The rule's number, the name of the definition or judgment, the table and its keys; the policy for a question."""
    how: How
    cite: str
    in_force: str
    """For a rule with several versions, those of all of them."""
    before: tuple[str, ...]
    """A sentence for each version; nothing for what was added."""
    after: tuple[str, ...]
    """A sentence for each version; nothing for what was removed."""
    parts: tuple[Part, ...] = ()
    """If it changed, the parts that differ."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question in two states of a law; a state without the question has no policy for it."""

    old: Policy | None
    new: Policy | None

    @property
    def policy(self) -> Policy:
        """The policy that asks it now, or that asked it last."""
        policy = self.new or self.old
        if policy is None:
            message = "a question without a policy"
            raise TypeError(message)
        return policy


def questions(old: Pack, new: Pack) -> tuple[Question, ...]:
    """Every question of either pack, by name; a policy is the same in both if its file has the same name."""
    before, after = ({_file(policy): policy for policy in pack.policies} for pack in (old, new))
    return tuple(Question(before.get(name), after.get(name)) for name in sorted({*before, *after}))


def difference(old: Pack, new: Pack) -> tuple[Change, ...]:
    """All differences between the new pack and the old one, question by question, then the rates.

    Examples and claims are not law and are not compared.
    """
    changes = [change for question in questions(old, new) for change in _of_question(question)]
    return (*changes, *_changes(new.name, _rates(old), _rates(new)))


def _file(policy: Policy) -> str:
    """The name of a policy within its pack, without the name of the pack."""
    return policy.name.rpartition("/")[2]


def _of_question(question: Question) -> Iterator[Change]:
    match question:
        case Question(None, Policy() as new):
            yield _question(new, How.ADDED, (), _whole(new))
        case Question(Policy() as old, None):
            yield _question(old, How.REMOVED, _whole(old), ())
        case Question(Policy() as old, Policy() as new):
            parts = _differing(_head(old), _head(new))
            if parts:
                yield _question(new, How.CHANGED, (old.question,), (new.question,), parts)
            for said in (_rules, _definitions, _judgments):
                yield from _changes(new.name, said(old), said(new))


def _question(
    policy: Policy, how: How, before: tuple[str, ...], after: tuple[str, ...], parts: tuple[Part, ...] = ()
) -> Change:
    return Change(policy.name, "question", policy.name, how, "", "", before, after, parts)


def _whole(policy: Policy) -> tuple[str, ...]:
    """A policy that exists in only one state: its question, and everything in it."""
    said = (each for part in (_rules, _definitions, _judgments) for each in part(policy).values())
    return (policy.question, *(sentence for each in said for sentence in each.sentences))


def _head(policy: Policy) -> Mapping[str, str]:
    step = "cent" if policy.step == 1 else "unit"
    return {
        "question": policy.question,
        "for each": policy.for_each,
        "on": str(policy.on),
        "jurisdiction": policy.jurisdiction,
        "currency": policy.currency,
        "rounding": f"{step}, {policy.rounding.value}" if policy.currency else "",
        "gives": ".".join(policy.gives or ()),
    }


# --- what a name refers to, and what happened to it


@dataclass(frozen=True, slots=True)
class _Said:
    """What one state of a law has under one name."""

    sort: str
    name: str
    sentences: tuple[str, ...]
    parts: Mapping[str, str]
    versions: tuple[Version, ...] = ()
    """The versions of a rule, which are compared one by one."""
    cite: str = ""
    in_force: str = ""
    currency: str = ""


def _changes(policy: str, before: Mapping[str, _Said], after: Mapping[str, _Said]) -> Iterator[Change]:
    """What was added or changed, in the order of the new state, then what was removed."""
    for name in dict.fromkeys((*after, *before)):
        match before.get(name), after.get(name):
            case _Said() as was, None:
                yield _change(policy, was, How.REMOVED, was.sentences, ())
            case None, _Said() as now:
                yield _change(policy, now, How.ADDED, (), now.sentences)
            case _Said() as was, _Said() as now:
                parts = (*_differing(was.parts, now.parts), *_of_versions(was, now))
                if parts:
                    yield _change(policy, now, How.CHANGED, was.sentences, now.sentences, parts)


def _change(
    policy: str, said: _Said, how: How, before: tuple[str, ...], after: tuple[str, ...], parts: tuple[Part, ...] = ()
) -> Change:
    return Change(policy, said.sort, said.name, how, said.cite, said.in_force, before, after, parts)


def _differing(before: Mapping[str, str], after: Mapping[str, str], version: str = "") -> tuple[Part, ...]:
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in dict.fromkeys((*before, *after)))
    return tuple(Part(name, was, now, version) for name, was, now in pairs if was != now)


def _definitions(policy: Policy) -> dict[str, _Said]:
    sentences = {f"{each.type}.{each.name}": definition_in_words(each) for each in policy.definitions}
    return {name: _Said("definition", name, (words,), {"meaning": words}) for name, words in sentences.items()}


def _judgments(policy: Policy) -> dict[str, _Said]:
    return {
        name: _Said("judgment", name, (judgment_in_words(each),), {"asks": each.asks, "of": each.of})
        for each in policy.judgments
        for name in (f"{each.type}.{each.name}",)
    }


# --- rules, and the versions of each


def _rules(policy: Policy) -> dict[str, _Said]:
    return {
        rule.number: _Said(
            "rule",
            rule.number,
            tuple(rule_in_words(version, policy.currency) for version in rule.versions),
            {"title": rule.title, "text": rule.text},
            rule.versions,
            "; ".join(dict.fromkeys(version.cite for version in rule.versions)),
            "; ".join(dict.fromkeys(period_in_words(version.in_force) for version in rule.versions)),
            policy.currency,
        )
        for rule in policy.rules
    }


def _of_versions(old: _Said, new: _Said) -> tuple[Part, ...]:
    several = len(old.versions) > 1 or len(new.versions) > 1
    parts: list[Part] = []
    for was, now in _paired(old.versions, new.versions):
        if was is not None and now is not None:
            version = period_in_words(now.in_force) if several else ""
            different = _differing(_parts(was, old.currency), _parts(now, new.currency), version)
            # Two readings can have the same wording, such as a body named like a field; then the written form is shown.
            parts += different or _differing(_as_written(was), _as_written(now), version)
        else:
            went = rule_in_words(was, old.currency) if was else ""
            came = rule_in_words(now, new.currency) if now else ""
            parts.append(Part("version", went, came))
    return tuple(parts)


def _parts(version: Version, currency: str) -> Mapping[str, str]:
    return {
        "citation": version.cite,
        "period": period_in_words(version.in_force),
        "exception to": rules_in_words(version.exception_to) if version.exception_to else "",
        "prevails over": rules_in_words(version.prevails_over) if version.prevails_over else "",
        "condition": condition_in_words(version),
        "amount": amount_in_words(version, currency),
        "permission": version.permission or "",
        "class": f"'{version.classified}'" if version.classified is not None else "",
    }


def _as_written(version: Version) -> Mapping[str, str]:
    shares = (
        f"{'rest of ' if share.rest else ''}{expression_written(share.amount)} from {_payers(share)}"
        for share in version.owes or ()
    )
    return {
        "condition, as written": "" if version.when is None else expression_written(version.when),
        "amount, as written": ", ".join(shares),
    }


def _payers(share: Share) -> str:
    payers = (share.payer, share.liable)
    return " else ".join(repr(each.body) if each.path is None else str(each) for each in payers if each is not None)


_ALIKE: tuple[Callable[[Version, Version], bool], ...] = (
    lambda was, now: was == now,
    lambda was, now: was.in_force == now.in_force,
    lambda was, now: was.in_force.first == now.in_force.first,
    lambda was, now: was.in_force.last == now.in_force.last,
    lambda was, now: not was.in_force.meets(now.in_force).empty,
)
"""How the old and the new form of a box are matched, the most reliable criterion first."""


def _paired(old: Sequence[Version], new: Sequence[Version]) -> list[tuple[Version | None, Version | None]]:
    """Each box of a rule with its old form, in the order of the new document, then the removed ones."""
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]
    was_before: dict[int, int] = {}
    for alike in _ALIKE:
        for place, now in enumerate(new):
            free = (each for each, was in enumerate(old) if each not in was_before.values() and alike(was, now))
            found = None if place in was_before else next(free, None)
            if found is not None:
                was_before[place] = found
    pairs: list[tuple[Version | None, Version | None]] = [
        (old[was_before[place]] if place in was_before else None, now) for place, now in enumerate(new)
    ]
    return [*pairs, *((was, None) for place, was in enumerate(old) if place not in was_before.values())]


# --- rates


def _tables(pack: Pack) -> Mapping[str, RateTable]:
    """Every policy of a pack knows all its tables."""
    return {table.name: table for policy in pack.policies for table in policy.rates}


def _rates(pack: Pack) -> dict[str, _Said]:
    """Every row of the pack's tables, by what it is looked up by and the day from which it holds."""
    return {
        f"{name} from {row.in_force.first}": _rate(name, table, row)
        for table in _tables(pack).values()
        for row in table.rows
        for name in (" for ".join(filter(None, (table.name, ", ".join(_key(key) for key in row.keys)))),)
    }


def _rate(name: str, table: RateTable, row: RateRow) -> _Said:
    columns = zip(table.columns, row.values, strict=True)
    values = {column: f"{cell(value)} {currency}".strip() for (column, currency), value in columns}
    period = period_in_words(row.in_force)
    listed = ", ".join(f"{column} {value}" for column, value in values.items())
    sentence = f"{name} ({row.cite}, in force {period}): {listed}."
    return _Said("rate", name, (sentence,), {"citation": row.cite, "period": period, **values}, (), row.cite, period)


def _key(key: str | Range) -> str:
    if isinstance(key, str):
        return key
    low, high = ("" if bound is None else cell(bound) for bound in (key.low, key.high))
    return f"{low} .. {high}".strip()
