"""Legs and seats: the ways there and back of every trip, and rides in the city; by hand where a rule turns on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from dockets.make.city import AMENDED, CODE_IN_FORCE, NOBODY_ASKED, City, Row, amount, day
from dockets.make.journeys import JOURNEYS, Journey
from dockets.make.people import AIDES, CAMPAIGN_AIDES, DETAILS, GUESTS, PILOTS, REPORTERS

NONE = "none"

Rider = tuple[str, str, str]
"""Who, in which role, on duty or not."""


def ride(
    city: City,
    when: date,
    vehicle: str,
    purpose: str,
    riders: list[Rider],
    *,
    trip: str = NONE,
    detail: str = "detail-mayor",
    way: tuple[str, str] = ("City Hall", "Market Hall"),
    home_to_work: bool = False,
    authorization: str = NONE,
    certified_on: str = NONE,
) -> Row:
    """Add a leg with its seats; when it was written down is left to chance."""
    leg = city.add(
        "leg",
        trip=trip,
        detail=detail,
        vehicle=vehicle,
        purpose=purpose,
        departed_on=when.isoformat(),
        departed_from=way[0],
        arrived_at=way[1],
        home_to_work="yes" if home_to_work else "no",
        authorization=authorization,
        certified_on=certified_on,
        note=NONE,
        **(NOBODY_ASKED | {"asked_by": riders[0][0], "offered_or_accepted": "accepted"}),
    )
    if vehicle == "plane-1":
        fare = city.euros(180, 460)
        cost = city.euros(2400, 6800)
        leg |= {"full_coach_fare": amount(fare | 1), "operating_cost": amount(cost), "seats": "12"}
    leg |= _written(city, when)
    for person, role, on_duty in riders:
        city.add(
            "seat",
            leg=leg["id"],
            occupant=person,
            role=role,
            on_duty=on_duty,
            basis=leg["basis"],
            recorded_on=leg["recorded_on"],
        )
    return leg


def _written(city: City, when: date) -> Row:
    """Moved first, recorded after: most lines are of the day, some of the week, a few of another month."""
    kind = city.random.randrange(100)
    delay = 0 if kind < 60 else city.random.randrange(1, 4) if kind < 78 else city.random.randrange(5, 8)
    if kind >= 90:
        delay = city.random.randrange(9, 40)
    basis = "log written at the time" if delay == 0 else "written later"
    return {"basis": basis, "recorded_on": (when + timedelta(days=delay)).isoformat()}


def officers(city: City, protectee: str, count: int) -> list[Rider]:
    """Some officers of a protectee's detail, on duty."""
    chosen = sorted(city.random.sample(DETAILS[protectee], min(count, len(DETAILS[protectee]))))
    return [(officer, "detail", "yes") for officer in chosen]


def ride_on_trips(city: City) -> None:
    """The legs of every trip: out, one at the place on every later day with an event, and back."""
    for number, journey in enumerate(JOURNEYS, start=1):
        _ride_on(city, f"T{number:02d}", journey)


def _ride_on(city: City, trip: str, journey: Journey) -> None:
    dated = list(journey.dated())
    detail = f"detail-{journey.protectee}"
    team = officers(city, journey.protectee, 2)
    out = journey.out_purpose or _purpose("".join(letters for _, letters in dated))
    back = journey.back_purpose or out
    home_and_away = ("Model City", journey.destination)
    certified = [NONE if on == NONE else f"2024-{on}" for on in (journey.out_certified, journey.back_certified)]
    first, last = dated[0][0], dated[-1][0]
    away = [(journey.protectee, "protectee", "no"), *team]
    others = _company(city, journey, first)
    flying = [(city.random.choice(PILOTS), "crew", "yes")] if journey.travels_by == "plane-1" else []
    on_trip = partial(ride, city, trip=trip, detail=detail)
    on_trip(first, journey.travels_by, out, away + flying + others, way=home_and_away, certified_on=certified[0])
    for when, letters in dated[1:]:
        if letters and not journey.in_city:
            there = (f"hotel in {journey.destination}", f"hall in {journey.destination}")
            on_trip(when, "hired-car", _purpose(letters), [away[0], team[0], *others[:1]], way=there)
    if not journey.in_city:
        riders = away + flying + others[1:]
        on_trip(last, journey.travels_by, back, riders, way=home_and_away[::-1], certified_on=certified[1])


def _company(city: City, journey: Journey, when: date) -> list[Rider]:
    """Who travels along: city staff to official days, campaign staff to campaign days, press and a guest at times."""
    letters = journey.days
    company: list[Rider] = []
    if set(letters) & set("CF"):
        aides = 2 if journey.travels_by == "airline" else 1
        company += [(aide, "campaign staff", "no") for aide in sorted(city.random.sample(CAMPAIGN_AIDES, aides))]
    if "O" in letters:
        company.append((city.random.choice(AIDES[:2]), "city staff", "yes"))
    if journey.travels_by == "plane-1" and when < AMENDED:
        company.append((city.random.choice(REPORTERS), "press", "no"))
    if journey.travels_by == "plane-1" and "H" in letters:
        company.append((city.random.choice(GUESTS), "guest", "no"))
    return company


def _purpose(letters: str) -> str:
    """The purpose a log line gives for a day or a trip with these events."""
    sorts = {"campaign" if each in "CF" else "personal" if each in "HE" else each for each in letters}
    purposes = {{"O": "official", "P": "political"}.get(each, each) for each in sorts}
    return "mixed" if len(purposes) > 1 else purposes.pop()


@dataclass(frozen=True)
class Habit:
    """A kind of ride in the city that happens now and then."""

    times: int
    first: str
    last: str
    vehicle: str
    purpose: str
    riders: tuple[Rider, ...]
    detail: str = "detail-mayor"
    officers: int = 1
    home_to_work: bool = False


MAYOR: Rider = ("mayor", "protectee", "no")

HABITS = (
    Habit(8, "01-02", "04-26", "car-1", "official", (MAYOR, ("aide-01", "city staff", "yes")), officers=2),
    Habit(6, "02-06", "04-26", "car-1", "campaign", (MAYOR, ("campaign-aide-01", "campaign staff", "no"))),
    Habit(3, "02-12", "04-19", "car-2", "campaign", (("campaign-aide-02", "campaign staff", "no"),)),
    Habit(3, "02-12", "04-26", "van-1", "campaign", (("campaign-aide-03", "campaign staff", "no"),)),
    Habit(4, "01-16", "04-26", "car-3", "official", (("aide-02", "city staff", "yes"),)),
    Habit(2, "02-13", "03-14", "car-3", "personal", (("aide-03", "city staff", "yes"),)),
    Habit(2, "03-26", "04-25", "car-3", "personal", (("aide-04", "city staff", "yes"),)),
    Habit(2, "01-16", "04-26", "car-2", "personal", (("aide-05", "city staff", "no"),)),
    Habit(2, "01-16", "02-09", "car-4", "personal", (("son", "protectee", "no"),), "detail-son"),
    Habit(4, "02-12", "04-18", "car-4", "personal", (("son", "relative", "no"),), "detail-son"),
    Habit(3, "01-16", "04-26", "car-4", "personal", (("spouse", "protectee", "no"),), "detail-spouse"),
    Habit(2, "01-03", "02-19", "car-2", "personal", (("daughter", "relative", "no"),), "detail-daughter"),
    Habit(2, "02-21", "04-26", "car-4", "personal", (("daughter", "protectee", "no"),), "detail-daughter"),
    Habit(3, "01-16", "04-26", "car-3", "personal", (("guest-01", "guest", "no"),)),
    Habit(4, "01-03", "04-26", "car-1", "official", (MAYOR,), home_to_work=True),
    Habit(5, "01-03", "04-26", "van-1", "personal", ()),
    Habit(3, "01-16", "04-26", "van-1", "official", (), officers=1),
)

# Rides that a rule turns on: day, vehicle, who rides, authorization. The first officer of the mayor's detail drives.
PERMITTED_ONCE = (
    ("01-22", "car-2", ("campaign-aide-04", "campaign staff", "no"), "SU1"),
    ("02-14", "car-3", ("guest-02", "guest", "no"), "SU2"),
    ("02-26", "car-2", ("campaign-aide-04", "campaign staff", "no"), "SU3"),
    # A city aide who is on leave that day.
    ("03-14", "car-3", ("aide-03", "city staff", "yes"), "SU4"),
    ("03-22", "car-3", ("guest-03", "guest", "no"), "SU5"),
    # Permitted on the day before, as campaign staff has to be since February.
    ("04-04", "car-2", ("campaign-aide-05", "campaign staff", "no"), "SU6"),
    ("04-19", "car-4", ("son", "relative", "no"), "SU7"),
    ("04-23", "car-3", ("guest-04", "guest", "no"), "SU4"),
)

# The way to work of an officer alone: day, authorization.
WAYS_TO_WORK = (
    ("01-09", NONE),
    ("01-30", "HW1"),
    ("02-05", "HW1"),
    ("02-06", "HW1"),
    ("02-23", "HW1"),
    ("03-05", "HW1"),
    ("03-18", "HW2"),
    ("03-21", "HW2"),
    ("03-12", "HW3"),
    ("04-20", "HW1"),
    ("04-22", "HW1"),
    ("04-24", "HW4"),
    ("02-09", NONE),
    ("03-27", NONE),
)


def ride_in_the_city(city: City) -> None:
    """The rides of four months in the city."""
    for habit in HABITS:
        protectee = habit.detail.removeprefix("detail-")
        for _ in range(habit.times):
            when = city.workday(day(habit.first), day(habit.last))
            riders = [*habit.riders, *officers(city, protectee, habit.officers)]
            way = ("home", "City Hall") if habit.home_to_work else ("City Hall", "Market Hall")
            ride(
                city,
                when,
                habit.vehicle,
                habit.purpose,
                riders,
                detail=habit.detail,
                way=way,
                home_to_work=habit.home_to_work,
            )
    for on, vehicle, rider, authorization in PERMITTED_ONCE:
        driver = officers(city, "mayor", 1)
        ride(city, day(on), vehicle, "personal", [rider, *driver], authorization=authorization)
    for on, authorization in WAYS_TO_WORK:
        driver = officers(city, "mayor", 1)
        ride(
            city,
            day(on),
            "car-3",
            "personal",
            driver,
            way=("home", "station house"),
            home_to_work=True,
            authorization=authorization,
        )


# What was carried or run: sort, for whom, whose, who directed it, what kind of leg.
LOADS = (
    ("papers", "the city", NONE, NONE, "any"),
    ("equipment", "the detail", NONE, NONE, "any"),
    ("furniture", "a person", "son", "mayor", "empty"),
    ("belongings", "a person", "mayor", NONE, "protected"),
    ("belongings", "a person", "spouse", "mayor", "protected"),
    ("equipment", "the campaign", NONE, "chief-of-staff", "any"),
    ("errand", "a person", "mayor", "mayor", "empty"),
    ("belongings", "a person", "son", "mayor", "empty"),
    ("papers", "a person", "mayor", NONE, "protected"),
    ("errand", "the campaign", NONE, "chief-of-staff", "any"),
)


def carry(city: City) -> None:
    """Forty loads and errands on legs by car or van."""
    driven = [leg for leg in city.of("leg") if leg["vehicle"].startswith(("car", "van"))]
    protected = {seat["leg"] for seat in city.of("seat") if seat["role"] == "protectee"}
    legs = {
        "any": driven,
        "protected": [leg for leg in driven if leg["id"] in protected],
        "empty": [leg for leg in driven if leg["id"] not in protected],
    }
    for sort, served, owner, directed_by, where in LOADS * 4:
        leg = city.random.choice(legs[where])
        city.add(
            "load",
            leg=leg["id"],
            sort=sort,
            served=served,
            owner=owner,
            asked_by=owner if directed_by == NONE else directed_by,
            directed_by=directed_by,
            offered_or_accepted="accepted",
            approved_by=NONE,
            basis=leg["basis"],
            recorded_on=leg["recorded_on"],
        )
    _authorize(city, "SU8", next(load for load in _directed(city) if load["sort"] == "furniture"))
    _authorize(city, "SU9", next(load for load in _directed(city) if load["leg"] in protected))


def _directed(city: City) -> Iterator[Row]:
    """What officers were told to carry for a person since the Code is in force, on legs that nothing permits yet."""
    for load in city.of("load"):
        leg = city.find("leg", load["leg"])
        in_force = leg["departed_on"] >= CODE_IN_FORCE.isoformat()
        if in_force and load["served"] == "a person" and load["directed_by"] != NONE and leg["authorization"] == NONE:
            yield load


def _authorize(city: City, id_: str, load: Row) -> None:
    """Permit a load in writing, on its day."""
    leg = city.find("leg", load["leg"])
    city.add(
        "authorization",
        id_,
        covers="single use",
        approved_on=leg["departed_on"],
        approved_by="commissioner",
        expires_on=leg["departed_on"],
        in_writing="yes",
        reason=f"{load['sort']} for a person",
        recorded_on=leg["departed_on"],
    )
    leg["authorization"] = id_
    load["approved_by"] = "commissioner"
