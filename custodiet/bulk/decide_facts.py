"""Decides all records of a set of facts: the evaluator's results, computed once for records that are alike."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
from sqlglot import exp

from custodiet.bulk.explain.explanation import Explainer, Explanation
from custodiet.bulk.explain.instantiate import Amounts, Teller
from custodiet.bulk.explain.record_paths import reached
from custodiet.bulk.grouping.open_members import Key, OpenMembers
from custodiet.bulk.grouping.signature import Signature, Signed
from custodiet.bulk.load_facts import FactTables, create_rates
from custodiet.bulk.sql.amounts import Amount
from custodiet.bulk.sql.joins import Frame, NotInBulk
from custodiet.bulk.sql.syntax import UNKNOWN, Sql, packed, written
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result, given_value
from custodiet.policy.language.ast import Policy
from custodiet.records import Value
from custodiet.records.facts import Facts
from custodiet.records.record import Record

FEW = 5_000
"""Fewer records than this are decided faster one by one than by optimizing a long query."""

TOO_MANY_DIGITS = "a number has more digits than a query can hold"
REFUSED = "the query engine refuses it"

LONGEST = 1_000_000
"""A query of more characters than this is not run: it would take half a minute to start."""


def _nobody_waits() -> None:
    """The default for `tick`: do nothing."""


class Decider:
    """Answers the questions of policies about all records of a set of facts.

    The policies are in order of dependence, like `Pack.policies`, and have no problems. If there are fewer than
    `at_least` records of a type, they are decided one by one, because planning a query would take longer. So are
    those of a policy for which no query can be written (`singly` says why): one that looks a rate up by the id of a
    record, splits a sum into more than `MOST_SHARES` shares, or adds up what is divided by a field; one whose query
    is longer than `LONGEST`; one in which a number has more than 38 digits. No pack of ours has such a policy.

    Within a query, the records are decided one by one for which it would grow too long (`Signed.singly`): if no row
    of a rate certainly applies, because its key or day is open or has no rate; if a named fact belongs to an unknown
    record; and if several rules apply with more amounts than a query compares. If this applies to a member of a set,
    it applies to the record that has the set.
    """

    def __init__(
        self, policies: Sequence[Policy], facts: Facts, at_least: int = 0, tick: Callable[[], None] = _nobody_waits
    ) -> None:
        """Prepare to decide the records of these facts; `tick` is called for each record that is decided."""
        self._policies, self._facts, self._at_least, self._tick = tuple(policies), facts, at_least, tick
        self._evaluator = Evaluator(policies, facts)
        self._results: dict[str, dict[str, Result]] = {}
        self.singly: dict[str, str] = {}
        """The policies for which no query can be written, each with the reason."""

    def decide(self, policy: Policy) -> Mapping[str, Result]:
        """The answer of a policy for each record of its type, by id."""
        if policy.name not in self._results:
            found = self._decide(policy)
            self._results[policy.name] = found
            if policy.gives is not None:
                self._evaluator.take_over(found.values())
        return self._results[policy.name]

    def _decide(self, policy: Policy) -> dict[str, Result]:
        records = self._facts.of(policy.for_each)
        if len(records) >= self._at_least:
            try:
                return self._in_bulk(policy)
            except NotInBulk as why:
                self.singly[policy.name] = str(why)
        return {record.id: self._one(policy, record) for record in records}

    def _one(self, policy: Policy, record: Record) -> Result:
        self._tick()
        return self._evaluator.decide(policy, record)

    def answer(self, policy: Policy, record: Record) -> Result:
        """The answer of a policy for one record."""
        return self.decide(policy).get(record.id) or self._evaluator.decide(policy, record)

    def _given(self, type_name: str, field: str, id_: str) -> Value:
        policy = next(each for each in self._policies if each.gives == (type_name, field))
        return given_value(self.answer(policy, self._facts.find(type_name, id_)))

    def _in_bulk(self, policy: Policy) -> dict[str, Result]:
        plan = self._evaluator.plan(policy)
        with _one_by_one_if_refused(), duckdb.connect() as connection:
            if len(self._facts.of(policy.for_each)) < FEW:
                connection.execute("PRAGMA disable_optimizer")
            tables = FactTables(connection, self._facts, policy, plan.names, self._given)
            signature = Signature(plan, Frame(tables, policy.for_each))
            signed = signature.columns()
            create_rates(connection, signature.compiler.rates.values())
            rows = _Rows(signature, signed)
            query = written(rows.query)
            if len(query) > LONGEST:
                raise NotInBulk("its query would be too long")
            found = connection.execute(query).fetchall()
        teller = Teller(self._evaluator, policy, self._facts)
        explainer = Explainer(self._evaluator, policy, self._facts, self._given, signature.frame.ways)
        explained: dict[tuple[Any, ...], Explanation] = {}
        results: dict[str, Result] = {}
        told_of = {record.id: record for record in self._facts.of(policy.for_each)}
        for row in found:
            record = told_of.get(row[0])
            if record is None:  # It is only referred to.
                continue
            if rows.is_single(row):
                results[record.id] = self._one(policy, record)
                continue
            self._tick()
            members = OpenMembers.read(rows.members_of(row), signed.groups)
            around = self._around(record, signature.frame) if members.by_way else ()
            sign = (*rows.signature_of(row), members.meetings(around))
            if sign not in explained:
                explained[sign] = explainer.explain(len(explained), record, members)
            results[record.id] = teller.result(explained[sign], record, rows.amounts_of(row), members)
        return results

    def _around(self, record: Record, frame: Frame) -> list[Key]:
        """The records that references lead to from the one asked about, itself included."""
        found = (reached(self._facts, record, references) for references in frame.ways)
        return [("", "") if each is None else (each.type, each.id) for each in found]


@contextmanager
def _one_by_one_if_refused() -> Iterator[None]:
    """Raise NotInBulk if a query or a number is too large for the engine, which then gives no answer at all."""
    try:
        yield
    except (duckdb.OutOfRangeException, duckdb.ConversionException, OverflowError) as why:
        raise NotInBulk(TOO_MANY_DIGITS) from why
    except (duckdb.Error, RecursionError) as why:
        raise NotInBulk(f"{REFUSED}: {str(why).partition(chr(10))[0]}") from why


class _Rows:
    """The query for every record's signature and amounts, and the layout of its rows."""

    def __init__(self, signature: Signature, signed: Signed) -> None:
        frame = signature.frame
        digits = packed(signed.digits, signed.open_digits, signed.opened)
        self._signed = slice(2, len(digits) + 3)
        self._members = len(digits) + 3
        amounts = signature.amounts
        self._forms = amounts.distinct
        self._totals = tuple(place for place, each in enumerate(signature.versions) if each.owes is not None)
        several: list[Amount] = [amounts.amount(form) for form in self._forms]
        several += [amounts.total(place) for place in self._totals]
        bounds = [UNKNOWN if bound is None else bound.sql for each in several for bound in (each.low, each.high)]
        columns: list[Sql] = [frame.keys[0], signed.singly, *digits, signed.code, signed.members, *bounds]
        aliased = [exp.alias_(each.copy(), f"c{place}", quoted=True) for place, each in enumerate(columns)]
        self.query = frame.layered(aliased)

    def is_single(self, row: tuple[Any, ...]) -> bool:
        """Whether a row is decided by itself."""
        return bool(row[1])

    def signature_of(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """The signature of a row."""
        return row[self._signed]

    def members_of(self, row: tuple[Any, ...]) -> str:
        """The members of sets that leave something open."""
        return str(row[self._members])

    def amounts_of(self, row: tuple[Any, ...]) -> Amounts:
        """The amounts of each share and each version."""
        bounds = [None if bound is None else int(bound) for bound in row[self._members + 1 :]]
        pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
        shares, totals = pairs[: len(self._forms)], pairs[len(self._forms) :]
        return Amounts(dict(zip(self._forms, shares, strict=True)), dict(zip(self._totals, totals, strict=True)))
