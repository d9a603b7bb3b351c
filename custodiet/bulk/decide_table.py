"""Decides a whole table of records: a query for signatures, one decision per signature, and a query for the rest.

The first query groups the records by signature. One record of each group is read, with the records it refers to, and
decided by the evaluator that decides single records. The second query gives every record the number of its group's
explanation, who pays by the record's own references, and its amounts in whole numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custodiet.bulk.explain.explanation import Explainer, Explanation
from custodiet.bulk.explain.record_paths import apart
from custodiet.bulk.fetch import records_around
from custodiet.bulk.grouping.grouping import KEYS, Key, Keyed
from custodiet.bulk.grouping.open_members import OpenMembers
from custodiet.bulk.grouping.signature import Signature, Signed
from custodiet.bulk.grouping.statistics import linked, measured
from custodiet.bulk.load_facts import create_rates
from custodiet.bulk.overflow import counting_exactly
from custodiet.bulk.sql.amounts import Form
from custodiet.bulk.sql.exact_arithmetic import Whole
from custodiet.bulk.sql.joins import Frame, NotInBulk
from custodiet.bulk.sql.syntax import (
    MOST,
    Sql,
    as_type,
    both,
    case,
    column,
    equal,
    is_no,
    joined,
    matching,
    number,
    packed,
    text,
    written,
)
from custodiet.bulk.sql.tables import Registers
from custodiet.policy.analysis.plan import Fact, Named, Plan
from custodiet.policy.analysis.resolve import Members
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy
from custodiet.records import Types, Value
from custodiet.records.facts import Facts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

Sign = tuple[Any, ...]
"""The values of a signature's columns."""
Sum = tuple[Form, ...]
"""The shares that are added up."""
Phrase = tuple[str | Fact | Named, ...]
"""A text in pieces, in which a fact is replaced by the person it names."""

_CALLS = count(1)
"""Numbers the tables that are kept, because the result of an earlier call still reads its own."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided table of records. The rows are computed when they are read."""

    rows: "DuckDBPyRelation"
    """One row for each record: id, outcome, payer, due (in minor units), rule, explanation (its number).

    `due` is what all payers owe together, 0 where nothing is due or nothing is decided; `payer` lists them. `debts`
    shows who owes how much.
    """
    debts: "DuckDBPyRelation"
    """One row for each debt: id, payer, liable (who else is liable for it, or blank), due (in minor units)."""
    explanations: tuple[Explanation, ...]
    """By number."""


def decide_table(connection: "DuckDBPyConnection", policy: Policy, registers: Registers, types: Types) -> Decided:
    """Decide every record of a table by one policy; the other tables hold the records it refers to.

    Raises Refused for tables that break what was said of them, and for numbers of more than 38 digits; NotInBulk for a
    policy that is decided record by record: one that asks about sets of records, for a field that no column holds, or
    for a named number of a record that may not be known. Of the table decided, every row is answered by what it says
    itself; that no two have one id is made sure of only for those that are read, as to ask it of all costs a third.
    """
    evaluator = Evaluator((policy,), Facts((), types))
    plan = evaluator.plan(policy)
    _without_sets(plan)
    certain = {name: measured(connection, register, types[name]) for name, register in registers.items()}
    compiled = _compiled(plan, certain)
    signature = compiled.signature
    create_rates(connection, signature.compiler.rates.values())
    linked(connection, signature.frame)
    with counting_exactly(policy):
        grouped = _grouped(connection, compiled)
    ways, least = signature.frame.ways, grouped.least
    around = records_around(connection, types, certain, policy.for_each, least.values(), ways, policy.currency)
    facts = Facts(around, types)
    explainer = Explainer(evaluator, policy, facts, _nothing_given, ways)
    explanations = {
        sign: explainer.explain(place, facts.find(policy.for_each, str(id_)), OpenMembers())
        for place, (sign, id_) in enumerate(least.items())
    }
    grounds = _Grounds(connection, signature, grouped)
    decided = Decided(_rows(grounds, explanations), _debts(grounds, explanations), tuple(explanations.values()))
    alike = [each for sign, each in explanations.items() if not grouped.is_single(sign)]
    if not _narrow(signature, alike):
        with counting_exactly(policy):
            for told in (decided.rows, decided.debts):
                told.max("due").fetchall()
    return decided


def _without_sets(plan: Plan) -> None:
    for (owner, name), end in plan.read.items():
        if isinstance(end, Members):
            raise NotInBulk(f"it asks about every {name} of a {owner}")


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The signature of the rows of a table."""

    signature: Signature
    signed: Signed
    keyed: Keyed | None
    """The same in two steps; None if it does not follow from keys."""


def _compiled(plan: Plan, registers: Registers) -> _Compiled:
    """The signature of the rows of a table, in two steps if it follows from keys."""
    frame = Frame(registers, plan.policy.for_each)
    key = Key(frame.named)
    signature = Signature(plan, frame, key)
    signed = signature.columns()
    if is_no(signed.singly) and signed.code == text(""):
        keyed = key.keyed((*signed.digits, *signed.open_digits))
        if keyed is not None:
            return _Compiled(signature, signed, keyed)
    signature = Signature(plan, Frame(registers, plan.policy.for_each))
    return _Compiled(signature, signature.columns(), None)


def _nothing_given(type_name: str, field: str, id_: str) -> Value:
    raise KeyError(type_name, field, id_)


# The first query


@dataclass(frozen=True, slots=True)
class _Grouped:
    """The rows of a table, grouped by what is decided alike."""

    by: tuple[Sql, ...]
    """The columns by which rows are grouped: the signature, or the key that it follows from."""
    least: dict[Sign, Any]
    """The least id of the records with each signature."""
    keys: str
    """The table of every key that a record has: the least id of these records, the key, and the signature it stands
    for; empty if rows are grouped by signature."""
    names_single: bool = False
    """Whether a signature ends with the id of a record that is decided by itself, and with a blank for all others."""

    def is_single(self, sign: Sign) -> bool:
        """Whether one record alone has this signature, being decided by itself."""
        return self.names_single and sign[-1] != ""


def _grouped(connection: "DuckDBPyConnection", compiled: _Compiled) -> _Grouped:
    """The rows by key, or where there would be too many keys, by signature."""
    signature, signed, keyed = compiled.signature, compiled.signed, compiled.keyed
    frame = signature.frame
    if keyed is None:
        columns = _signature_columns(frame, signed)
        query = frame.layered([exp.Min(this=frame.keys[0].copy()), *_aliased(columns)])
        query.group_by(*(number(place) for place in range(2, len(columns) + 2)), copy=False)
        return _Grouped(columns, _least(connection, query), keys="", names_single=not is_no(signed.singly))
    columns = packed(keyed.digits)
    table = f"custodiet_signed_keys_{next(_CALLS)}"
    _make(connection, table, _signed_keys(signature, keyed, columns))
    each_key = exp.Select().from_(exp.to_table(table).as_(KEYS))
    query = each_key.select(exp.Min(this=column("id", KEYS)), *_signs(len(columns), KEYS), copy=False)
    query.group_by(*_signs(len(columns), KEYS), copy=False)
    return _Grouped((keyed.key,), _least(connection, query), table)


def _signed_keys(signature: Signature, keyed: Keyed, columns: Sequence[Sql]) -> exp.Select:
    """Every key that a record has, with the least id of these records and the signature it stands for."""
    key = exp.alias_(keyed.key.copy(), "key", quoted=True)
    least = exp.alias_(exp.Min(this=signature.frame.keys[0].copy()), "id", quoted=True)
    keys = signature.frame.layered([least, key]).group_by(number(2), copy=False)
    decoded = [exp.alias_(value.copy(), name, quoted=True) for name, value in keyed.decoded.items()]
    both_ids = [column("id", KEYS), column("key", KEYS)]
    comparisons = exp.Select().from_(keys.subquery(KEYS)).select(*both_ids, *decoded, copy=False)
    return exp.Select().from_(comparisons.subquery(KEYS)).select(*both_ids, *_aliased(columns), copy=False)


def _least(connection: "DuckDBPyConnection", query: exp.Select) -> dict[Sign, Any]:
    """The least id of the records with each signature, in the order of these ids."""
    found = connection.execute(written(query)).fetchall()
    return {row[1:]: row[0] for row in sorted(row for row in found if row[0] is not None)}


def _make(connection: "DuckDBPyConnection", name: str, query: exp.Select, values: Sequence[Any] = ()) -> None:
    """Store the result of a query as a table."""
    table = exp.Create(
        this=exp.to_table(name), kind="TABLE", replace=True, expression=query,
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )  # fmt: skip
    connection.execute(written(table), values)


def _signature_columns(frame: Frame, signed: Signed) -> tuple[Sql, ...]:
    """The columns of a signature; of a record that is decided by itself, its id is all of it."""
    digits = packed(signed.digits, signed.open_digits, signed.opened)
    texts = () if signed.code == text("") else (signed.code,)
    if is_no(signed.singly):
        return (*digits, *texts)
    alone = frame.let(signed.singly)
    id_ = case((alone, as_type(frame.keys[0], "VARCHAR")), otherwise=text(""))
    return (
        *(case((alone, number(0)), otherwise=each) for each in digits),
        *(case((alone, text("")), otherwise=each) for each in texts),
        id_,
    )


def _aliased(columns: Sequence[Sql]) -> list[Sql]:
    return [exp.alias_(each.copy(), f"s{place}", quoted=True) for place, each in enumerate(columns)]


def _signs(many: int, table: str) -> list[Sql]:
    """The columns of a signature in a table."""
    return [column(f"s{place}", table) for place in range(many)]


# What is decided


def outcome_of(result: Result) -> str:
    """The class that a policy gives, or how its answer counts."""
    return result.classified or result.outcome.value


def _phrase(name: str, explanation: Explanation) -> Phrase:
    """What an explanation calls a person, by the facts through which the policy names them."""
    return tuple(explanation.payers[piece] if is_way else piece for piece, is_way in apart(name))


def _sum(explanation: Explanation) -> Sum:
    """What is due in all under an explanation."""
    return tuple(form for debt in explanation.debts for form in debt)


def _total(explanation: Explanation) -> int:
    """What is due in all, in minor units, where the explanation is of one record alone."""
    return sum(debt.amount.minor for debt in explanation.result.debts)


def _narrow(signature: Signature, explanations: Iterable[Explanation]) -> bool:
    """Whether all that is due is proven to fit a BIGINT."""
    return all(_due(signature, some).narrow for each in explanations for some in (_sum(each), *each.debts))


def _due(signature: Signature, some: Sum) -> Whole:
    """The sum of some shares, in records in which it is known."""
    amount = signature.amounts.together(some)
    if amount.low is None:
        raise TypeError(some)
    return amount.low


# The second query


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the answer for each record."""

    told: Sql
    """Over a table of what is decided, called `e`, and the rows of the frame."""
    kept: tuple[tuple[Sql, Sequence[Any]], ...]
    """The columns of that table, and their values."""


@dataclass(frozen=True, slots=True)
class _Grounds:
    """The source of the answers."""

    connection: "DuckDBPyConnection"
    signature: Signature
    grouped: _Grouped

    def numbers(self, name: str, values: Sequence[int]) -> _Column:
        """Numbers as they are."""
        return _Column(column(name, "e"), ((_listed(name, "INTEGER"), values),))

    def phrases(self, name: str, values: Sequence[Phrase]) -> _Column:
        """Texts, in which a fact is replaced by the person it names in each record."""
        fixed = ["" if _names_by_path(each) else "".join(map(str, each)) for each in values]
        # A table that names its few words once is read, joined and written by their numbers.
        kept: list[tuple[Sql, Sequence[Any]]] = [(_listed(name, "VARCHAR", sorted(set(fixed))), fixed)]
        by_path = {each: place for place, each in enumerate(dict.fromkeys(filter(_names_by_path, values)), 1)}
        if not by_path:
            return _Column(column(name, "e"), tuple(kept))
        numbered = f"{name} by path"
        kept.append((_listed(numbered, "INTEGER"), [by_path.get(each, 0) for each in values]))
        spelled = [(number(place), self._spelled(each)) for each, place in by_path.items()]
        told = matching(column(numbered, "e"), spelled, as_type(column(name, "e"), "VARCHAR"))
        return _Column(exp.alias_(told, name, quoted=True), tuple(kept))

    def _spelled(self, phrase: Phrase) -> Sql:
        return joined(
            *(text(each) if isinstance(each, str) else as_type(self.signature.person(each), "VARCHAR")
              for each in phrase)
        )  # fmt: skip

    def sums(self, name: str, values: Sequence[Sum | int]) -> _Column:
        """The sum of some shares in each record; for a record decided by itself, its decided minor units."""
        shared = [() if isinstance(each, int) else each for each in values]
        alone = [each if isinstance(each, int) else 0 for each in values]
        places = {each: place for place, each in enumerate(dict.fromkeys(filter(None, shared)), 1)}
        due = {place: _due(self.signature, each) for each, place in places.items()}
        kept: list[tuple[Sql, Sequence[Any]]] = [(_listed("sum", "INTEGER"), [places.get(each, 0) for each in shared])]
        narrow = all(each.narrow for each in due.values()) and max(map(abs, alone), default=0) <= MOST
        kind, otherwise = "BIGINT" if narrow else "DECIMAL(38, 0)", number(0)
        if any(alone):
            kept.append((_listed("alone", kind), alone))
            otherwise = column("alone", "e")
        paid = matching(column("sum", "e"), [(number(place), each.sql) for place, each in due.items()], otherwise)
        return _Column(exp.alias_(as_type(paid, kind), name, quoted=True), tuple(kept))

    def told(self, signs: Sequence[Sign], columns: Sequence[_Column]) -> "DuckDBPyRelation":
        """One row for each record and each time that its signature is among some; each column has a value for each."""
        first = next(iter(self.grouped.least), ())
        wide = len(first)
        values: list[Sequence[Any]] = [[sign[place] for sign in signs] for place in range(wide)]
        listed = [
            _listed(f"s{place}", "VARCHAR" if isinstance(each, str) else "INTEGER") for place, each in enumerate(first)
        ]
        kept = [each for each_column in columns for each in each_column.kept]
        table = f"custodiet_decided_{next(_CALLS)}"
        query = exp.Select().select(*listed, *(each for each, _ in kept), copy=False)
        _make(self.connection, table, query, [*values, *(held for _, held in kept)])
        if self.grouped.keys:
            table = self._by_key(table, wide, [each.alias for each, _ in kept])
        frame, by = self.signature.frame, self.grouped.by
        joined_by = _signs(len(by) if self.grouped.keys else wide, "e")
        on = both(*(equal(sign, each) for sign, each in zip(joined_by, by, strict=False)))
        selected = [exp.alias_(frame.keys[0].copy(), "id", quoted=True), *(each.told for each in columns)]
        return self.connection.sql(written(frame.layered(selected, (table, "e", on))))

    def _by_key(self, decided: str, wide: int, names: Sequence[str]) -> str:
        """The table of the decision for each key: that of its signature."""
        table = f"custodiet_decided_{next(_CALLS)}"
        key = exp.alias_(column("key", KEYS), "s0", quoted=True)
        said = [column(name, "e") for name in names]
        query = exp.Select().from_(exp.to_table(self.grouped.keys).as_(KEYS)).select(key, *said, copy=False)
        on = both(*map(equal, _signs(wide, "e"), _signs(wide, KEYS)))
        query.append("joins", exp.Join(this=exp.to_table(decided).as_("e"), on=on))
        _make(self.connection, table, query)
        return table


def _names_by_path(phrase: Phrase) -> bool:
    return not all(isinstance(each, str) for each in phrase)


def _listed(name: str, kind: str, words: Sequence[str] = ()) -> Sql:
    """A column made of a list."""
    listed: Sql = exp.Explode(this=as_type(exp.Placeholder(), f"{kind}[]"))
    if words:
        enumerated = exp.DataType(this=exp.DataType.Type.ENUM, expressions=[text(word) for word in words])
        listed = exp.Cast(this=listed, to=enumerated)
    return exp.alias_(listed, name, quoted=True)


def _rows(grounds: _Grounds, explanations: Mapping[Sign, Explanation]) -> "DuckDBPyRelation":
    """One row for each record."""
    decided = list(explanations.values())
    payers = [_phrase(", ".join(debt.payer for debt in each.result.debts), each) for each in decided]
    columns = (
        grounds.phrases("outcome", [(outcome_of(each.result),) for each in decided]),
        grounds.phrases("payer", payers),
        grounds.sums(
            "due",
            [_total(each) if grounds.grouped.is_single(sign) else _sum(each) for sign, each in explanations.items()],
        ),
        grounds.phrases("rule", [(", ".join(each.result.because or each.result.unsettled),) for each in decided]),
        grounds.numbers("explanation", [each.number for each in decided]),
    )
    return grounds.told(list(explanations), columns)


def _debts(grounds: _Grounds, explanations: Mapping[Sign, Explanation]) -> "DuckDBPyRelation":
    """One row for each debt of each record."""
    each_debt = [
        (sign, explanation, debt, debt.amount.minor if grounds.grouped.is_single(sign) else some)
        for sign, explanation in explanations.items()
        for debt, some in zip(explanation.result.debts, explanation.debts, strict=True)
    ]
    columns = (
        grounds.phrases("payer", [_phrase(debt.payer, explanation) for _, explanation, debt, _ in each_debt]),
        grounds.phrases("liable", [_phrase(debt.liable, explanation) for _, explanation, debt, _ in each_debt]),
        grounds.sums("due", [some for *_, some in each_debt]),
    )
    return grounds.told([sign for sign, *_ in each_debt], columns)
