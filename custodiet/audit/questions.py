"""What to ask, and whom: the missing facts that undetermined results depend on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from custodiet.base.dates import ANY_DAY, Days
from custodiet.policy.evaluation.result import Missing, Result
from custodiet.records import Types, plural
from custodiet.records.facts import Facts


@dataclass(frozen=True, slots=True)
class Request:
    """One kind of fact that one holder can be asked for, in one letter."""

    held_by: str
    asks: str
    """What is asked for, in words."""
    records: tuple[str, ...]
    """The records it is missing for."""
    hanging: tuple[tuple[str, str], ...]
    """The undetermined results that depend on it, alone or with other facts: policy and record of each."""

    @property
    def results(self) -> int:
        """The number of these results."""
        return len(self.hanging)


Judgments = Mapping[tuple[str, str], str]
"""The words of the questions that only a person can settle, by type and name, as a pack has them."""


def asked(fact: Missing, type_name: str, facts: Facts, judgments: Judgments) -> str:
    """A missing fact as a question to its holder.

    >>> from custodiet.records import core_types
    >>> facts = Facts([], core_types())
    >>> asked(Missing("L1", "purpose", "the protective unit"), "leg", facts, {})
    'purpose of L1: What it was for, as recorded.'
    >>> asked(Missing("L1", "seat", "the protective unit"), "leg", facts, {})
    'whether every seat of L1 is recorded (nobody vouches for that register)'
    >>> asked(Missing("S1", "model-code/seat-fare", "the body that issues the policy"), "seat", facts, {})
    'a formula of model-code/seat-fare that gives S1 an amount'
    >>> asked(Missing("S1", "mileage.car on 2022-01-01/2022-12-31", "the legislator"), "seat", facts, {})
    'mileage.car on 2022-01-01/2022-12-31 of S1'
    >>> asked(Missing("T1", "official", "counsel"), "trip", facts, {("trip", "official"): "Was it official?"})
    'official of T1: Was it official?'
    """
    types = facts.types
    if _is_policy(fact.field):
        return f"a formula of {fact.field} that gives {fact.record} an amount"
    if _is_register(fact.field, type_name, types):
        every = f"whether every {fact.field.replace('_', ' ')} of {fact.record} is recorded"
        return f"{every} ({unvouched_in_words(not_vouched(fact, type_name, facts))})"
    return f"{fact.field} of {fact.record}{_sentence(fact.field, type_name, types, judgments)}"


def not_vouched(fact: Missing, type_name: str, facts: Facts) -> tuple[Days, ...]:
    """The days for which nobody vouches for a missing register, as periods; none for any other fact."""
    if not _is_register(fact.field, type_name, facts.types):
        return ()
    above = facts.find(type_name, fact.record) if type_name else None
    return facts.lacking(fact.field, ANY_DAY) if above is None else facts.not_vouched_below(above, fact.field)


def unvouched_in_words(stretches: Iterable[Days]) -> str:
    """A clause that gives the days for which nobody vouches for a register.

    >>> unvouched_in_words(Days.read("2024").without(Days.read("2024-02/2024-11")))
    'nobody vouches for that register from 2024-01-01 to 2024-01-31 or from 2024-12-01 to 2024-12-31'
    >>> unvouched_in_words(ANY_DAY.without(Days.read("2024")))
    'nobody vouches for that register up to 2023-12-31 or from 2025-01-01 on'
    """
    return f"nobody vouches for that register {' or '.join(_stretch(days) for days in stretches)}".rstrip()


def _stretch(days: Days) -> str:
    match days.first, days.last:
        case None, None:
            return ""
        case None, last:
            return f"up to {last}"
        case first, None:
            return f"from {first} on"
        case first, last:
            return f"on {first}" if first == last else f"from {first} to {last}"


def requests(
    undetermined: Iterable[Result], type_of: Callable[[str], str], facts: Facts, judgments: Judgments
) -> tuple[Request, ...]:
    """The missing facts by holder, those that most results depend on first."""
    hanging: dict[tuple[str, str, str], list[tuple[str, Result]]] = defaultdict(list)
    for result in undetermined:
        for fact in result.missing:
            hanging[fact.held_by, type_of(fact.record), fact.field].append((fact.record, result))
    found = [
        Request(
            held_by,
            _asked_of_all(field, type_name, facts, judgments),
            tuple(sorted({record for record, _ in pairs})),
            tuple(sorted({(result.policy, result.record) for _, result in pairs})),
        )
        for (held_by, type_name, field), pairs in hanging.items()
    ]
    return tuple(sorted(found, key=lambda request: (-request.results, request.held_by, request.asks)))


def _asked_of_all(field: str, type_name: str, facts: Facts, judgments: Judgments) -> str:
    types = facts.types
    kind = plural(type_name) if type_name else "records"
    if _is_policy(field):
        return f"a formula of {field} that gives these {kind} an amount"
    if _is_register(field, type_name, types):
        unvouched = unvouched_in_words(facts.lacking(field, ANY_DAY))
        return f"whether every {field.replace('_', ' ')} of these {kind} is recorded ({unvouched})"
    return f"{field} of these {kind}{_sentence(field, type_name, types, judgments)}"


def _is_policy(field: str) -> bool:
    """Whether a sound formula is missing, not a fact: then a result names the policy in place of a field."""
    # A missing rate is named with the days it is needed for, which may be a period with a slash in it.
    return "/" in field.partition(" ")[0]


def _is_register(field: str, type_name: str, types: Types) -> bool:
    return field in types and (type_name not in types or field not in types[type_name].names)


def _sentence(field: str, type_name: str, types: Types, judgments: Judgments) -> str:
    if (type_name, field) in judgments:
        return f": {judgments[type_name, field]}"
    known = type_name in types and field in types[type_name].names
    return f": {types[type_name].field(field).sentence}" if known else ""
