"""Finds everything that is wrong with a policy that could be read.

The checks are a tuple of functions; a new check is added to it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, combinations
from operator import and_

from custodiet.base.currencies import LAST_DAYS
from custodiet.base.dates import Days
from custodiet.base.errors import Problem, did_you_mean
from custodiet.policy.analysis.constant_comparisons import Alike
from custodiet.policy.analysis.cycles import in_order
from custodiet.policy.analysis.diagnostics import CHECKING
from custodiet.policy.analysis.extent import extent, extents, in_a_circle
from custodiet.policy.analysis.guards import NO_GUARDS, Guards, Scope
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.analysis.precedence import (
    DEEPEST,
    MOST_BOXES,
    MOST_DISPLACED,
    MOST_PLACES,
    Cycle,
    Structure,
    bases_of,
    in_force,
    stretches,
    structure,
    tangle,
)
from custodiet.policy.analysis.resolve import Unmeant, Vocabulary
from custodiet.policy.analysis.types import COUNTED, Sorting
from custodiet.policy.language.ast import Claim, Definition, Expression, Judgment, Payer, Policy, Version
from custodiet.policy.language.diagnostics import READING
from custodiet.records import Field, Kind, Types, with_article
from custodiet.records.facts import sets_below

PER_UNIT = (
    "put a sum for each unit in a dated table: with `100.00 {}` in the column `each` of rates/sums.csv, "
    "`rate(sums.each on …) * …` is an amount"
)
"""The help for a number that was multiplied where an amount is needed."""


def check(policy: Policy, given: Sequence[Policy], types: Types) -> tuple[Problem, ...]:
    """Every problem of a policy; `given` are the policies of the pack that give a field.

    The examples are run separately, by `custodiet.policy.testing.examples`, once nothing else is wrong.
    """
    if policy.for_each not in types:
        known = ", ".join(types)
        hint = did_you_mean(policy.for_each, types)
        place = policy.place("for each")
        return (_of(policy, CHECKING["type_unknown"].at(place, hint=hint, name=policy.for_each, known=known)),)
    problems = _names_made(policy, given, types)
    if not problems:
        names = Vocabulary.of(policy, given, types)
        problems = [problem for each in BOUNDS for problem in each(policy, names)]
        # Without these bounds, checks that follow definitions might not end.
        checks = CHECKS if problems else (*CHECKS, *CHECKS_OF_EXPRESSIONS)
        problems += [problem for each in checks for problem in each(policy, names)]
    problems.sort(key=lambda each: (each.span.line, each.span.column))
    return tuple(_of(policy, problem) for problem in problems)


def _of(policy: Policy, problem: Problem) -> Problem:
    return replace(problem, policy=policy.name)


def _names_made(policy: Policy, given: Sequence[Policy], types: Types) -> list[Problem]:
    """Definitions and judgments are about an existing type and use a free name."""
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    fields = Vocabulary(types, (), given)
    made: tuple[Definition | Judgment, ...] = (*policy.definitions, *policy.judgments)
    for each in made:
        if each.type not in types:
            hint = did_you_mean(each.type, types)
            problems.append(CHECKING["type_unknown"].at(each.span, hint=hint, name=each.type, known=", ".join(types)))
        elif each.name in fields.known(each.type):
            problems.append(CHECKING["definition_taken"].at(each.span, a_type=with_article(each.type), name=each.name))
        elif (each.type, each.name) in seen:
            problems.append(CHECKING["definition_twice"].at(each.span, name=f"{each.type}.{each.name}"))
        seen.add((each.type, each.name))
    return problems


def on_is_a_date(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """The policy's own date is a date that every record has."""
    problems: list[Problem] = []
    meaning = names.meaning(policy.on, (policy.for_each,))
    if isinstance(meaning, Unmeant):
        Sorting(names, problems.append).unmeant(policy.on, meaning)
        yield from problems
        return
    date = isinstance(meaning.end, Field) and meaning.end.kind is Kind.DATE
    if not date or meaning.may_be_none:
        yield CHECKING["on_date"].at(policy.on.span, name=str(policy.on), type=policy.for_each)


def gives_is_free(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """What a policy gives is a new field of the record it is asked for, and every rule gives a class."""
    if policy.gives is None:
        return
    owner, name = policy.gives
    place = policy.place("gives")
    if owner != policy.for_each:
        given, asked = with_article(owner), with_article(policy.for_each)
        yield CHECKING["gives_elsewhere"].at(place, each=policy.for_each, a_type=given, an_asked=asked)
        return
    giver = names.given.get((owner, name))
    taken = name in names.types[owner].names or name in sets_below(names.types, owner)
    if taken or (giver is not None and giver[1].name != policy.name):
        yield CHECKING["gives_taken"].at(place, name=f"{owner}.{name}")
    for version in policy.versions:
        if version.classified is None:
            yield CHECKING["gives_no_class"].at(version.span, rules=(version.rule,), rule=version.rule)


def boxes_are_few(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """The policy has no more boxes of rules than can be compared with one another."""
    del names
    if len(policy.versions) > MOST_BOXES:
        first = policy.versions[MOST_BOXES]
        yield CHECKING["boxes_many"].at(first.span, (first.rule,), most=f"{MOST_BOXES:,}")


def currency_is_of_its_day(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No rule owes money after the last day of its currency."""
    del names
    last = LAST_DAYS.get(policy.currency)
    for version in policy.versions:
        paid = any(share.payer is not None for share in version.owes or ())
        if last is not None and paid and not Days(None, last).covers(version.in_force):
            rule, place = version.rule, version.place("in force")
            facts = {"what": f"rule {rule}", "last": str(last), "currency": policy.currency}
            yield READING["currency_over"].at(place, (rule,), "", **facts)


def rules_named_exist(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """Every rule named by an exception or a rank exists."""
    del names
    known = tuple(rule.number for rule in policy.rules)
    for version in policy.versions:
        for key, named in (("exception to", version.exception_to), ("prevails over", version.prevails_over)):
            for number in named:
                if number not in known:
                    hint = did_you_mean(number, [each for each in known if each != version.rule])
                    place = version.place(key)
                    yield CHECKING["rule_unknown"].at(place, (version.rule,), hint, rule=number, known=", ".join(known))


def rules_displace_in_order(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """Exceptions and ranks form no circle and stay within the limits."""
    if any(True for check in (boxes_are_few, rules_named_exist) for _ in check(policy, names)):
        return
    for numbers in dict.fromkeys(in_force(policy, days) for days in stretches(policy)):
        problem = _tangled(policy, numbers)
        if problem is None:
            laid_out = structure(policy, numbers)
            problem = _circular(laid_out) if isinstance(laid_out, Cycle) else _ranked(laid_out)
        if problem is not None:
            yield problem
            return


def _tangled(policy: Policy, numbers: frozenset[int]) -> Problem | None:
    """The problem of exceptions that are nested too deep or are in too many places."""
    found = tangle(policy, numbers)
    if found is not None and found.depth > DEEPEST:
        deep, rule = found.deepest, found.deepest.rule
        return CHECKING["exceptions_deep"].at(deep.place("exception to"), (rule,), rule=rule, most=str(DEEPEST))
    if found is not None and found.places > MOST_PLACES:
        crowd, rule, most = found.most_places, found.most_places.rule, f"{MOST_PLACES:,}"
        return CHECKING["exceptions_crowded"].at(crowd.place("exception to"), (rule,), rule=rule, most=most)
    return None


def _ranked(laid_out: Structure) -> Problem | None:
    """The problem of too many ranks, counting those that follow from others."""
    if sum(map(len, laid_out.displacers)) <= MOST_DISPLACED:
        return None
    by = Counter(laid_out.own[place] for displacers in laid_out.displacers for place in displacers)
    written = {own: place.version for own, place in zip(laid_out.own, laid_out.places, strict=True)}
    version = next(written[own] for own, _ in by.most_common() if written[own].prevails_over)
    place, most = version.place("prevails over"), f"{MOST_DISPLACED:,}"
    return CHECKING["ranks_many"].at(place, (version.rule,), rule=version.rule, most=most)


def _circular(cycle: Cycle) -> Problem:
    versions = tuple({each.rule: each for each in cycle.versions}.values())
    first, *others = versions
    places = {each.rule: each.place("exception to" if each.exception_to else "prevails over") for each in versions}
    circle = listed([f"{rule} (line {place.line})" for rule, place in places.items()])
    said = f"rules {circle} displace one another" if others else f"rule {circle} displaces itself"
    return CHECKING["displaced_in_circle"].at(places[first.rule], tuple(places), circle=said)


def versions_do_not_overlap(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No two versions of a rule are in force on the same day."""
    if any(True for _ in boxes_are_few(policy, names)):
        return
    for rule in policy.rules:
        for one, other in combinations(rule.versions, 2):
            common = one.in_force.meets(other.in_force)
            if not common.empty:
                first, last = (str(end or "..") for end in (common.first, common.last))
                place = other.place("in force")
                yield CHECKING["versions_overlap"].at(place, (rule.number,), rule=rule.number, first=first, last=last)


def definitions_rest_on_fields(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No definition refers to itself, directly or through others."""
    circle = in_a_circle(policy, names)
    if circle:
        shown = listed([f"{each.type}.{each.name} (line {each.span.line})" for each in circle])
        said = f"{shown} refer to one another" if len(circle) > 1 else f"{shown} refers to itself"
        yield CHECKING["defined_in_circle"].at(circle[0].span, circle=said)


def expressions_are_small(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No expression exceeds the limits once everything it refers to is written out.

    Whatever refers to a definition exceeds a limit along with it, so only the first one is reported.
    """
    if in_a_circle(policy, names):
        return
    scope, known = (policy.for_each,), extents(policy, names)
    defined = ((each.span, (), known[each.type, each.name]) for each in policy.definitions)
    boxes: tuple[Version | Claim, ...] = (*policy.versions, *policy.claims)
    said = (
        (part.span, (each.rule,) if isinstance(each, Version) else (), extent(part, scope, names, known))
        for each in boxes
        for part in _parts(each)
    )
    for place, rules, found in chain(defined, said):
        if found.beyond:
            yield CHECKING["written_out"].at(place, rules, beyond=found.beyond)
            return


def _parts(said: Version | Claim) -> tuple[Expression, ...]:
    """The expressions of a rule's box or of a claim."""
    amounts = (said.amount,) if isinstance(said, Claim) else tuple(share.amount for share in said.owes or ())
    return tuple(part for part in (said.when, *amounts) if part is not None)


def expressions_have_types(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """Every name is known, and every expression has the type needed in its place."""
    problems: list[Problem] = []
    sorting = Sorting(names, problems.append)
    for definition in policy.definitions:
        sorting.defined(definition)
    yield from problems
    inherited = _inherited(policy, sorting)
    for version in policy.versions:
        problems.clear()
        _version(policy, version, sorting, inherited[id(version)])
        yield from (replace(problem, rules=(version.rule,)) for problem in problems)
    problems.clear()
    for claim in policy.claims:
        _claim(policy, claim, sorting)
    yield from problems


def comparisons_can_differ(policy: Policy, names: Vocabulary) -> Iterator[Problem]:
    """No comparison has the same result for every record."""
    alike = Alike(names)
    for definition in policy.definitions:
        yield from alike.problems(definition.meaning, definition.type)
    for version in policy.versions:
        for part in _parts(version):
            yield from (replace(each, rules=(version.rule,)) for each in alike.problems(part, policy.for_each))
    for claim in policy.claims:
        yield from _claimed_in_vain(policy, claim, alike)


def _claimed_in_vain(policy: Policy, claim: Claim, alike: Alike) -> Iterator[Problem]:
    for part in _parts(claim):
        yield from alike.problems(part, policy.for_each)


def check_claim(policy: Policy, claim: Claim, given: Sequence[Policy], types: Types) -> tuple[Problem, ...]:
    """The problems of a claim about a policy that has no problems itself."""
    names = Vocabulary.of(policy, given, types)
    problems = list(expressions_are_small(replace(policy, claims=(claim,)), names))
    _claim(policy, claim, Sorting(names, problems.append))
    problems += _claimed_in_vain(policy, claim, Alike(names))
    return tuple(_of(policy, problem) for problem in problems)


def unused(
    policy: Policy, given: Sequence[Policy], types: Types, also: Sequence[Expression] = ()
) -> tuple[Problem, ...]:
    """The unused definitions and judgments of a policy without problems.

    `also` are conditions about its records that are written elsewhere.
    """
    plan = Plan(policy, Vocabulary.of(policy, given, types))
    asked = [*also, *(part for claim in policy.claims for part in _parts(claim))]
    asked += [claim.payer.path for claim in policy.claims if claim.payer is not None and claim.payer.path is not None]
    for part in asked:
        plan.term(part, plan.asked)
    named: tuple[Definition | Judgment, ...] = (*policy.definitions, *policy.judgments)
    return tuple(_of(policy, _told_unused(each)) for each in named if (each.type, each.name) not in plan.reached)


def _told_unused(made: Definition | Judgment) -> Problem:
    name = f"{made.type}.{made.name}"
    if isinstance(made, Judgment):
        return CHECKING["judgment_unused"].at(made.span, name=name, of=made.of)
    return CHECKING["definition_unused"].at(made.span, name=name)


BOUNDS = (definitions_rest_on_fields, expressions_are_small)
CHECKS = (
    on_is_a_date,
    gives_is_free,
    boxes_are_few,
    rules_named_exist,
    currency_is_of_its_day,
    rules_displace_in_order,
    versions_do_not_overlap,
)
CHECKS_OF_EXPRESSIONS = (expressions_have_types, comparisons_can_differ)


def _version(policy: Policy, version: Version, sorting: Sorting, guards: Guards) -> None:
    scope = (policy.for_each,)
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
        sorting.say(CHECKING["claim_class"].at(claim.span, (), hint, found=found, known=said))


def _amount(part: Expression, scope: Scope, guards: Guards, sorting: Sorting) -> None:
    sort = sorting.certain(part, scope, guards)
    if sort.name not in ("money", "?") and not (sort.name == "number" and sort.literal):
        hint = PER_UNIT.format(sorting.names.currency or "EUR") if sort.name in COUNTED else ""
        sorting.say(CHECKING["amount_wanted"].at(part.span, (), hint, found=sort.words))


def _payer(payer: Payer | None, scope: Scope, sorting: Sorting) -> None:
    if payer is not None and payer.path is not None:
        who = sorting.sort(payer.path, scope)
        if who.name not in ("person", "?"):
            sorting.say(CHECKING["payer_person"].at(payer.path.span, name=str(payer.path)))


def _guards(version: Version, sorting: Sorting, scope: tuple[str, ...]) -> Guards:
    return NO_GUARDS if version.when is None else sorting.guarded(version.when, scope)


def _inherited(policy: Policy, sorting: Sorting) -> dict[int, Guards]:
    """What the rules around each version already guard, by its `id`: an exception covers only if one of them does.

    In a circle, which is reported elsewhere, nothing is known yet about the version met first.
    """
    versions, scope = policy.versions, (policy.for_each,)
    bases = bases_of(versions)
    found: dict[int, Guards] = {}
    for place in in_order(bases).order:
        known = [versions[base] for base in bases[place] if id(versions[base]) in found]
        guards = [_guards(base, sorting, scope) | found[id(base)] for base in known]
        found[id(versions[place])] = reduce(and_, guards) if guards else NO_GUARDS
    return found


def listed(several: Sequence[str], most: int = 10) -> str:
    """Several things as a phrase; if there are many, only the first ones."""
    if len(several) > most:
        return f"{', '.join(several[:most])} and {len(several) - most:,} more"
    return " and ".join(filter(None, (", ".join(several[:-1]), *several[-1:])))
