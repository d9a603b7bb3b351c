"""`custodiet explain`: why a record came out as it did."""

import argparse
from typing import TYPE_CHECKING

from custodiet.base.text import bounded, one_form
from custodiet.cli.exits import DONE, Exit
from custodiet.cli.options import as_json, command, takes_as_of, takes_docket, takes_format
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custodiet.audit.explain import Answer, Explanation, FieldRead, RuleText
    from custodiet.cli.options import Commands
    from custodiet.ledger.view import Origin
    from custodiet.policy.evaluation.result import Debt
    from custodiet.policy.language.ast import OpenGap

LONGEST = 400
"""How many characters of one text from the ledger are shown; JSON has all of them."""


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "explain",
        "explain why a record came out as it did",
        "For every policy that decides the record: the answer, the rules with their text, the fields that were read, "
        "with the entries and exhibits they come from, and what is missing and whom to ask for it.",
        "custodiet explain dockets/model-city/complete V001",
    )
    takes_docket(parser)
    parser.add_argument("record", metavar="RECORD", help="the record's id")
    takes_format(parser, "table", "json")
    takes_as_of(parser)


def run(arguments: argparse.Namespace) -> Exit:
    """Explain a record."""
    from custodiet.audit.explain import explain
    from custodiet.cli.open_docket import open_docket

    opened = open_docket(arguments.docket, arguments.as_of)
    explanation = explain(opened.pack, opened.view, one_form(arguments.record))
    say(as_json(_told(explanation)) if arguments.format == "json" else "\n".join(_as_words(explanation)))
    return DONE


def _told(explanation: "Explanation") -> dict[str, object]:
    from custodiet.audit.rejected_rows import held_over_in_json

    return {
        "record": explanation.record.id,
        "type": explanation.record.type,
        "fields": [_field(each) for each in explanation.fields],
        "held_over": [held_over_in_json(each) for each in explanation.held_over],
        "answers": [_answer(each) for each in explanation.answers],
    }


def _answer(answer: "Answer") -> dict[str, object]:
    from custodiet.audit.json_contract import between, missing

    result = answer.result
    return {
        "policy": result.policy,
        "question": answer.policy.question,
        "outcome": result.outcome.value,
        "sentence": answer.sentence,
        "debts": [
            {
                "payer": debt.payer,
                "currency": debt.amount.currency,
                "amount": debt.amount.digits,
                "liable": debt.liable or None,
                "worked": debt.worked or None,
            }
            for debt in result.debts
        ],
        "class": result.classified,
        "permission": result.permission,
        "between": between(result.between),
        "or": list(result.otherwise),
        "because": [rule_in_json(each) for each in answer.because],
        "displaced": [{"rule": each.rule, "by": each.by} for each in result.displaced],
        "unsettled": [rule_in_json(each) for each in answer.unsettled],
        "read": [_field(each) for each in answer.read],
        "missing": [missing(fact, days) for fact, days in zip(result.missing, answer.not_vouched, strict=True)],
        "left_open": gaps_in_json(answer.left_open),
        **({"since": list(answer.since)} if answer.since else {}),
        "hindsight": result.hindsight,
    }


def gaps_in_json(gaps: "Iterable[OpenGap]") -> list[dict[str, str]]:
    """Why a pack says that no rule answers, for other tools."""
    return [{"says": gap.what, **({"ask": gap.ask} if gap.ask else {}), "reason": gap.reason} for gap in gaps]


def rule_in_json(rule: "RuleText") -> dict[str, object]:
    """A rule with its text, for other tools."""
    return {
        "rule": rule.number,
        "title": rule.title,
        "text": rule.text,
        "restated": rule.restated,
        "cite": rule.cite,
        "in_force": rule.in_force,
        "reading": rule.reading,
        "definitions": list(rule.definitions),
        "doubts": [{"source": each.source, "says": each.says, "known": each.known} for each in rule.doubts],
    }


def _field(field: "FieldRead") -> dict[str, object]:
    return {
        "record": field.record,
        "field": field.field,
        "value": field.value,
        "concluded_by": field.concluded_by or None,
        "entries": [
            {
                "entry": origin.index,
                "source": origin.source,
                "exhibit": origin.place or None,
                "value": origin.value,
                "by": origin.by,
                "recorded_at": origin.recorded_at,
                "why": origin.why or None,
            }
            for origin in field.origins
        ],
    }


def _as_words(explanation: "Explanation") -> list[str]:
    from custodiet.audit.rejected_rows import held_over_in_words
    from custodiet.records import one

    record = explanation.record
    kind = one(record.type)
    lines = [f"{record.id}, {kind}"]
    lines += [line for each in explanation.held_over for line in _wrapped(held_over_in_words(each), "  ")]
    if not explanation.answers:
        lines += ["", f"No policy of this pack asks a question about {kind}. The ledger says this about it:"]
        return lines + _fields(explanation.fields)
    for answer in explanation.answers:
        lines += ["", f"{answer.policy.question}  ({answer.policy.name})", *_wrapped(answer.sentence, "  ")]
        lines += [line for said in answer.since for line in _wrapped(said, "  ")]
        lines += gaps_in_lines(answer.left_open)
        lines += [line for each in _worked(answer.result.debts) for line in _wrapped(each, "  ")]
        lines += _rules("because of", answer.because)
        lines += _rules("does not count here", answer.displaced)
        lines += [f"  {each.rule} gives way to {each.by}" for each in answer.result.displaced]
        lines += _rules("the answer turns on", answer.unsettled)
        lines += ["  read", *_fields(answer.read)] if answer.read else []
        lines += _missing(answer)
    return [*lines, "", "Computed, not decided: people decide."]


def gaps_in_lines(gaps: "Iterable[OpenGap]") -> list[str]:
    """Why a pack says that no rule answers, as indented lines."""
    from custodiet.policy.evaluation.english import gap_in_words

    return [line for gap in gaps for line in _wrapped(gap_in_words(gap), "    ")]


def _missing(answer: "Answer") -> list[str]:
    """What is missing and whom to ask for it; for a register, the days for which nobody vouches for it."""
    from custodiet.audit.questions import unvouched_in_words

    return [
        f"  missing: ask {fact.held_by} for {fact.field} of {fact.record}"
        + (f" ({unvouched_in_words(days)})" if days else "")
        for fact, days in zip(answer.result.missing, answer.not_vouched, strict=True)
    ]


def _worked(debts: "tuple[Debt, ...]") -> list[str]:
    """How each amount was worked out; with its payer, where there are several."""
    whose = [f", from {debt.payer}" if len(debts) > 1 else "" for debt in debts]
    return [
        f"worked out: {debt.worked} = {debt.amount}{payer}"
        for debt, payer in zip(debts, whose, strict=True)
        if debt.worked
    ]


def _rules(heading: str, rules: "tuple[RuleText, ...]") -> list[str]:
    lines = [f"  {heading}"] if rules else []
    for rule in rules:
        lines += rule_in_words(rule)
    return lines


def rule_in_words(rule: "RuleText") -> list[str]:
    """A rule with its text, as indented lines."""
    from custodiet.policy.evaluation.english import doubt_in_words

    return [
        f"    {rule.number} {rule.title} ({rule.cite})",
        *_wrapped(f"“{rule.text}”" if not rule.restated else f"In our words: {rule.text}", "      "),
        *_wrapped(f"Our reading: {rule.reading}", "      "),
        *(line for definition in rule.definitions for line in _wrapped(f"where {definition}", "        ")),
        *(line for each in rule.doubts for line in _wrapped(doubt_in_words(each), "      ")),
    ]


def _fields(fields: "tuple[FieldRead, ...]") -> list[str]:
    lines = []
    for field in fields:
        concluded = f" (concluded by {field.concluded_by})" if field.concluded_by else ""
        lines.append(f"    {field.field} of {field.record}: {bounded(field.value, LONGEST)}{concluded}")
        lines += [f"      {_origin(origin, amended=len(field.origins) > 1)}" for origin in field.origins]
    return lines


def _origin(origin: "Origin", *, amended: bool) -> str:
    told = f"{bounded(origin.value, LONGEST)} — " if amended else ""
    seen = f", from {bounded(origin.place, LONGEST)}" if origin.place else ""
    why = f": {bounded(origin.why, LONGEST)}" if origin.why else ""
    return f"{told}entry {origin.index}, {origin.source}{seen}; recorded by {origin.by} on {origin.recorded_at}{why}"


def _wrapped(text: str, indent: str) -> list[str]:
    import textwrap

    return textwrap.wrap(" ".join(text.split()), 110, initial_indent=indent, subsequent_indent=indent)
