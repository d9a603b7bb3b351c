"""The complete state: every register is kept and vouched for; a few facts were never written down."""

from collections.abc import Sequence

from dockets.make.city import City, Row
from dockets.make.state import FOUR_MONTHS, OPEN, UNKNOWN, State

UNIT = "the protective unit"
OFFICE = "the mayor's office"
PERSONNEL = "the personnel office"
COMPTROLLER = "the comptroller"
BOARD = "the ethics board"

VOUCHED = {
    "person": (OPEN, PERSONNEL),
    "affiliation": (OPEN, PERSONNEL),
    "detail": (OPEN, UNIT),
    "assignment": (OPEN, UNIT),
    "entitlement": (OPEN, UNIT),
    "threat_assessment": (OPEN, UNIT),
    "vehicle": (OPEN, UNIT),
    "authorization": (OPEN, UNIT),
    "trip": (FOUR_MONTHS, OFFICE),
    "event": (FOUR_MONTHS, OFFICE),
    "leg": (FOUR_MONTHS, UNIT),
    "seat": (FOUR_MONTHS, UNIT),
    "load": (FOUR_MONTHS, UNIT),
    "voucher": (FOUR_MONTHS, COMPTROLLER),
    "guidance": (OPEN, BOARD),
}

FILES = {
    "person": ("personnel-list.csv", PERSONNEL),
    "affiliation": ("personnel-list.csv", PERSONNEL),
    "detail": ("unit-file.csv", UNIT),
    "assignment": ("unit-file.csv", UNIT),
    "vehicle": ("unit-file.csv", UNIT),
    "authorization": ("unit-file.csv", UNIT),
    "entitlement": ("sealed-file.csv", UNIT),
    "threat_assessment": ("sealed-file.csv", UNIT),
    "trip": ("office-diary.csv", OFFICE),
    "event": ("office-diary.csv", OFFICE),
    "voucher": ("voucher-file.csv", COMPTROLLER),
    "guidance": ("board-letters.csv", BOARD),
}


def complete(city: City) -> State:
    """The state in which every log was kept."""
    state = State(
        "complete",
        "Model City, complete logs (fictional)",
        {name: [dict(row) for row in rows] for name, rows in city.records.items()},
        dict(VOUCHED),
    )
    leave_out(state)
    enter_wrongly(state, city)
    cite(state)
    return state


def leave_out(state: State) -> None:
    """The facts that nobody wrote down."""
    legs = state.of("leg")
    flights = [leg for leg in legs if leg["vehicle"] == "plane-1" and leg["departed_on"] >= "2024-02"]
    drives = [leg for leg in legs if leg["vehicle"] == "car-1"]
    for leg in (flights[1], flights[9], drives[2], drives[5]):
        leg["purpose"] = UNKNOWN
    _tell_by_diary(state, drives[7:10])
    written_later = [leg for leg in legs if leg["basis"] == "written later" and leg["departed_on"] >= "2024-02"]
    for leg in written_later[::9][:4]:
        leg["recorded_on"] = UNKNOWN
    _lose_receipts(state)
    next(each for each in state.of("threat_assessment") if each["person"] == "son")["valid_until"] = UNKNOWN
    next(each for each in state.of("guidance") if each["trip"] == "T18")["acknowledged_on"] = UNKNOWN
    next(each for each in state.of("authorization") if each["id"].startswith("HW4"))["in_writing"] = UNKNOWN
    next(each for each in state.of("seat") if each["occupant"] == "guest-01")["role"] = UNKNOWN


def _tell_by_diary(state: State, rides: Sequence[Row]) -> None:
    """Rides that the log forgot and the diary knows."""
    for leg in rides:
        line = f"{leg['departed_on']} the {leg['asked_by']} was driven to {leg['arrived_at']} ({leg['purpose']})"
        place = state.say("office-diary.csv", OFFICE, line)
        riders = [seat for seat in state.of("seat") if seat["leg"] == leg["id"]]
        loads = [load for load in state.of("load") if load["leg"] == leg["id"]]
        for row in (leg, *riders, *loads):
            row |= {"basis": "rebuilt from papers", "source": place}


def _lose_receipts(state: State) -> None:
    """Of what was not recovered on two trips, it is not known whether there is a receipt."""
    dear = (("T21", "lodging"), ("T09", "air fare"))
    for voucher in state.of("voucher"):
        if (voucher["trip"], voucher["cost_class"]) in dear and voucher["recovered"] == "none":
            voucher["receipt"] = UNKNOWN


def enter_wrongly(state: State, city: City) -> None:
    """The slips of whoever typed the tables; each was put right by a later entry."""
    trips_of = {each["id"]: each["trip"] for each in city.of("voucher")}
    of_campaign = [each for each in city.of("voucher") if trips_of[each["id"]] in ("T10", "T19", "T21")]
    flights = [leg for leg in city.of("leg") if leg["vehicle"] == "plane-1" and leg["purpose"] == "campaign"]
    alone = [seat for seat in city.of("seat") if seat["occupant"] in ("campaign-aide-02", "campaign-aide-03")]
    dinners = [event for event in city.of("event") if event["sort"] == "fundraiser"]
    typed = "typed wrongly; the exhibit is right"
    state.amend("leg", flights, "purpose", "official", "entered as official; the log says campaign")
    state.amend("leg", city.of("leg")[40:], "departed_from", "Town Hall", typed)
    state.amend("seat", alone, "role", "city staff", "entered as city staff; the person left the city in January")
    for row, wrong in zip(of_campaign[:3], ("4120.00", "18.50", "7.07"), strict=True):
        state.amend("voucher", [row], "paid", wrong, typed)
    state.amend("voucher", of_campaign[4:], "trip", "T20", "booked on the wrong trip")
    state.amend("voucher", of_campaign[8:], "cost_class", "salary", "entered under the wrong class")
    state.amend("event", dinners, "sort", "official", "the office called it a reception; the invitation asks for gifts")
    guidance = [each for each in city.of("guidance") if each["trip"] == "T12"]
    state.amend("guidance", guidance, "given_on", "2024-02-21", "typed wrongly; the letter is of the 12th")
    loads = [each for each in city.of("load") if each["sort"] == "furniture"]
    state.amend("load", loads, "served", "the city", "the furniture was not the city's")


def cite(state: State) -> None:
    """Name the exhibit and the place for every record that has none yet, and write that place."""
    logged = {leg["id"]: leg for leg in state.of("leg") if "source" not in leg}
    for leg in logged.values():
        riders = [seat for seat in state.of("seat") if seat["leg"] == leg["id"] and "source" not in seat]
        loads = [load for load in state.of("load") if load["leg"] == leg["id"] and "source" not in load]
        month = leg["departed_on"][:7]
        place = state.say(f"detail-log-{month}.csv", UNIT, _log_line(leg, riders, loads))
        for row in (leg, *riders, *loads):
            row["source"] = place
    for type_name, (file, holder) in FILES.items():
        for row in state.of(type_name):
            if "source" not in row:
                row["source"] = state.say(file, holder, file_line(type_name, row))


def _log_line(leg: Row, riders: list[Row], loads: list[Row]) -> str:
    purpose = leg["purpose"] or "purpose left blank"
    seats = ", ".join(f"{each['occupant']} ({each['role'] or 'role left blank'})" for each in riders)
    carried = "".join(f"; {each['sort']} for {each['served']}" for each in loads)
    way = f"{leg['departed_from']} to {leg['arrived_at']}"
    return f"{leg['departed_on']} {leg['vehicle']}, {way}, {purpose}: {seats}{carried}"


def file_line(type_name: str, row: Row) -> str:
    """A line of a file that says everything a record holds."""
    said = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in row.items()
        if name not in ("id", "basis", "recorded_on") and value not in ("none", UNKNOWN)
    ]
    return f"{type_name.replace('_', ' ')} {row['id']}: {', '.join(said)}"
