"""The policies of a pack whose answers reveal a sealed fact."""

from collections.abc import Iterator

from custodiet.policy.analysis.references import expressions_of, used_by
from custodiet.policy.analysis.resolve import Meaning, Members, Vocabulary
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import Pack
from custodiet.records import Sensitivity, Types
from custodiet.records.definitions import is_sealed


def sealed_types(types: Types) -> frozenset[str]:
    """The types whose records are sealed as such."""
    return frozenset(name for name, definition in types.items() if is_sealed(definition))


def sealed_policies(pack: Pack, types: Types) -> frozenset[str]:
    """The policies that read a sealed fact, or what another policy concludes from one."""
    giving = [policy for policy in pack.policies if policy.gives is not None]
    sealed = {policy.name for policy in pack.policies if _reads_sealed(policy, giving, types)}
    # The pack's policies come each after those whose answers they read.
    for policy in pack.policies:
        if sealed & set(_concluded_by(policy, giving, types)):
            sealed.add(policy.name)
    return frozenset(sealed)


def _reads_sealed(policy: Policy, giving: list[Policy], types: Types) -> bool:
    return any(
        sensitivity is Sensitivity.SEALED
        for meaning in _meanings(policy, giving, types)
        for sensitivity in _sensitivities(meaning, types)
    )


def _concluded_by(policy: Policy, giving: list[Policy], types: Types) -> Iterator[str]:
    given = {other.gives: other.name for other in giving if other is not policy}
    for meaning in _meanings(policy, giving, types):
        name = getattr(meaning.end, "name", "")
        if (meaning.owner, name) in given:
            yield given[meaning.owner, name]


def _meanings(policy: Policy, giving: list[Policy], types: Types) -> Iterator[Meaning]:
    names = Vocabulary.of(policy, giving, types)
    for part, scope in expressions_of(policy):
        yield from used_by(part, scope, names)


def _sensitivities(meaning: Meaning, types: Types) -> Iterator[Sensitivity]:
    sealed = sealed_types(types)
    if meaning.owner in sealed or (isinstance(meaning.end, Members) and meaning.end.type in sealed):
        yield Sensitivity.SEALED
    for field in (*meaning.climbs, meaning.end):
        if not isinstance(field, Members):
            yield getattr(field, "sensitivity", Sensitivity.PUBLIC)
