"""The paths by which a call states facts of a planned use: each leads to one fact that can be stated."""

from collections.abc import Iterable, Sequence

from custodiet.base.errors import Problem, Span, did_you_mean
from custodiet.base.text import escaped
from custodiet.policy.analysis.resolve import Meaning, Members, Vocabulary
from custodiet.policy.language.ast import Path, Policy
from custodiet.policy.testing.examples import names_together
from custodiet.records import Types, with_article


def misnamed(policies: Sequence[Policy], for_each: str, paths: Iterable[str], types: Types) -> tuple[Problem, ...]:
    """The problems with paths that lead to nothing, each with what there is at that place.

    >>> from custodiet.records import core_types
    >>> [wrong] = misnamed([], "seat", ["leg.purpos"], core_types())
    >>> wrong.message, wrong.help
    ('`leg.purpos`: a leg has no `purpos`', 'did you mean `leg.purpose`?')
    """
    names = names_together(policies, types)
    found = (_wrong(path, for_each, names) for path in dict.fromkeys(paths))
    return tuple(problem for problem in found if problem is not None)


def _wrong(path: str, for_each: str, names: Vocabulary) -> Problem | None:
    steps, shown = tuple(path.split(".")), escaped(path)
    meaning = names.meaning(Path(steps), (for_each,))
    if isinstance(meaning, Meaning):
        if not isinstance(meaning.end, Members):
            return None
        message = f"`{shown}`: the {meaning.end.name} records of {with_article(meaning.owner)} are not a single fact"
        return _problem(message, meaning.owner, names)
    name = steps[meaning.place]
    said = escaped(name)
    if meaning.through_set:
        message = f"`{shown}`: `{said}` of {with_article(meaning.type)} does not lead to a single record"
        return _problem(message, meaning.type, names)
    close = did_you_mean(name, _statable(meaning.type, names)).split("`")[1:2]
    meant = ".".join((*steps[: meaning.place], *close, *steps[meaning.place + 1 :]))
    hint = f"did you mean `{escaped(meant)}`?"
    message = f"`{shown}`: {with_article(meaning.type)} has no `{said}`"
    return _problem(message, meaning.type, names, hint if close else "")


def _problem(message: str, type_name: str, names: Vocabulary, hint: str = "") -> Problem:
    known = f"{with_article(type_name)} has {', '.join(_statable(type_name, names))}"
    return Problem("name", message, Span("", 0), known, hint)


def _statable(type_name: str, names: Vocabulary) -> tuple[str, ...]:
    """What a call can state about a record: its fields, definitions and conclusions of policies, but no sets."""
    meant = ((name, names.meaning(Path((name,)), (type_name,))) for name in names.known(type_name))
    return tuple(name for name, each in meant if isinstance(each, Meaning) and not isinstance(each.end, Members))
