"""Every result as a row: the columns of results.csv and results.parquet, and the values of an audit's results."""

from collections.abc import Iterable, Iterator, Mapping

from custodiet.audit.context import Contexts
from custodiet.audit.json_contract import missing
from custodiet.audit.run import Audit

# Amounts stand as DECIMAL(38,4): ISO 4217 has no currency with more than four digits after the point.
AMOUNT = "DECIMAL(38,4)"
COLUMNS: Mapping[str, str] = {
    "record": "VARCHAR",
    "type": "VARCHAR",
    "policy": "VARCHAR",
    "outcome": "VARCHAR",
    "payers": "VARCHAR[]",
    "amounts": f"{AMOUNT}[]",
    "liable": "VARCHAR[]",
    "currency": "VARCHAR",
    "class": "VARCHAR",
    "permission": "VARCHAR",
    "because": "VARCHAR[]",
    "displaced": "VARCHAR[]",
    "asks_amount": "BOOLEAN",
    "least": AMOUNT,
    "greatest": AMOUNT,
    "or": "VARCHAR[]",
    "unsettled": "VARCHAR[]",
    "missing": "STRUCT(record VARCHAR, field VARCHAR, held_by VARCHAR)[]",
    "trip": "VARCHAR",
    "character": "VARCHAR",
    "cost_class": "VARCHAR",
    "basis": "VARCHAR",
    "hindsight": "BOOLEAN",
    "doubtful": "VARCHAR[]",
}
"""Each column with its type in results.parquet.

`payers`, `amounts` and `liable` have one place per debt. `asks_amount` says of an undetermined
result that an amount is asked; `least` and `greatest` are its bounds, and no value means no bound. `hindsight` says
that the law in force when the act happened did not certainly say the same; in an ordinary audit it never does.
`doubtful` names the rules among `because` and `unsettled` for which the pack's `open.md` lists a doubt.
"""

FIGURES: Mapping[str, str] = {"figures": "VARCHAR[]"}
"""The last column of what is written beside a report: the numbers of the figures on its page that the row is in."""

Row = dict[str, object]


def rows(audit: Audit) -> Iterator[Row]:
    """One row per result, in the audit's order; amounts are exact texts."""
    contexts = Contexts(audit)
    for result in audit.results:
        context = contexts.of(result)
        low, high = (result.between.low, result.between.high) if result.between else (None, None)
        asked = [debt.amount for debt in result.debts] + [bound for bound in (low, high) if bound]
        yield {
            "record": result.record,
            "type": result.type,
            "policy": result.policy,
            "outcome": result.outcome.value,
            "payers": [debt.payer for debt in result.debts],
            "amounts": [debt.amount.digits for debt in result.debts],
            "liable": [debt.liable for debt in result.debts],
            "currency": asked[0].currency if asked else None,
            "class": result.classified,
            "permission": result.permission,
            "because": list(result.because),
            "displaced": [f"{each.rule} by {each.by}" for each in result.displaced],
            "asks_amount": result.between is not None,
            "least": low.digits if low else None,
            "greatest": high.digits if high else None,
            "or": list(result.otherwise),
            "unsettled": list(result.unsettled),
            "missing": [missing(each) for each in result.missing],
            "trip": context.trip,
            "character": context.character,
            "cost_class": context.cost_class,
            "basis": context.basis,
            "hindsight": result.hindsight,
            "doubtful": doubtful(audit, result.policy, (*result.because, *result.unsettled)),
        }


def doubtful(audit: Audit, policy: str, numbers: Iterable[str]) -> list[str]:
    """The rules among some rules of a policy about which the pack lists a doubt."""
    listed = {number for doubt in audit.policy(policy).doubts for number in doubt.rules}
    return [number for number in numbers if number in listed]
