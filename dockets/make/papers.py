"""The state as found: half of the legs have no log, and are known from what other papers and people say of them.

Each paper shows some fields. A field on which two papers disagree is left unknown, and so is one that
no paper shows; a leg that no paper shows is no record.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from dockets.make.city import City, Row
from dockets.make.complete import (
    BOARD,
    COMPTROLLER,
    OFFICE,
    PERSONNEL,
    UNIT,
    VOUCHED,
    cite,
    enter_wrongly,
    leave_out,
)
from dockets.make.state import UNKNOWN, Exhibit, State

INTERVIEWED_ON = "2024-05-20"
NO_PAPER = Exhibit("")
PURPOSES = ("official", "campaign", "personal")


def as_found(city: City) -> State:
    """The state that an inspector finds."""
    kept = {name: VOUCHED[name] for name in VOUCHED if name not in ("leg", "seat", "load", "threat_assessment")}
    state = State(
        "as-found",
        "Model City, as found (fictional)",
        {name: [dict(row) for row in rows] for name, rows in city.records.items()},
        # The diary was kept until the end of February; from then on there are loose pages.
        kept | {"event": (("2024-01-01", "2024-02-29"), OFFICE)},
    )
    leave_out(state)
    _rebuild(state, city)
    _tear_the_diary(state, city)
    _seal(state)
    _blot(state, city)
    enter_wrongly(state, city)
    cite(state)
    return state


@dataclass
class Leg:
    """One leg without a log: what each paper says of each field, and whom and what it shows aboard."""

    truth: Row
    riders: list[Row]
    loads: list[Row]
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    places: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    on_paper: bool = False
    seats: list[Row] = field(default_factory=list)
    carried: list[Row] = field(default_factory=list)

    def says(self, place: str, written: str, **fields: str) -> None:
        """Note what one paper says, where it stands and when it was written."""
        self.places.append(place)
        self.written.append(written)
        for name, value in fields.items():
            self.said[name].append(value)

    def row(self) -> Row:
        """The leg as the papers show it together."""
        agreed = {name: values[0] for name, values in self.said.items() if len(set(values)) == 1}
        agreed["departed_on"] = _agreed_day(self.said["departed_on"])
        disputed = sorted(name for name in self.said if not agreed.get(name))
        also = [f"also {place}" for place in self.places[1:]] + [f"papers disagree on {name}" for name in disputed]
        return agreed | {
            "id": self.truth["id"],
            "basis": "rebuilt from papers" if self.on_paper else "statement only",
            "recorded_on": self.written[0],
            "note": "; ".join(also) or "none",
            "source": self.places[0],
        }


def _agreed_day(days: list[str]) -> str:
    """The day on which papers agree; a period that holds it does not disagree."""
    exact = {each for each in days if "/" not in each}
    periods = {each for each in days if "/" in each}
    if not exact:
        return periods.pop() if len(periods) == 1 else UNKNOWN
    the_day = min(exact)
    agree = len(exact) == 1 and all(each[:10] <= the_day <= each[11:] for each in periods)
    return the_day if agree else UNKNOWN


def _rebuild(state: State, city: City) -> None:
    legs = state.of("leg")
    unlogged = {leg["id"] for leg in city.random.sample(legs, len(legs) // 2)}
    for type_name in ("leg", "seat", "load"):
        key = "id" if type_name == "leg" else "leg"
        state.tables[type_name] = [row for row in state.of(type_name) if row[key] not in unlogged]
    for truth in city.of("leg"):
        if truth["id"] in unlogged:
            _rebuild_one(state, city, truth)
    for type_name in ("leg", "seat", "load"):
        state.tables[type_name].sort(key=lambda row: row["id"])


def _rebuild_one(state: State, city: City, truth: Row) -> None:
    leg = Leg(
        truth,
        [seat for seat in city.of("seat") if seat["leg"] == truth["id"]],
        [load for load in city.of("load") if load["leg"] == truth["id"]],
    )
    for paper in (_diary, _bill, _slips, _interview):
        paper(state, city, leg)
    if leg.places:
        # The unit kept its file of authorizations; whether one was meant for this ride cannot always be told.
        permitted = {} if city.chance(15) else {"authorization": truth["authorization"]}
        state.tables["leg"].append(leg.row() | permitted)
        state.tables["seat"] += leg.seats
        state.tables["load"] += leg.carried


def _seat(seat: Row, place: str, basis: str, written: str, **shown: str) -> Row:
    known = {"id": seat["id"], "leg": seat["leg"], "basis": basis, "recorded_on": written, "source": place}
    return known | shown


def _diary(state: State, city: City, leg: Leg) -> None:
    """The office's diary knows where the protectee was to be, and why."""
    protected = [seat for seat in leg.riders if seat["role"] == "protectee"]
    if not protected or not city.chance(45):
        return
    truth, on = leg.truth, leg.truth["departed_on"]
    who = ", ".join(seat["occupant"] for seat in protected)
    place = state.say("diary-pages.csv", OFFICE, f"{on} {who}: {truth['arrived_at']} ({truth['purpose']})")
    shown = {name: truth[name] for name in ("departed_on", "purpose", "trip", "arrived_at", "home_to_work")}
    leg.says(place, on, **shown)
    leg.on_paper = True
    for seat in protected:
        leg.seats.append(
            _seat(seat, place, "rebuilt from papers", on, occupant=seat["occupant"], role="protectee", on_duty="no")
        )


def _bill(state: State, city: City, leg: Leg) -> None:
    """A toll card, a fuel card, a ticket or a flight bill knows which vehicle went, and on which day."""
    truth, on, vehicle = leg.truth, leg.truth["departed_on"], leg.truth["vehicle"]
    if vehicle == "plane-1":
        costs = {name: truth[name] for name in ("full_coach_fare", "operating_cost", "seats")}
        priced = f"operating cost {costs['operating_cost']}, coach fare {costs['full_coach_fare']}"
        line = f"{on} plane-1: {priced}, {costs['seats']} seats"
        place = state.say("flight-bills.csv", COMPTROLLER, line)
        leg.says(place, on, departed_on=on, vehicle=vehicle, home_to_work="no", **costs)
    elif city.chance(25):
        file = "tickets.csv" if vehicle in ("airline", "railway") else "toll-and-fuel-cards.csv"
        place = state.say(file, COMPTROLLER, f"{on} {vehicle}")
        leg.says(place, on, departed_on=on, vehicle=vehicle)
    else:
        return
    leg.on_paper = True


def _slips(state: State, city: City, leg: Leg) -> None:
    """An officer's overtime slip knows the day and the detail."""
    truth, on = leg.truth, leg.truth["departed_on"]
    written = (date.fromisoformat(on) + timedelta(days=6)).isoformat()
    for seat in leg.riders:
        if seat["role"] == "detail" and city.chance(22):
            officer = seat["occupant"]
            place = state.say("overtime-slips.csv", PERSONNEL, f"{on} {officer}, {truth['detail']}, drove")
            leg.says(place, written, departed_on=on, detail=truth["detail"])
            leg.on_paper = True
            leg.seats.append(
                _seat(seat, place, "rebuilt from papers", written, occupant=officer, role="detail", on_duty="yes")
            )


def _interview(state: State, city: City, leg: Leg) -> None:
    """Somebody remembers: who else was aboard, what was carried and, not always rightly, when and what for."""
    if not city.chance(38):
        return
    truth = leg.truth
    teller = next((seat["occupant"] for seat in leg.riders if seat["role"] == "detail"), "aide-06")
    told = {"departed_on": _remembered_day(city, truth), "home_to_work": truth["home_to_work"]}
    told["purpose"] = city.random.choice(PURPOSES) if city.chance(40) else truth["purpose"]
    place = f"interview-{teller}.txt#{len(state.exhibits.get(f'interview-{teller}.txt', NO_PAPER).lines) + 1}"
    leg.says(place, INTERVIEWED_ON, **told)
    others = [seat for seat in leg.riders if seat["role"] not in ("detail", "protectee") and city.chance(80)]
    leg.seats += [_remembered_seat(city, seat, place) for seat in others]
    leg.carried += [_remembered_load(city, load, place) for load in leg.loads if city.chance(75)]
    seats = leg.seats[len(leg.seats) - len(others) :]
    state.say(f"interview-{teller}.txt", teller, _told(told, truth, seats, leg.carried))


def _remembered_seat(city: City, seat: Row, place: str) -> Row:
    """Somebody from the campaign, or a reporter: the teller does not always know who or why."""
    shown = {"on_duty": seat["on_duty"]}
    shown |= {} if city.chance(30) else {"role": seat["role"]}
    shown |= {} if city.chance(20) else {"occupant": seat["occupant"]}
    return _seat(seat, place, "statement only", INTERVIEWED_ON, **shown)


def _remembered_load(city: City, load: Row, place: str) -> Row:
    shown = {name: load[name] for name in ("sort", "owner")}
    shown |= {} if city.chance(20) else {"served": load["served"]}
    shown |= {"directed_by": load["directed_by"]} if city.chance(60) else {}
    known = {"id": load["id"], "leg": load["leg"], "basis": "statement only", "recorded_on": INTERVIEWED_ON}
    return known | shown | {"source": place}


def _told(told: Row, truth: Row, seats: list[Row], loads: list[Row]) -> str:
    """The sentences of one recollection."""
    way = "between home and work" if told["home_to_work"] == "yes" else f"to {truth['arrived_at']}"
    sentences = [f"On {told['departed_on'].replace('/', ' or up to ')} we drove {way}. Purpose: {told['purpose']}."]
    sentences += [
        f"Aboard: {seat.get('occupant', 'somebody whose name I do not know')}, "
        f"{seat.get('role', 'I cannot say in what role')}, {'on' if seat['on_duty'] == 'yes' else 'not on'} duty."
        for seat in seats
    ]
    for load in loads:
        by = load.get("directed_by", "I do not remember whom")
        sentences.append(f"We had {load['sort']} for {load.get('served', 'I do not know whom')}; directed by {by}.")
    return " ".join(sentences)


def _remembered_day(city: City, truth: Row) -> str:
    on = date.fromisoformat(truth["departed_on"])
    kind = city.random.randrange(10)
    if kind < 2:
        return (on + timedelta(days=1)).isoformat()
    if kind < 5:
        return f"{(on - timedelta(days=1)).isoformat()}/{(on + timedelta(days=1)).isoformat()}"
    return on.isoformat()


def _tear_the_diary(state: State, city: City) -> None:
    """Since March there are loose pages: some events are lost, of some it is disputed what they were."""
    pages: list[Row] = []
    for event in state.of("event"):
        if event["starts_on"] >= "2024-03":
            lost, disputed = city.chance(25), city.chance(12)
            if lost:
                continue
            sort = UNKNOWN if disputed else event["sort"]
            said = sort or "a reception, as the office says; a rally, as the newspaper says"
            place = state.say("diary-pages.csv", OFFICE, f"{event['starts_on']} {event['place']}: {said}")
            pages.append(event | {"sort": sort, "basis": "rebuilt from papers", "source": place})
        else:
            pages.append(event)
    state.tables["event"] = pages
    # When the mayor came home from Lakemouth, the hotel and the railway disagree by a day.
    trip = next(each for each in state.of("trip") if each["id"] == "T24")
    line = "2024-04-11 the room was given up; the ticket home was used on 2024-04-12"
    trip |= {"returned_on": "2024-04-11/2024-04-12", "basis": "rebuilt from papers"}
    trip["source"] = state.say("tickets.csv", COMPTROLLER, line)


def _seal(state: State) -> None:
    """Of the sealed facts two were laid open."""
    state.tables["threat_assessment"] = [
        each for each in state.of("threat_assessment") if each["made_on"] < "2024" and each["person"] != "son"
    ]


def _blot(state: State, city: City) -> None:
    """The comptroller kept every voucher, but not everything on it can be read."""
    _blot_vouchers(state, city)
    # The board finds no trace of whether its letter about the trip of March was read.
    letter = next(each for each in state.of("guidance") if each["trip"] == "T18")
    letter["source"] = state.say("board-letters.csv", BOARD, "guidance about T18; no receipt in the file")
    state.say("unit-file.csv", UNIT, "no log was kept in the weeks that are missing")


def _blot_vouchers(state: State, city: City) -> None:
    vouchers = state.of("voucher")
    travel = [each for each in vouchers if each["cost_class"] not in ("salary", "overtime")]
    for voucher in city.random.sample([each for each in travel if each["cost_class"] == "fuel"], 8):
        voucher["trip"] = UNKNOWN
    for voucher in city.random.sample([each for each in travel if each["recovered"] == "none"], 24):
        voucher["receipt"] = UNKNOWN
    for voucher in [each for each in travel if each["advance_visit"] == "yes"][::4]:
        voucher["serves"] = UNKNOWN
    for voucher in city.random.sample([each for each in travel if each["trip"] in ("T09", "T12", "T13")], 3):
        voucher["advance_visit"] = UNKNOWN
    campaign = [each for each in travel if each["trip"] in ("T06", "T11") and each["recovered"] == "none"]
    for voucher in campaign[:2]:
        voucher["paid"] = UNKNOWN
