"""Records of a case as tests write them: cells as a table holds them, and none where nothing is written."""

from custodiet.base.dates import Days
from custodiet.cases.case import Case
from custodiet.records import NONE, core_types, read_cell
from custodiet.records.facts import Facts, Vouched
from custodiet.records.record import Record

CURRENCY = "EUR"


def record(type_name: str, id_: str, **cells: str) -> Record:
    """A record; a field that may be none is none unless a cell says otherwise, every other one is unknown."""
    definition = core_types()[type_name]
    absent = {field.name: NONE for field in definition.fields if field.may_be_none}
    told = {name: read_cell(definition.field(name), text, CURRENCY) for name, text in cells.items()}
    return Record(type_name, id_, {**absent, **told})


def case(*records: Record, complete: str = "", period: str = "2020/2039") -> Case:
    """A case of these records; `complete` names the registers that somebody vouches for."""
    vouched = [Vouched(name, Days.read(period), "the clerk") for name in complete.split()]
    return Case(Facts(records, core_types(), vouched))
