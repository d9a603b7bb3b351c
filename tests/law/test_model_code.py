"""The pack of the Model Republic is in order, and each of its rules, exceptions and ranks does something."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from custodiet.base.dates import Days
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import Policy, Version
from custodiet.policy.packs.pack import Pack, read_pack
from custodiet.policy.testing.examples import run_examples
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests import model_city
from tests.house import ROOT, every_type
from tests.model_city import Audited, State, answered
from tests.pack_answers import pack_of

PACK = ROOT / "packs" / "model-code"
MODEL_CODE = pack_of("model-code")

THIRTEEN = {
    "allowance-for-meals",
    "day-character",
    "trip-character",
    "trips-by-official",
    "trips-by-traveller",
    "voucher-payer",
    "seat-without-protectee",
    "errand-and-load",
    "home-to-work",
    "seat-fare",
    "recorded-in-time",
    "guidance-before-act",
    "protection-charge",
}


@pytest.fixture(scope="module")
def complete() -> State:
    return model_city.state("complete")


@pytest.fixture(scope="module")
def results() -> Audited:
    return model_city.audited("complete")


def test_the_pack_answers_thirteen_questions_and_has_no_problem() -> None:
    assert {policy.name.partition("/")[2] for policy in MODEL_CODE.policies} == THIRTEEN
    assert [problem.shown() for problem in MODEL_CODE.problems] == []
    assert MODEL_CODE.examples.failed == 0


def test_every_document_has_at_least_four_worked_examples() -> None:
    assert {policy.name for policy in MODEL_CODE.policies if len(policy.examples) < 4} == set()


def test_every_document_shows_an_undetermined_answer_and_one_before_the_code() -> None:
    for policy in MODEL_CODE.policies:
        expected = {text for example in policy.examples for _, text, _ in example.cells}
        assert {"undetermined", "no rule"} <= expected, policy.name


def test_only_seats_loads_and_ways_to_work_can_be_forbidden() -> None:
    forbidding = {p.name for p in MODEL_CODE.policies for v in p.versions if v.permission == "forbidden"}
    assert forbidding == {
        "model-code/seat-without-protectee",
        "model-code/errand-and-load",
        "model-code/home-to-work",
    }


def test_nobody_with_a_protectee_aboard_is_told_that_the_ride_is_forbidden(complete: State, results: Audited) -> None:
    protected = {seat.value("leg") for seat in complete.facts.of("seat") if seat.value("role") == "protectee"}
    seats = {seat.id for seat in complete.facts.of("seat") if seat.value("leg") in protected}
    forbidden = {record for (record, _), result in results.items() if result.outcome is Outcome.FORBIDDEN}
    assert len(protected) > 50
    assert forbidden & (seats | {str(leg) for leg in protected}) == set()


def test_what_the_city_rightly_bears_is_never_written_as_a_debt_of_the_city() -> None:
    bodies = {
        payer.body
        for policy in MODEL_CODE.policies
        for version in policy.versions
        for share in version.owes or ()
        for payer in (share.payer, share.liable)
        if payer is not None
    }
    assert bodies == {"campaign committee", ""}


def _versions() -> Iterator[tuple[Policy, Version]]:
    for policy in MODEL_CODE.policies:
        for version in policy.versions:
            yield policy, version


def _name(policy: Policy, version: Version, other: str = "") -> str:
    begins = version.in_force.first
    return f"{policy.name.partition('/')[2]} {version.rule} since {begins}{f' over {other}' if other else ''}"


def _with(policy: Policy, old: Version, new: Version | None) -> Policy:
    """The policy with one version changed or taken out; what named a rule that is gone so forgets it."""
    rules = []
    for rule in policy.rules:
        versions = tuple(changed for each in rule.versions if (changed := new if each is old else each) is not None)
        if versions:
            rules.append(replace(rule, versions=versions))
    numbers = {rule.number for rule in rules}
    forgetful = tuple(
        replace(
            rule,
            versions=tuple(
                replace(
                    each,
                    exception_to=tuple(name for name in each.exception_to if name in numbers),
                    prevails_over=tuple(name for name in each.prevails_over if name in numbers),
                )
                for each in rule.versions
            ),
        )
        for rule in rules
    )
    return replace(policy, rules=forgetful)


def _first_disagreement(changed: Policy, rule: str, complete: State, results: Audited) -> str:
    """A record that the changed law answers otherwise than the key; those that the rule touched are asked first.

    Of what Model City keeps no records, the policy's own examples are asked.
    """
    if not complete.facts.of(changed.for_each):
        wrong = run_examples(changed, (), every_type())[1]
        return wrong[0].message if wrong else ""
    policies = [changed if each.name == changed.name else each for each in MODEL_CODE.policies]
    evaluator = Evaluator(policies, complete.facts)

    def untouched(record: Record) -> bool:
        before = results[record.id, changed.name]
        return rule not in before.because and all(rule not in (each.rule, each.by) for each in before.displaced)

    for record in sorted(complete.facts.of(changed.for_each), key=untouched):
        if answered(evaluator.decide(changed, record)) != complete.key[record.id, changed.name]:
            return record.id
    return ""


@pytest.mark.parametrize(("policy", "version"), [pytest.param(*pair, id=_name(*pair)) for pair in _versions()])
def test_without_this_rule_some_record_is_answered_wrongly(
    policy: Policy, version: Version, complete: State, results: Audited
) -> None:
    assert _first_disagreement(_with(policy, version, None), version.rule, complete, results)


@pytest.mark.parametrize(
    ("policy", "version", "base"),
    [
        pytest.param(policy, version, base, id=_name(policy, version, base))
        for policy, version in _versions()
        for base in version.exception_to
    ],
)
def test_if_this_exception_stood_alone_some_record_would_be_answered_wrongly(
    policy: Policy, version: Version, base: str, complete: State, results: Audited
) -> None:
    alone = replace(version, exception_to=tuple(each for each in version.exception_to if each != base))
    assert _first_disagreement(_with(policy, version, alone), version.rule, complete, results)


@pytest.mark.parametrize(
    ("policy", "version", "other"),
    [
        pytest.param(policy, version, other, id=_name(policy, version, other))
        for policy, version in _versions()
        for other in version.prevails_over
    ],
)
def test_without_this_rank_some_record_would_be_answered_wrongly(
    policy: Policy, version: Version, other: str, complete: State, results: Audited
) -> None:
    equal = replace(version, prevails_over=tuple(each for each in version.prevails_over if each != other))
    assert _first_disagreement(_with(policy, version, equal), version.rule, complete, results)


def test_the_test_of_removed_rules_finds_nothing_where_nothing_is_removed(complete: State, results: Audited) -> None:
    for policy in MODEL_CODE.policies:
        assert _first_disagreement(policy, "", complete, results) == ""


@pytest.fixture(scope="module")
def two_committees() -> Pack:
    return read_pack(ROOT / "tests" / "packs" / "conflict")


def test_two_committees_contradict_each_other_about_the_campaigns_furniture(two_committees: Pack) -> None:
    [van] = two_committees.policies
    leg = Record("leg", "L1", {"departed_on": Days.read("2024-02-20")})
    load = Record("load", "B1", {"leg": "L1", "sort": "furniture", "served": "the campaign", "owner": "son"})
    result = Evaluator([van], Facts([leg, load], every_type())).decide(van, load)
    assert result.outcome is Outcome.CONFLICT
    assert set(result.because) == {"1", "2"}
