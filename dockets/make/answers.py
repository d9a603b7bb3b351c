"""The answer key: every question put to every record, answered by plain arithmetic, one `if` per sentence of the Code.

Nothing here reads the pack or uses the program that audits: if the two agree, neither copied from the other.
"""

from datetime import date, timedelta

from dockets.make.answers_on_trips import Trips
from dockets.make.city import AMENDED, Row
from dockets.make.state import UNKNOWN, State
from dockets.make.ways import (
    YES_OR_NO,
    Answer,
    amounts,
    before_the_code,
    classified,
    days,
    forbidden,
    no_rule,
    nothing,
    owes,
    permitted,
    settle,
    values,
    yes_no,
)

COMMITTEE = "campaign committee"
PURPOSES = ("official", "campaign", "political", "personal", "mixed")
ROLES = ("protectee", "relative", "detail", "crew", "city staff", "campaign staff", "press", "guest")
SORTS = ("belongings", "furniture", "papers", "equipment", "errand")
SERVED = ("the city", "the detail", "the campaign", "a person")
BASES = ("log written at the time", "written later", "rebuilt from papers", "statement only")
FLAT_RATE, FLAT_RATE_SINCE_MARCH = 6000, 7500


def answer_key(state: State) -> list[Row]:
    """One line per record and question, in the order of the records' ids."""
    questions = Questions(state)
    asked = (
        ("seat", "seat-fare", questions.seat_fare),
        ("seat", "seat-without-protectee", questions.seat_without_protectee),
        ("load", "errand-and-load", questions.load),
        ("leg", "home-to-work", questions.home_to_work),
        ("leg", "recorded-in-time", questions.recorded_in_time),
        ("voucher", "voucher-payer", questions.voucher),
    )
    answers = [(row["id"], name, question(row)) for type_name, name, question in asked for row in state.of(type_name)]
    answers += questions.trips.answers()
    return [
        {
            "record": record,
            "policy": f"model-code/{name}",
            "outcome": answer.outcome,
            "amounts": "; ".join(f"{payer}={cents // 100}.{cents % 100:02d}" for payer, cents in answer.debts),
            "class": answer.classified,
            "because": answer.because,
        }
        for record, name, answer in sorted(answers, key=lambda each: each[:2])
    ]


class Questions:
    """The questions about legs, seats, loads and vouchers of one state."""

    def __init__(self, state: State) -> None:
        """Look up once what several questions need."""
        self.state = state
        self.trips = Trips(state)
        self.legs = {row["id"]: row for row in state.of("leg")}
        self.vehicles = {row["id"]: row for row in state.of("vehicle")}
        self.authorizations = {row["id"]: row for row in state.of("authorization")}
        self.all_seats_known = "seat" in state.complete
        self.roles: dict[str, list[str]] = {}
        for seat in state.of("seat"):
            self.roles.setdefault(seat["leg"], []).append(seat.get("role", UNKNOWN))

    def protectee_aboard(self, leg: str) -> tuple[bool, ...]:
        """Whether a protectee was on a leg; open while a seat or a role may be missing."""
        roles = self.roles.get(leg, [])
        if "protectee" in roles:
            return (True,)
        return (False,) if self.all_seats_known and UNKNOWN not in roles else YES_OR_NO

    def seat_fare(self, seat: Row) -> Answer:
        """What a passenger owes."""
        leg = self.legs[seat["leg"]]
        occupant = seat.get("occupant") or "unknown (occupant)"
        on_city_aircraft = self._on_city_aircraft(leg)
        ticket = [leg.get(name, UNKNOWN) for name in ("full_coach_fare", "operating_cost")]
        flown = on_city_aircraft != (False,)

        def question(
            when: date,
            flew: bool,
            purpose: str,
            role: str,
            on_duty: bool,
            certified: bool,
            fare: int,
            cost: int,
            seats: int,
        ) -> Answer:
            if before_the_code(when):
                return no_rule()
            if not flew:
                return nothing("no aircraft of the city")
            if purpose == "official" or role == "crew":
                return nothing("public business" if purpose == "official" else "crew")
            officer = role == "detail" and on_duty
            if purpose == "campaign":
                due = _half_up(cost, seats) if officer else fare
                return owes("campaign flight", (COMMITTEE, due))
            if officer:
                return nothing("officer on duty")
            if purpose == "mixed":
                half = _half_up(fare, 2)
                return owes("two purposes: half and half", (COMMITTEE, half), (occupant, fare - half))
            if role == "protectee" and certified:
                lower = fare if fare * seats <= cost else _half_up(cost, seats)
                return owes("required use, certified before", (occupant, lower))
            return owes(f"{purpose} travel", (occupant, fare))

        return settle(
            question,
            when=days(leg.get("departed_on", UNKNOWN)),
            flew=on_city_aircraft,
            purpose=values(leg.get("purpose", UNKNOWN), PURPOSES),
            role=values(seat.get("role", UNKNOWN), ROLES),
            on_duty=yes_no(seat.get("on_duty", UNKNOWN)),
            certified=_certified_before(leg) if flown else (False,),
            fare=amounts(ticket[0]) if flown else (0,),
            cost=amounts(ticket[1]) if flown else (0,),
            seats=(int(leg["seats"]),) if leg.get("seats") else (1, 12),
        )

    def _on_city_aircraft(self, leg: Row) -> tuple[bool, ...]:
        vehicle = leg.get("vehicle", UNKNOWN)
        if vehicle == UNKNOWN:
            return YES_OR_NO
        row = self.vehicles[vehicle]
        return (row["sort"] == "aircraft" and row["owner"] == "city",)

    def seat_without_protectee(self, seat: Row) -> Answer:
        """Whether a seat is within the rules when no protectee may be aboard."""
        leg = self.legs[seat["leg"]]

        def question(
            when: date, role: str, on_duty: bool, protectee_aboard: bool, on_leave: bool, permission: date | None
        ) -> Answer:
            if before_the_code(when):
                return no_rule()
            if role == "protectee" or protectee_aboard:
                return permitted("a protectee is aboard")
            if role in ("detail", "crew"):
                return permitted(role)
            if permission and permission <= when:
                if role == "campaign staff" and when >= date(2024, 2, 1) and permission == when:
                    return forbidden("campaign staff: permitted on the day only, too late since February")
                return permitted("permitted in writing for this use")
            if role == "city staff" and on_duty:
                return forbidden("on leave that day") if on_leave else permitted("city staff on duty")
            return forbidden(f"{role}, no protectee aboard")

        return settle(
            question,
            when=days(leg.get("departed_on", UNKNOWN)),
            role=values(seat.get("role", UNKNOWN), ROLES),
            on_duty=yes_no(seat.get("on_duty", UNKNOWN)),
            protectee_aboard=self.protectee_aboard(seat["leg"]),
            on_leave=self._on_leave(seat, leg),
            permission=self._permitted_once(leg),
        )

    def _on_leave(self, seat: Row, leg: Row) -> tuple[bool, ...]:
        occupant, on = seat.get("occupant", UNKNOWN), leg.get("departed_on", UNKNOWN)
        if occupant == UNKNOWN:
            return YES_OR_NO
        leaves = [
            (tie["from_on"], "9999-12-31" if tie["until_on"] == "none" else tie["until_on"])
            for tie in self.state.of("affiliation")
            if tie["person"] == occupant and tie["tie"] == "on leave"
        ]
        if on == UNKNOWN:
            return YES_OR_NO if leaves else (False,)
        found = {any(first <= each.isoformat() <= last for first, last in leaves) for each in days(on)}
        return tuple(sorted(found))

    def _permitted_once(self, leg: Row) -> tuple[date | None, ...]:
        """When the single use was permitted in writing, if it was; if unknown, either long ago or never."""
        cell = leg.get("authorization", UNKNOWN)
        if cell in (UNKNOWN, "none"):
            return (None, date.min) if cell == UNKNOWN else (None,)
        permission = self.authorizations[cell]
        if permission["covers"] != "single use" or permission["in_writing"] == "no":
            return (None,)
        given = date.fromisoformat(permission["approved_on"])
        return (None, given) if permission["in_writing"] == UNKNOWN else (given,)

    def load(self, load: Row) -> Answer:
        """Whether a load or an errand is within the rules."""
        leg = self.legs[load["leg"]]
        directed = load.get("directed_by", UNKNOWN)

        def question(
            when: date, sort: str, served: str, directed: bool, protectee_aboard: bool, permission: date | None
        ) -> Answer:
            if before_the_code(when):
                return no_rule()
            if served in ("the city", "the detail"):
                return permitted(f"for {served}")
            if sort == "errand" and when < AMENDED:
                return Answer("no rule", because="an errand before the amendment")
            if permission and permission <= when:
                return permitted("permitted in writing for this use")
            if served == "a person" and sort in ("belongings", "papers") and protectee_aboard:
                return forbidden("an officer was directed to carry it") if directed else permitted("taken along")
            return forbidden(f"{sort} for {served}")

        return settle(
            question,
            when=days(leg.get("departed_on", UNKNOWN)),
            sort=values(load.get("sort", UNKNOWN), SORTS),
            served=values(load.get("served", UNKNOWN), SERVED),
            directed=YES_OR_NO if directed == UNKNOWN else (directed != "none",),
            protectee_aboard=self.protectee_aboard(load["leg"]),
            permission=self._permitted_once(leg),
        )

    def home_to_work(self, leg: Row) -> Answer:
        """Whether a leg may go between home and work."""
        cell = leg.get("authorization", UNKNOWN)
        permission = self.authorizations.get(cell, {})
        covers = permission.get("covers") == "home to work"
        in_writing = yes_no(permission["in_writing"]) if covers else (False,)

        def question(when: date, to_work: bool, protectee_aboard: bool, written_permission: bool) -> Answer:
            if before_the_code(when):
                return no_rule()
            if not to_work:
                return classified("not a way to work", "not between home and work")
            if protectee_aboard:
                return permitted("a protectee is aboard")
            if not written_permission:
                return forbidden("to work, no protectee aboard, no written authorization")
            if not permission:
                return permitted("authorized")
            given, ends = date.fromisoformat(permission["approved_on"]), date.fromisoformat(permission["expires_on"])
            longest = timedelta(days=14 if when < AMENDED else 89)
            last = given + longest if when < AMENDED else min(given + longest, ends)
            if given <= when <= last:
                return permitted(f"authorized until {last}")
            return forbidden(f"authorized until {last} only")

        return settle(
            question,
            when=days(leg.get("departed_on", UNKNOWN)),
            to_work=yes_no(leg.get("home_to_work", UNKNOWN)),
            protectee_aboard=self.protectee_aboard(leg["id"]),
            written_permission=YES_OR_NO if cell == UNKNOWN else in_writing,
        )

    def recorded_in_time(self, leg: Row) -> Answer:
        """Whether a leg was recorded in time."""

        def question(when: date, written: date, basis: str) -> Answer:
            if before_the_code(when):
                return no_rule()
            if basis in ("rebuilt from papers", "statement only"):
                return classified("not recorded by the unit", basis)
            allowed = 7 if when < AMENDED else 3
            took = (written - when).days
            because = f"written {took} days after, {allowed} allowed"
            return classified("in time" if took <= allowed else "late", because)

        written = leg["recorded_on"]
        return settle(
            question,
            when=days(leg.get("departed_on", UNKNOWN)),
            written=days(written) if written else (date(2024, 1, 1), date(2024, 12, 31)),
            basis=values(leg["basis"], BASES),
        )

    def voucher(self, voucher: Row) -> Answer:
        """Who repays a voucher."""
        recovered = voucher["recovered"]
        trip, serves = (self.trips.shares(voucher[name]) for name in ("trip", "serves"))

        def question(
            when: date,
            receipt: bool,
            advance_visit: bool,
            paid: int,
            trip: tuple[str, int, int],
            serves: tuple[str, int, int],
        ) -> Answer:
            if before_the_code(when):
                return no_rule()
            if voucher["cost_class"] in ("salary", "overtime"):
                return nothing("salary and overtime are borne by the city")
            character, campaign_days, shared_days = serves if advance_visit else trip
            back = 0 if recovered == "none" else amounts(recovered)[0]
            what = "advance visit to a" if advance_visit else "cost of a"
            if character == "campaign":
                if not advance_visit and not receipt:
                    flat = FLAT_RATE if when < AMENDED else FLAT_RATE_SINCE_MARCH
                    due = max(min(paid, flat) - back, 0)
                    return owes("campaign trip, no receipt: the flat rate at most", (COMMITTEE, due))
                return owes(f"{what} campaign trip", (COMMITTEE, max(paid - back, 0)))
            if character == "mixed":
                share = max(_half_up(paid * campaign_days - back * shared_days, shared_days), 0)
                return owes(f"{what} mixed trip: {campaign_days} of {shared_days} days", (COMMITTEE, share))
            return nothing("borne by the city")

        return settle(
            question,
            when=days(voucher["incurred_on"]),
            receipt=yes_no(voucher["receipt"]),
            advance_visit=yes_no(voucher["advance_visit"]),
            paid=amounts(voucher["paid"]),
            trip=trip,
            serves=serves,
        )


def _certified_before(leg: Row) -> tuple[bool, ...]:
    certified, on = leg.get("certified_on", UNKNOWN), leg.get("departed_on", UNKNOWN)
    if certified == "none":
        return (False,)
    if UNKNOWN in (certified, on):
        return YES_OR_NO
    return tuple({certified < each.isoformat() for each in days(on)})


def _half_up(cents: int, parts: int) -> int:
    """A sum divided into parts, in whole cents; half a cent is a cent."""
    return (2 * cents + parts) // (2 * parts)
