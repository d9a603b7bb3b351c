"""One policy over a table of any size, from a file into a file: the rows stay in the database.

`decide` takes a path of a Parquet or CSV file, a DuckDB relation or anything that DuckDB can scan (an Arrow table), and
writes the answers as Parquet or CSV. An answer names the rules that decide, what is displaced, what is missing and from
whom to learn it; nothing is undetermined without a fact that is named.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.base.currencies import minor_digits
from custodiet.base.errors import Refused, WrongCall, did_you_mean
from custodiet.base.text import escaped
from custodiet.bulk.decide_table import Decided, decide_table
from custodiet.bulk.explain.record_paths import way_of
from custodiet.bulk.flat_table import FlatTable, quote, with_columns_for_all
from custodiet.bulk.read_csv import typed
from custodiet.bulk.sql.joins import NotInBulk
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import Pack

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

FORMATS = (".parquet", ".csv")
MEMORY = "2GB"
"""How much memory the database may take unless more is given; what does not fit lies in a file beside the output."""
STEPS = ("reading the table", "checking the rows", "deciding", "writing the answers")

Progress = Callable[[int, int, str], None]


def unwatched(done: int, total: int, what: str) -> None:
    """Nobody is watching."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of a table."""

    policy: Policy
    out: Path
    rows: int
    by_outcome: Mapping[str, int]
    """How many rows there are of each outcome."""
    explanations: int
    """How many different explanations there are."""


def policy_of(pack: Pack, name: str) -> Policy:
    """The policy of a pack by its name, with or without the pack's; WrongCall, with the nearest, if there is none."""
    names = {policy.name: policy for policy in pack.policies}
    found = names.get(name) or names.get(f"{pack.name}/{name}")
    if found is None:
        short = [each.partition("/")[2] for each in names]
        hint = did_you_mean(name, [*short, *names])
        raise WrongCall(
            f"{pack.name} has no policy `{escaped(name)}`; {hint or 'it has ' + ', '.join(short) or 'it has none'}"
        )
    return found


def decide(
    pack: Pack,
    policy: Policy,
    table: "Path | DuckDBPyRelation | object",
    out: Path,
    *,
    known: Sequence[str] = (),
    memory: str = MEMORY,
    progress: Progress = unwatched,
) -> Answers:
    """Decide every row of a table, and write the answers to a file, which takes its place once it is whole.

    `known` are columns that are said never to be blank. Raises Refused for a policy that a flat table cannot hold, and
    with the first rows that show it for a table that is not what it has to be; WrongCall for a file of another form.
    """
    import duckdb

    for path in (out, table):
        if isinstance(path, Path) and path.suffix.lower() not in FORMATS:
            raise WrongCall(f"{escaped(str(path))}: write a name that ends with {' or '.join(FORMATS)}")
    if isinstance(table, Path) and not table.is_file():
        raise WrongCall(f"{escaped(str(table))}: there is no such file")
    if not out.parent.is_dir():
        raise WrongCall(f"{escaped(str(out.parent))}: there is no such folder")
    plan = with_columns_for_all(policy, pack)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside, duckdb.connect() as connection:
        _bound(connection, memory, Path(beside))
        progress(0, len(STEPS), STEPS[0])
        _see(connection, table, plan, Path(beside))
        progress(1, len(STEPS), STEPS[1])
        registers = FlatTable(connection, TABLE, plan, known).registers
        progress(2, len(STEPS), STEPS[2])
        try:
            decided = decide_table(connection, plan.policy, registers, plan.names.types)
        except NotInBulk as why:
            raise Refused(f"{policy.name} cannot be decided over a table: {why}") from why
        progress(3, len(STEPS), STEPS[3])
        written = Path(beside, f"answers{out.suffix.lower()}")
        return _write(connection, policy, decided, written, out)


TABLE = "custodiet_flat"


def _bound(connection: "DuckDBPyConnection", memory: str, beside: Path) -> None:
    import duckdb

    try:
        connection.execute("SET memory_limit = $1", [memory])
    except duckdb.Error as wrong:
        raise WrongCall(f"--memory: write an amount such as 2GB, not {escaped(memory)}") from wrong
    connection.execute("SET temp_directory = $1", [str(beside / "spilled")])
    # The answers come in no order, so that no row has to wait for another.
    connection.execute("SET preserve_insertion_order = false")


def _see(connection: "DuckDBPyConnection", table: object, plan: Plan, beside: Path) -> None:
    """Make a table visible under one name."""
    import duckdb

    if not isinstance(table, Path):
        relation = table if isinstance(table, duckdb.DuckDBPyRelation) else connection.from_arrow(table)
        if isinstance(table, duckdb.DuckDBPyRelation):
            # A relation is of its own connection: its rows come over as a file.
            kept = beside / "table.parquet"
            table.write_parquet(str(kept))
            relation = connection.read_parquet(str(kept))
        relation.create_view(TABLE)
        return
    try:
        if table.suffix.lower() == ".csv":
            kept = typed(connection, table, plan, beside / "table.parquet")
            connection.read_parquet(str(kept)).create_view(TABLE)
        else:
            connection.read_parquet(str(table)).create_view(TABLE)
    except duckdb.Error as wrong:
        raise Refused(f"{escaped(str(table))} cannot be read: {str(wrong).partition(chr(10))[0]}") from wrong


# The answers


def _write(connection: "DuckDBPyConnection", policy: Policy, decided: Decided, written: Path, out: Path) -> Answers:
    digits = minor_digits(policy.currency) if policy.currency else 0
    explained = [_explained(each.number, each.result) for each in decided.explanations]
    # Few different texts: a row holds their numbers, which is what makes ten million rows quick to write.
    kinds = {name: _listed(each[place] for each in explained) for place, name in enumerate(WHY, start=1)}
    columns = ", ".join(f"{quote(name)} {kind}" for name, kind in kinds.items())
    connection.execute(f"CREATE TEMP TABLE custodiet_why (number INTEGER, {columns})")
    if explained:
        marks = ", ".join("?" * (1 + len(WHY)))
        connection.executemany(f"INSERT INTO custodiet_why VALUES ({marks})", explained)  # noqa: S608 - question marks
    decided.rows.create_view("custodiet_rows")
    owes = f"w.outcome = '{Outcome.OWES.value}'"
    query = f"""
        SELECT r.id AS record, w.outcome, CASE WHEN {owes} THEN r.payer END AS payer,
               CASE WHEN {owes} THEN {_major(digits)} END AS amount,
               w.currency, {", ".join(f"w.{quote(name)}" for name in WHY[2:])}, r.explanation
        FROM custodiet_rows r JOIN custodiet_why w ON w.number = r.explanation"""  # noqa: S608 - names are ours
    form = "FORMAT parquet, COMPRESSION zstd" if out.suffix.lower() == ".parquet" else "FORMAT csv, HEADER"
    connection.execute(f"COPY ({query}) TO {quoted_text(str(written))} ({form})")
    table = connection.read_csv(str(written)) if out.suffix.lower() == ".csv" else connection.read_parquet(str(written))
    counted = table.aggregate("outcome, count(*)").fetchall()
    by_outcome = {str(outcome): int(count) for outcome, count in counted}
    written.replace(out)
    ordered: dict[str, int] = {each.value: by_outcome[each.value] for each in Outcome if each.value in by_outcome}
    return Answers(policy, out, sum(by_outcome.values()), ordered, len(explained))


def _major(digits: int) -> str:
    """An amount in minor units as one in major units, exactly: a division would make a float of it."""
    if not digits:
        return "r.due"
    return f"CAST(r.due AS DECIMAL({38 - digits}, 0)) * CAST('{10**-digits:.{digits}f}' AS DECIMAL({digits}, {digits}))"


WHY = ("outcome", "currency", "class", "permission", "because", "displaced", "or", "unsettled", "missing")
"""What an explanation says of all its rows; of several rules or facts, with `; ` between them."""


def _explained(number: int, result: Result) -> tuple[int | str | None, ...]:
    """Why some rows are answered as they are, each record called by its path."""
    currency = result.debts[0].amount.currency if result.debts else None
    displaced = (f"{each.rule} by {each.by}" for each in result.displaced)
    missing = (f"{_path(each)}: ask {each.held_by}" for each in result.missing)
    lists = (result.because, displaced, result.otherwise, result.unsettled, missing)
    said = (result.outcome.value, currency, result.classified or None, result.permission or None)
    return (number, *said, *("; ".join(each) or None for each in lists))


def _listed(texts: Iterable[int | str | None]) -> str:
    """The type of a column of few texts."""
    values = sorted({str(each) for each in texts if each is not None})
    return f"ENUM ({', '.join(quoted_text(each) for each in values)})" if values else "VARCHAR"


def quoted_text(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _path(missing: Missing) -> str:
    """The path of a missing fact from the row's record."""
    way = way_of(missing.record)
    return f"{way}.{missing.field}" if way else missing.field
