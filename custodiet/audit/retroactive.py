"""The law of one day, applied to acts of any day; answers that the law of the act's own day did not give are marked."""

from dataclasses import replace
from datetime import date

from custodiet.audit.explain import decided_on
from custodiet.audit.impact import answer_of
from custodiet.audit.run import Audit, Progress, audit, silent
from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.truth import Truth
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy, RateTable, Rule
from custodiet.policy.packs.pack import Pack


def audit_by_law_of(day: date, own: Audit, progress: Progress = silent) -> Audit:
    """What the law of one day answers for every record of an audit, whatever the record's own day.

    A result is marked as hindsight unless the law of the record's own day, which `own` applied, certainly gives the
    same answer by the same boxes of the same rules. Where the act is later than the law, the mark says so instead: an
    older law is not hindsight.
    """
    laid = audit(own.title, own.currency, law_of(own.pack, day), own.view, progress)
    marked = (_marked(result, then, own, day) for result, then in zip(laid.results, own.results, strict=True))
    return replace(own, results=tuple(marked))


def law_of(pack: Pack, day: date) -> Pack:
    """A pack as it was on one day: the rules in force then are always in force, and no others."""
    return replace(pack, policies=tuple(_policy_of(policy, day) for policy in pack.policies))


def _policy_of(policy: Policy, day: date) -> Policy:
    rules = tuple(rule for rule in (_rule_of(each, day) for each in policy.rules) if rule.versions)
    return replace(policy, rules=rules, rates=tuple(_table_of(table, day) for table in policy.rates))


def _rule_of(rule: Rule, day: date) -> Rule:
    versions = tuple(
        replace(version, in_force=ANY_DAY) for version in rule.versions if _holds(version.in_force, Days.on(day))
    )
    return replace(rule, versions=versions)


def _table_of(table: RateTable, day: date) -> RateTable:
    rows = tuple(replace(row, in_force=ANY_DAY) for row in table.rows if _holds(row.in_force, Days.on(day)))
    return replace(table, rows=rows)


def _holds(in_force: Days, on: Days) -> bool:
    """Whether something is certainly in force."""
    return in_force.holds(on) is Truth.YES


def _marked(result: Result, then: Result, own: Audit, day: date) -> Result:
    """The result, marked unless the law of the record's own day certainly said the same."""
    policy = own.policy(result.policy)
    facts = own.view.facts
    on = decided_on(policy, facts, facts.find(result.type, result.record)) or ANY_DAY
    said_so = _by_rules(result) == _by_rules(then) and all(
        _holds(version.in_force, on)
        for number in (*result.because, *result.unsettled)
        for version in policy.rule(number).versions
        if _holds(version.in_force, Days.on(day))
    )
    later = on.first is not None and on.first > day
    return replace(result, hindsight=not said_so, by_earlier_law=later and not said_so)


def _by_rules(result: Result) -> tuple[object, ...]:
    """What a result answers, and by which rules."""
    return answer_of(result), frozenset(result.because), frozenset(result.unsettled)
