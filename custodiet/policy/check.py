"""Everything that can be wrong with a policy that could be read, found at once.

The checks are a tuple of functions; adding a check adds a word to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations
from operator import and_

from custodiet.base.currencies import LAST_DAYS
from custodiet.base.dates import Days
from custodiet.base.errors import Problem, did_you_mean
from custodiet.policy.alike import Alike
from custodiet.policy.ast import Claim, Definition, Expression, Judgment, Payer, Policy, Version
from custodiet.policy.guards import NO_GUARDS, Guards, Scope
from custodiet.policy.messages import MESSAGES
from custodiet.policy.names import Unmeant, Vocabulary
from custodiet.policy.sorts import COUNTED, Sorting
from custodiet.policy.structure import MOST_PLACES, Cycle, crowded, in_force, stretches, structure
from custodiet.policy.uses import used_by
from custodiet.records import Field, Kind, Types, with_article
from custodiet.records.facts import sets_below

PER_UNIT = (
    "a sum for each unit stands in a dated table: with `100.00 {}` in the column `each` of rates/sums.csv, "
    "`rate(sums.each on …) * …` is an amount"
)
"""How an amount is written where somebody multiplied a number."""


def check(policy: Policy, given: Sequence[Policy], types: Types) -> tuple[Problem, ...]:
    """Every problem of a policy; `given` are the policies of the pack that give a field.

    The examples are run apart, by `custodiet.policy.examples`, once nothing else is wrong.
    """
    if policy.for_each not in types:
        known = ", ".join(types)
        hint = did_you_mean(policy.for_each, types)
        place = policy.place("for each")
        return (_of(policy, MESSAGES["type_unknown"].at(place, hint=hint, name=policy.for_each, known=known)),)
    problems = _names_made(policy, given, types)
    if not problems:
        names = Vocabulary.of(policy, given, types)
        problems = [problem for each in CHECKS for problem in each(policy, names)]
    problems.sort(key=lambda each: (each.span.line, each.span.column))
    return tuple(_of(policy, problem) for problem in problems)


def _of(policy: Policy, problem: Problem) -> Problem:
    return replace(problem, policy=policy.name)


def _names_made(policy: Policy, given: Sequence[Policy], types: Types) -> list[Problem]:
    """Definitions and judgments speak of a type there is, under a name that is free."""
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    fields = Vocabulary(types, (), given)
    made: tuple[Definition | Judgment, ...] = (*policy.definitions, *policy.judgments)
    for each in made:
        if each.type not in types:
            hint = did_you_mean(each.type, types)
            problems.append(MESSAGES["type_unknown"].at(each.span, hint=hint, name=each.type, known=", ".join(types)))
        elif each.name in fields.known(each.type):
            problems.append(MESSAGES["definition_taken"].at(each.span, a_type=with_article(each.type), name=each.name))
        elif (each.type, each.name) in seen:
            problems.append(MESSAGES["definition_twice"].at(each.span, name=f"{each.type}.{each.name}"))
        seen.add((each.type, each.name))
    return problems


def on_is_a_date(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """The policy's own date is one that every record has."""
    problems: list[Problem] = []
    meaning = names.meaning(policy.on, (policy.for_each,))
    if isinstance(meaning, Unmeant):
        Sorting(names, problems.append).unmeant(policy.on, meaning)
        yield from problems
        return
    date = isinstance(meaning.end, Field) and meaning.end.kind is Kind.DATE
    if not date or meaning.may_be_none:
        yield MESSAGES["on_date"].at(policy.on.span, name=str(policy.on), type=policy.for_each)


def gives_is_free(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """What a policy gives is a new field of the record it is asked for, and every rule gives a class."""
    if policy.gives is None:
        return
    owner, name = policy.gives
    place = policy.place("gives")
    if owner != policy.for_each:
        given, asked = with_article(owner), with_article(policy.for_each)
        yield MESSAGES["gives_elsewhere"].at(place, each=policy.for_each, a_type=given, an_asked=asked)
        return
    giver = names.given.get((owner, name))
    taken = name in names.types[owner].names or name in sets_below(names.types, owner)
    if taken or (giver is not None and giver[1].name != policy.name):
        yield MESSAGES["gives_taken"].at(place, name=f"{owner}.{name}")
    for version in policy.versions:
        if version.classified is None:
            yield MESSAGES["gives_no_class"].at(version.span, rules=(version.rule,), rule=version.rule)


def currency_is_of_its_day(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No rule owes money after the last day of its currency."""
    del names
    last = LAST_DAYS.get(policy.currency)
    for version in policy.versions:
        if last is not None and version.owes is not None and not Days(None, last).covers(version.in_force):
            rule, place = version.rule, version.place("in force")
            facts = {"what": f"rule {rule}", "last": str(last), "currency": policy.currency}
            yield MESSAGES["currency_over"].at(place, (rule,), "", **facts)


def rules_named_exist(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """Every rule that an exception or a rank names is there."""
    del names
    known = tuple(rule.number for rule in policy.rules)
    for version in policy.versions:
        for key, named in (("exception to", version.exception_to), ("prevails over", version.prevails_over)):
            for number in named:
                if number not in known:
                    hint = did_you_mean(number, [each for each in known if each != version.rule])
                    place = version.place(key)
                    yield MESSAGES["rule_unknown"].at(place, (version.rule,), hint, rule=number, known=", ".join(known))


def rules_displace_in_order(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """Exceptions and ranks have no circle."""
    if any(True for _ in rules_named_exist(policy, names)):
        return
    together = [in_force(policy, days) for days in stretches(policy)]
    crowd = next((version for each in together if (version := crowded(policy, each)) is not None), None)
    if crowd is not None:
        place = crowd.place("exception to")
        yield MESSAGES["exceptions_crowded"].at(place, (crowd.rule,), rule=crowd.rule, most=str(MOST_PLACES))
        return
    laid_out = (structure(policy, each) for each in together)
    cycle = next((each for each in laid_out if isinstance(each, Cycle)), None)
    if cycle is not None:
        circle = tuple(dict.fromkeys(cycle.rules))
        versions = policy.rule(circle[0]).versions
        version = next((each for each in versions if each.exception_to or each.prevails_over), versions[0])
        key = "exception to" if version.exception_to else "prevails over"
        displaced = f"rules {', '.join(circle)} displace one another"
        said = displaced if len(circle) > 1 else f"rule {circle[0]} displaces itself"
        yield MESSAGES["displaced_in_circle"].at(version.place(key), circle, circle=said)


def versions_do_not_overlap(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """Two versions of one rule are never in force on one day."""
    del names
    for rule in policy.rules:
        for one, other in combinations(rule.versions, 2):
            common = one.in_force.meets(other.in_force)
            if not common.empty:
                first, last = (str(end or "..") for end in (common.first, common.last))
                place = other.place("in force")
                yield MESSAGES["versions_overlap"].at(place, (rule.number,), rule=rule.number, first=first, last=last)


def definitions_rest_on_fields(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No definition rests on itself."""
    circle = _definitions_in_a_circle(policy, names)
    if circle:
        shown = ", ".join(f"{each.type}.{each.name}" for each in circle)
        yield MESSAGES["defined_in_circle"].at(circle[0].span, circle=shown)


def expressions_have_types(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """Every name is known, and every expression is of the type that is wanted where it stands."""
    if _definitions_in_a_circle(policy, names):
        return
    problems: list[Problem] = []
    sorting = Sorting(names, problems.append)
    for definition in policy.definitions:
        sorting.defined(definition)
    yield from problems
    for version in policy.versions:
        problems.clear()
        _version(policy, version, sorting)
        yield from (replace(problem, rules=(version.rule,)) for problem in problems)
    problems.clear()
    for claim in policy.claims:
        _claim(policy, claim, sorting)
    yield from problems


def comparisons_can_differ(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No comparison comes out the same for every record."""
    if _definitions_in_a_circle(policy, names):
        return
    alike = Alike(names)
    for definition in policy.definitions:
        yield from alike.problems(definition.meaning, definition.type)
    for version in policy.versions:
        for part in (version.when, *(share.amount for share in version.owes or ())):
            for problem in () if part is None else alike.problems(part, policy.for_each):
                yield replace(problem, rules=(version.rule,))
    for claim in policy.claims:
        yield from _claimed_in_vain(policy, claim, alike)


def _claimed_in_vain(policy: Policy, claim: Claim, alike: Alike) -> Iterator[Problem]:
    for part in (claim.when, claim.amount):
        if part is not None:
            yield from alike.problems(part, policy.for_each)


def check_claim(policy: Policy, claim: Claim, given: Sequence[Policy], types: Types) -> tuple[Problem, ...]:
    """What is wrong with a claim about a policy that has no problems itself."""
    problems: list[Problem] = []
    names = Vocabulary.of(policy, given, types)
    _claim(policy, claim, Sorting(names, problems.append))
    problems += _claimed_in_vain(policy, claim, Alike(names))
    return tuple(_of(policy, problem) for problem in problems)


CHECKS = (
    on_is_a_date,
    gives_is_free,
    rules_named_exist,
    currency_is_of_its_day,
    rules_displace_in_order,
    versions_do_not_overlap,
    definitions_rest_on_fields,
    expressions_have_types,
    comparisons_can_differ,
)


def _version(policy: Policy, version: Version, sorting: Sorting) -> None:
    scope = (policy.for_each,)
    guards = _inherited(policy, version, sorting, {})
    if version.when is not None:
        sorting.condition(version.when, scope, guards)
        guards |= _guards(version, sorting, scope)
    for share in version.owes or ():
        _amount(share.amount, scope, guards, sorting)
        for payer in (share.payer, share.liable):
            _payer(payer, scope, sorting)


def _claim(policy: Policy, claim: Claim, sorting: Sorting) -> None:
    scope = (policy.for_each,)
    guards = NO_GUARDS
    if claim.when is not None:
        sorting.condition(claim.when, scope)
        guards = sorting.guarded(claim.when, scope)
    if claim.amount is not None:
        _amount(claim.amount, scope, guards, sorting)
    _payer(claim.payer, scope, sorting)
    if claim.outcome == "is" and claim.classified not in policy.classes:
        found, known = f"'{claim.classified}'", [f"'{each}'" for each in policy.classes]
        hint = did_you_mean(found, known)
        said = ", ".join(known) or "nothing"
        sorting.say(MESSAGES["claim_class"].at(claim.span, (), hint, found=found, known=said))


def _amount(part: Expression, scope: Scope, guards: Guards, sorting: Sorting) -> None:
    sort = sorting.certain(part, scope, guards)
    if sort.name not in ("money", "?") and not (sort.name == "number" and sort.literal):
        hint = PER_UNIT.format(sorting.names.currency or "EUR") if sort.name in COUNTED else ""
        sorting.say(MESSAGES["amount_wanted"].at(part.span, (), hint, found=sort.words))


def _payer(payer: Payer | None, scope: Scope, sorting: Sorting) -> None:
    if payer is not None and payer.path is not None:
        who = sorting.sort(payer.path, scope)
        if who.name not in ("person", "?"):
            sorting.say(MESSAGES["payer_person"].at(payer.path.span, name=str(payer.path)))


def _guards(version: Version, sorting: Sorting, scope: tuple[str, ...]) -> Guards:
    return NO_GUARDS if version.when is None else sorting.guarded(version.when, scope)


def _inherited(policy: Policy, version: Version, sorting: Sorting, known: dict[int, Guards | None]) -> Guards:
    """What the rules around an exception guard already: it covers only where one of them does.

    Known are the guards of the versions looked at before; None for one that is being looked at, as in a circle.
    """
    scope = (policy.for_each,)
    known[id(version)] = None
    guards: list[Guards] = []
    for base in (each for each in policy.versions if each.rule in version.exception_to):
        around = known[id(base)] if id(base) in known else _inherited(policy, base, sorting, known)
        if around is not None:
            guards.append(_guards(base, sorting, scope) | around)
    found = reduce(and_, guards) if guards else NO_GUARDS
    known[id(version)] = found
    return found


def _definitions_in_a_circle(policy: Policy, names: Vocabulary) -> list[Definition]:
    """Some definitions that rest on one another in a circle."""
    settled: set[tuple[str, str]] = set()
    for start in policy.definitions:
        trail = _resting(start, names, [], settled)
        if trail:
            return trail
    return []


def _resting(
    here: Definition, names: Vocabulary, trail: list[Definition], settled: set[tuple[str, str]]
) -> list[Definition]:
    """The circle that a definition leads into; those that lead into none are settled."""
    if here in trail:
        return trail[trail.index(here) :]
    if (here.type, here.name) in settled:
        return []
    used = (meaning.end for meaning in used_by(here.meaning, (here.type,), names))
    for each in (end for end in used if isinstance(end, Definition)):
        found = _resting(each, names, [*trail, here], settled)
        if found:
            return found
    settled.add((here.type, here.name))
    return []
