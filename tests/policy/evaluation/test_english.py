"""Rules and results as sentences; every sentence here was written by hand."""

import pytest

from custodiet.base.money import Money
from custodiet.policy.evaluation.english import result_in_words, rule_in_words
from custodiet.policy.evaluation.result import Bounds, Debt, Missing, Outcome, Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.document import read_document
from tests.policy_documents import POLICIES


def good(name: str) -> Policy:
    """One of the good documents."""
    policy = read_document((POLICIES / "good" / f"{name}.md").read_text(encoding="utf-8"), f"{name}.md").policy
    assert policy is not None
    return policy


@pytest.mark.parametrize(
    ("document", "rule", "version", "sentence"),
    [
        (
            "seat-fare", "4.2", 0,
            ("Rule 4.2 (Model Code, art. 4(2), in force since 2020-01-01): where leg.purpose is 'personal', "
            "the occupant owes leg.full_coach_fare."),
        ),
        (
            "seat-fare", "4.3", 0,
            ("Rule 4.3 (Model Code, art. 4(3), in force since 2022-07-01), an exception to rule 4.2: "
            "where role is 'protectee' and leg.certified_on is less than leg.departed_on, "
            "the occupant owes the lowest of leg.full_coach_fare, leg.operating_cost divided by leg.seats."),
        ),
        (
            "trip-cost", "2", 0,
            ("Rule 2 (Model Code, art. 9(2), first reading, in force from 2023-01-01 to 2023-12-31): "
            "where campaign_days is more than 0 and length is more than 0, "
            "the campaign committee owes (travel times campaign_days) divided by length, "
            "for which the answerable is liable too."),
        ),
        (
            "trip-cost", "4", 0,
            ("Rule 4 (Model Code, art. 9(4), in force since 2023-01-01), prevailing over rules 1 and 2: "
            "where out_of_city is yes and rode_along is not no and (late or all_itemised is no) "
            "and there is no continues, the protectee owes the lowest of travel, 1000."),
        ),
        (
            "trip-cost", "3", 0,
            ("Rule 3 (Model Code, art. 9(3), in force since 2023-01-01), an exception to rule 2: "
            "where continues is there or departed_on is less than 2023-02-01, nothing is due."),
        ),
        (
            "day-character", "D1", 0,
            "Rule D1 (Model Code, art. 8(1), in force at all times): where rally, it is classified as 'campaign'.",
        ),
        (
            "day-character", "D2", 0,
            ("Rule D2 (Model Code, art. 8(2), in force until 2030-12-31): where not rally, "
            "it is classified as 'official'."),
        ),
        (
            "errand", "7b", 0,
            ("Rule 7b (Model Code, art. 7(2), in force since 2020-01-01), an exception to rule 7a: "
            "where authorization is there, it is permitted and it is classified as 'authorized errand'."),
        ),
        (
            "seat-shares", "6.1", 0,
            ("Rule 6.1 (Model Code, art. 6(1), in force since 2020-01-01): "
            "where leg.purpose is 'mixed' and leg.trip.out_of_city, "
            "the campaign committee owes (the lowest of leg.full_coach_fare, leg.operating_cost, 300) divided by 3, "
            "and the party owes 20, and the occupant owes the rest of leg.full_coach_fare, "
            "for which the leg.trip.answerable is liable too."),
        ),
    ],
)  # fmt: skip
def test_a_rule_reads_as_a_sentence(document: str, rule: str, version: int, sentence: str) -> None:
    assert rule_in_words(good(document).rule(rule).versions[version]) == sentence


def test_an_amount_that_a_rule_names_is_said_in_the_currency_of_its_policy() -> None:
    policy = good("seat-shares")
    sentence = rule_in_words(policy.rule("6.1").versions[0], policy.currency)
    assert "and the party owes 20 EUR, and the occupant owes the rest of leg.full_coach_fare," in sentence


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("any(leg.seat where role = 'guest') and on_duty", "there is a leg.seat where (role is 'guest') and on_duty"),
        ("not any(leg.seat where role = 'guest')", "there is no leg.seat where (role is 'guest')"),
        ("all(leg.load where served = 'the city')", "for every leg.load (served is 'the city')"),
        ("count(leg.seat) + 1 <= leg.seats", "(the number of leg.seat) plus 1 is at most leg.seats"),
        ("not (on_duty or role != 'crew')", "not (on_duty or role is not 'crew')"),
        (
            "leg.departed_on - 3 days >= leg.recorded_on and leg.seats > 2.50",
            "leg.recorded_on is at most leg.departed_on minus 3 days and leg.seats is more than 2.5",
        ),
    ],
)
def test_a_condition_reads_as_words_that_can_be_read_in_one_way(condition: str, words: str) -> None:
    text = (POLICIES / "good" / "seat-fare.md").read_text(encoding="utf-8")
    policy = read_document(text.replace("leg.purpose = 'personal'", condition), "seat-fare.md").policy
    assert policy is not None

    assert f": where {words}, the occupant owes" in rule_in_words(policy.rule("4.2").versions[0])


def in_words(**said: object) -> str:
    """What is said of a seat."""
    return result_in_words(good("seat-fare"), Result("good/seat-fare", "seat", "S1", **said))  # type: ignore[arg-type]


EUR_412, EUR_300 = Money.read("412 EUR"), Money.read("300 EUR")
PURPOSE = Missing("L1", "purpose", "the protective unit")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"outcome": Outcome.OWES, "debts": (Debt("P7", EUR_412),), "because": ("4.2",)},
            "seat S1: P7 owes 412.00 EUR under rule 4.2.",
        ),
        (
            {
                "outcome": Outcome.OWES,
                "debts": (Debt("campaign committee", EUR_300, "P1"), Debt("P7", EUR_412)),
                "because": ("4.5", "4.6"),
            },
            (
                "seat S1: campaign committee owes 300.00 EUR, for which P1 is liable too and P7 owes 412.00 EUR "
                "under rules 4.5 and 4.6."
            ),
        ),
        ({"outcome": Outcome.NOTHING_DUE, "because": ("4.1",)}, "seat S1: nothing is due under rule 4.1."),
        (
            {"outcome": Outcome.FORBIDDEN, "permission": "forbidden", "because": ("7",)},
            "seat S1: it is forbidden under rule 7.",
        ),
        (
            {
                "outcome": Outcome.PERMITTED,
                "permission": "permitted",
                "classified": "authorized errand",
                "because": ("7b",),
            },
            "seat S1: it is permitted and it is classified as 'authorized errand' under rule 7b.",
        ),
        ({"outcome": Outcome.NO_RULE}, "seat S1: no rule of good/seat-fare in force on the day speaks of it."),
        (
            {"outcome": Outcome.CONFLICT, "because": ("1", "2", "3")},
            "seat S1: rules 1, 2 and 3 answer it differently; the body that issues the policy must settle that.",
        ),
        (
            {
                "outcome": Outcome.UNDETERMINED,
                "between": Bounds(EUR_300, EUR_412),
                "otherwise": ("no rule",),
                "unsettled": ("4.2",),
                "missing": (PURPOSE,),
            },
            (
                "seat S1: undetermined: between 300.00 EUR and 412.00 EUR or 'no rule'; it turns on rule 4.2; "
                "ask the protective unit for purpose of L1."
            ),
        ),
        (
            {"outcome": Outcome.UNDETERMINED, "between": Bounds(EUR_300, None), "missing": (PURPOSE,)},
            "seat S1: undetermined: between 300.00 EUR and no upper bound; ask the protective unit for purpose of L1.",
        ),
        (
            {
                "outcome": Outcome.UNDETERMINED,
                "otherwise": ("permitted", "forbidden"),
                "missing": (PURPOSE, Missing("S1", "role", "the protective unit")),
            },
            (
                "seat S1: undetermined: 'permitted' or 'forbidden'; ask the protective unit for purpose of L1; "
                "the protective unit for role of S1."
            ),
        ),
    ],
)
def test_a_result_reads_as_a_sentence(said: dict[str, object], sentence: str) -> None:
    assert in_words(**said) == sentence


def test_every_rule_of_the_good_documents_has_a_sentence_of_its_own() -> None:
    names = sorted(path.stem for path in (POLICIES / "good").glob("*.md"))
    sentences = [rule_in_words(version) for name in names for version in good(name).versions]

    assert len(sentences) == len(set(sentences))
    assert all(sentence.startswith("Rule ") and sentence.endswith(".") for sentence in sentences)
