"""Deciding a whole table of records: a query for their signatures, one decision for each, and a query for the rest.

The first query groups the records by signature. One record of each group is read and decided by the evaluator that
decides single records. The second query gives every record the number of its group's explanation, and works
out its amounts in whole numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custodiet.policy.ast import Policy
from custodiet.policy.bulk.explanation import Explainer, Explanation
from custodiet.policy.bulk.open_members import OpenMembers
from custodiet.policy.bulk.read_back import records_of
from custodiet.policy.names import Vocabulary
from custodiet.policy.result import Result
from custodiet.policy.to_sql.amounts import Form
from custodiet.policy.to_sql.expressions import Compiler
from custodiet.policy.to_sql.forms import Sql, as_type, both, column, equal, matching, number, packed, text, written
from custodiet.policy.to_sql.frames import Frame
from custodiet.policy.to_sql.keys import KEYS, Keyed, keyed
from custodiet.policy.to_sql.measure import measured
from custodiet.policy.to_sql.relation import Registers
from custodiet.policy.to_sql.signature import Signature, Signed
from custodiet.records import Types, Value
from custodiet.records.facts import Facts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

DECISIONS = "custodiet_decisions"
"""The table of what is decided of each signature."""
SIGNED_KEYS = "custodiet_signed_keys"
"""The table of every key that a record has: the least id of these records, the key, and the signature it stands for."""
DECIDED_KEYS = "custodiet_decided_keys"
"""The table of what is decided of each key: what is decided of its signature."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A table of records, decided."""

    rows: "DuckDBPyRelation"
    """One row for each record: id, outcome, payer, due (in minor units), rule, explanation (its number)."""
    explanations: tuple[Explanation, ...]
    """By number."""


@dataclass(frozen=True, slots=True)
class _Grouped:
    """The rows of a table by what is decided alike."""

    by: tuple[Sql, ...]
    """The columns by which rows are grouped: the signature, or the key that it follows from."""
    least: dict[tuple[Any, ...], Any]
    """The least id of the records with each signature."""
    by_key: bool
    """Whether the columns are a key."""


def decide_table(connection: "DuckDBPyConnection", policy: Policy, registers: Registers, types: Types) -> Decided:
    """Decide every record of a table by one policy; the other tables hold the records it refers to.

    Raises Refused for a table that breaks what was said of it, NotInBulk for a policy that is decided record by record.
    """
    certain = {name: measured(connection, register, types[name]) for name, register in registers.items()}
    frame = Frame(certain, policy.for_each)
    signature = Signature(policy, Compiler(Vocabulary.of(policy, (), types), frame), frame)
    grouped = _grouped(connection, frame, signature)
    least = grouped.least
    records = records_of(connection, types[policy.for_each], certain[policy.for_each], policy.currency, least.values())
    facts = Facts(records, types=types)
    explainer = Explainer(policy, (policy,), facts, _nothing_given, frame.ways)
    explanations = {
        signed: explainer.explain(place, facts.find(policy.for_each, str(id_)), OpenMembers())
        for place, (signed, id_) in enumerate(least.items())
    }
    sums = _sums(explanations.values())
    _keep(connection, grouped, explanations, sums)
    query = _decided(frame, signature, grouped, sums)
    return Decided(connection.sql(written(query)), tuple(explanations.values()))


def _nothing_given(type_name: str, field: str, id_: str) -> Value:
    raise KeyError(type_name, field, id_)


# The first query


def _grouped(connection: "DuckDBPyConnection", frame: Frame, signature: Signature) -> _Grouped:
    """The rows by key, or where there would be too many keys, by signature."""
    signed = signature.columns()
    in_two_steps = None if signed.groups else keyed((*signed.digits, *signed.open_digits), frame.named)
    if in_two_steps is None or signed.code != text(""):
        columns = (*packed(signed.digits, signed.open_digits, signed.opened), *_texts(signed))
        query = frame.layered([exp.Min(this=frame.keys[0].copy()), *_aliased(columns)])
        query.group_by(*(number(place) for place in range(2, len(columns) + 2)), copy=False)
        return _Grouped(columns, _least(connection, query), by_key=False)
    columns = packed(in_two_steps.digits)
    _make(connection, SIGNED_KEYS, _signed_keys(frame, in_two_steps, columns))
    each_key = exp.Select().from_(exp.to_table(SIGNED_KEYS).as_(KEYS))
    query = each_key.select(exp.Min(this=column("id", KEYS)), *_signs(len(columns), KEYS), copy=False)
    query.group_by(*_signs(len(columns), KEYS), copy=False)
    return _Grouped((in_two_steps.key,), _least(connection, query), by_key=True)


def _signed_keys(frame: Frame, in_two_steps: Keyed, columns: Sequence[Sql]) -> exp.Select:
    """Every key that a record has, with the least id of these records and the signature it stands for."""
    key = exp.alias_(in_two_steps.key.copy(), "key", quoted=True)
    least = exp.alias_(exp.Min(this=frame.keys[0].copy()), "id", quoted=True)
    keys = frame.layered([least, key]).group_by(number(2), copy=False)
    decoded = [exp.alias_(value.copy(), name, quoted=True) for name, value in in_two_steps.decoded.items()]
    both_ids = [column("id", KEYS), column("key", KEYS)]
    comparisons = exp.Select().from_(keys.subquery(KEYS)).select(*both_ids, *decoded, copy=False)
    return exp.Select().from_(comparisons.subquery(KEYS)).select(*both_ids, *_aliased(columns), copy=False)


def _least(connection: "DuckDBPyConnection", query: exp.Select) -> dict[tuple[Any, ...], Any]:
    """The least id of the records with each signature, in the order of these ids."""
    found = connection.execute(written(query)).fetchall()
    return {row[1:]: row[0] for row in sorted(row for row in found if row[0] is not None)}


def _make(connection: "DuckDBPyConnection", name: str, query: exp.Select, values: Sequence[Any] = ()) -> None:
    """Make a table of what a query finds."""
    table = exp.Create(
        this=exp.to_table(name), kind="TABLE", replace=True, expression=query,
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )  # fmt: skip
    connection.execute(written(table), values)


def _texts(signed: Signed) -> tuple[Sql, ...]:
    return () if signed.code == text("") else (signed.code,)


def _aliased(columns: Sequence[Sql]) -> list[Sql]:
    return [exp.alias_(each.copy(), f"s{place}", quoted=True) for place, each in enumerate(columns)]


def _signs(many: int, table: str) -> list[Sql]:
    """The columns of a signature in a table."""
    return [column(f"s{place}", table) for place in range(many)]


# What is decided


Sum = tuple[Form, ...]


def _sum(explanation: Explanation) -> Sum:
    """What is due in all under an explanation."""
    return tuple(form for debt in explanation.debts for form in debt)


def _sums(explanations: Iterable[Explanation]) -> dict[Sum, int]:
    """The sums that are due under one explanation or another, numbered from 1."""
    found = dict.fromkeys(_sum(each) for each in explanations)
    found.pop((), None)
    return {each: place for place, each in enumerate(found, 1)}


def outcome_of(result: Result) -> str:
    """The class that a policy gives, or how its answer counts."""
    return result.classified or result.outcome.value


def payer_of(result: Result) -> str:
    """Who pays; blank if nobody does."""
    return ", ".join(debt.payer for debt in result.debts)


def _keep(
    connection: "DuckDBPyConnection",
    grouped: _Grouped,
    explanations: Mapping[tuple[Any, ...], Explanation],
    sums: Mapping[Sum, int],
) -> None:
    """Keep what is decided of each signature in a table, or of each key, to be joined to the records."""
    decided = list(explanations.values())
    texts = {
        "outcome": [outcome_of(each.result) for each in decided],
        "payer": [payer_of(each.result) for each in decided],
        "rule": [", ".join(each.result.because or each.result.unsettled) for each in decided],
    }
    values: list[list[Any]] = []
    columns: list[Sql] = []
    wide = len(next(iter(explanations), ()))
    for place in range(wide):
        held = [signature[place] for signature in explanations]
        values.append(held)
        columns.append(_listed(f"s{place}", "VARCHAR" if held and isinstance(held[0], str) else "INTEGER"))
    for name, held in (
        ("explanation", [each.number for each in decided]),
        ("sum", [sums.get(_sum(each), 0) for each in decided]),
    ):
        values.append(held)
        columns.append(_listed(name, "INTEGER"))
    for name, words in texts.items():
        values.append(words)
        # A table that names its few words once is read, joined and written by their numbers.
        columns.append(_listed(name, "VARCHAR", sorted(set(words))))
    _make(connection, DECISIONS, exp.Select().select(*columns, copy=False), values)
    if grouped.by_key:
        said = [column(name, "e") for name in ("explanation", "sum", *texts)]
        key = exp.alias_(column("key", KEYS), "s0", quoted=True)
        query = exp.Select().from_(exp.to_table(SIGNED_KEYS).as_(KEYS)).select(key, *said, copy=False)
        on = both(*map(equal, _signs(wide, "e"), _signs(wide, KEYS)))
        query.append("joins", exp.Join(this=exp.to_table(DECISIONS).as_("e"), on=on))
        _make(connection, DECIDED_KEYS, query)


def _listed(name: str, kind: str, words: Sequence[str] = ()) -> Sql:
    """A column made of a list."""
    listed: Sql = exp.Explode(this=as_type(exp.Placeholder(), f"{kind}[]"))
    if words:
        enumerated = exp.DataType(this=exp.DataType.Type.ENUM, expressions=[text(word) for word in words])
        listed = exp.Cast(this=listed, to=enumerated)
    return exp.alias_(listed, name, quoted=True)


# The second query


def _decided(frame: Frame, signature: Signature, grouped: _Grouped, sums: Mapping[Sum, int]) -> exp.Select:
    """The query that gives every record its explanation and its amounts."""
    due = []
    for some, place in sums.items():
        amount = signature.amounts.together(some)
        if amount.low is not None:
            due.append((number(place), amount.low.sql))
    paid = matching(column("sum", "e"), due, number(0))
    selected = [
        exp.alias_(frame.keys[0].copy(), "id", quoted=True),
        column("outcome", "e"),
        column("payer", "e"),
        exp.alias_(as_type(paid, "BIGINT"), "due", quoted=True),
        column("rule", "e"),
        column("explanation", "e"),
    ]
    on = both(*(equal(column(f"s{place}", "e"), each) for place, each in enumerate(grouped.by)))
    return frame.layered(selected, (DECIDED_KEYS if grouped.by_key else DECISIONS, "e", on))
