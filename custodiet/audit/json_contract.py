"""The audit as the JSON that other tools rely on (DESIGN §8)."""

from collections.abc import Iterable

from custodiet.audit.observations import noticed
from custodiet.audit.questions import not_vouched
from custodiet.audit.reconcile import Reconciliation
from custodiet.audit.rejected_rows import held_over_in_json
from custodiet.audit.run import Audit, questioned
from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.policy.evaluation.result import Bounds, Missing, Result

LONGEST = 100
"""How many undetermined results the contract lists; results.parquet and results.csv hold all."""


def contract(audit: Audit) -> dict[str, object]:
    """The audit in the contract's words; amounts are texts with all minor digits and no grouping."""
    undetermined = audit.undetermined
    as_of = audit.view.as_of
    return {
        "docket": audit.title,
        "pack": {"name": audit.pack.name, "hash": audit.pack.hash},
        "as_of": {"size": as_of.size, "root": as_of.root, "recorded_at": as_of.recorded_at},
        "results": len(audit.results),
        "by_outcome": {outcome.value: count for outcome, count in audit.by_outcome.items()},
        "questioned": [
            {"payer": each.payer, "currency": each.amount.currency, "amount": each.amount.digits}
            for each in questioned(audit.results)
        ],
        "undetermined_total": len(undetermined),
        "undetermined": [_undetermined(result, audit) for result in undetermined[:LONGEST]],
        "reconciliations": [_reconciliation(each) for each in audit.reconciliations],
        "set_aside": audit.rows_set_aside,
        **_worth_knowing(audit),
        **_hindsight(audit),
    }


def _worth_knowing(audit: Audit) -> dict[str, object]:
    """What else a total rests on: records held over, doubtful rules, gaps, what was noticed; each only if any is."""
    told: dict[str, list[dict[str, object]]] = {
        "held_over": [held_over_in_json(each) for each in audit.view.held_over],
        "doubts": [
            {"policy": policy, "rules": list(doubt.rules), "source": doubt.source, "says": doubt.says,
             "known": doubt.known, "results": count}
            for (policy, doubt), count in audit.doubted.items()
        ],
        "left_open": [
            {"policy": policy, "says": gap.what, **({"ask": gap.ask} if gap.ask else {}), "reason": gap.reason,
             "results": count}
            for (policy, gap), count in audit.gaps.items()
        ],
        "noticed": [{"record": each.record, "says": each.sentence} for each in noticed(audit.view.facts)],
    }  # fmt: skip
    return {name: found for name, found in told.items() if found}


def _hindsight(audit: Audit) -> dict[str, object]:
    """The results marked as hindsight; an ordinary audit has none, and does not speak of it."""
    marked = [result for result in audit.results if result.hindsight]
    return {"hindsight": [{"record": each.record, "policy": each.policy} for each in marked]} if marked else {}


def _undetermined(result: Result, audit: Audit) -> dict[str, object]:
    return {
        "record": result.record,
        "policy": result.policy,
        "between": between(result.between),
        "or": list(result.otherwise),
        "missing": [
            missing(each, not_vouched(each, audit.type_of(each.record), audit.view.facts)) for each in result.missing
        ],
    }


def answer(result: Result) -> dict[str, object]:
    """What a result answers, for other tools; without what was read and what is missing."""
    return {
        "outcome": result.outcome.value,
        "debts": [
            {
                "payer": debt.payer,
                "currency": debt.amount.currency,
                "amount": debt.amount.digits,
                "liable": debt.liable or None,
            }
            for debt in result.debts
        ],
        "class": result.classified,
        "permission": result.permission,
        "between": between(result.between),
        "or": list(result.otherwise),
        "because": list(result.because),
        "hindsight": result.hindsight,
    }


def _reconciliation(each: Reconciliation) -> dict[str, object]:
    return {
        "id": each.id,
        "about": each.about,
        "kind": each.kind.value,
        "values": [
            {"value": value.value, "source": value.source, "exactness": value.exactness} for value in each.values
        ],
        "difference": each.difference,
        "chosen": each.chosen,
        "why": each.why,
    }


def between(bounds: Bounds | None) -> list[str | None] | None:
    """The least and the greatest amount, as texts; None for no bound, and for both where no amount is asked.

    >>> between(Bounds(Money(0, "EUR"), None)), between(None)
    (['0.00', None], None)
    """
    return None if bounds is None else [_digits(bounds.low), _digits(bounds.high)]


def _digits(amount: Money | None) -> str | None:
    return None if amount is None else amount.digits


def missing(fact: Missing, days: Iterable[Days] = ()) -> dict[str, object]:
    """A missing fact in the contract's words; of a register also the days for which nobody vouches for it."""
    stretches = [str(each) for each in days]
    told = {"record": fact.record, "field": fact.field, "held_by": fact.held_by}
    return {**told, "not_vouched": stretches} if stretches else {**told}
