"""The twenty-five trips, planned by hand: what each day was used for, and what guidance was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dockets.make.city import City, Row, day

SORTS = {
    "O": "official",
    "C": "campaign",
    "F": "fundraiser",
    "P": "political",
    "H": "personal",
    "E": "errand",
}


@dataclass(frozen=True)
class Journey:
    """One trip as it was made; `days` has a word per day, a letter per event of that day, `-` for none."""

    protectee: str
    destination: str
    departed_on: str
    days: str
    travels_by: str = "railway"
    continues: str = "none"
    in_city: bool = False
    out_purpose: str = ""
    back_purpose: str = ""
    out_certified: str = "none"
    back_certified: str = "none"

    def dated(self) -> Iterator[tuple[date, str]]:
        """Each day of the trip with the letters of its events."""
        for offset, letters in enumerate(self.days.split()):
            yield day(self.departed_on) + timedelta(days=offset), letters.strip("-")


JOURNEYS = (
    Journey("mayor", "Port Alder", "01-04", "O -"),
    Journey("spouse", "Lakemouth", "01-09", "H H", "car-4"),
    Journey("mayor", "Quarry Hill", "01-11", "O", "car-1", in_city=True),
    # Leaves before the Code is in force and returns after.
    Journey("mayor", "Seaholm", "01-13", "- O O O -", "airline"),
    Journey("mayor", "Northgate", "01-18", "- O", "plane-1", out_purpose="official"),
    # A campaign trip before the campaign is announced.
    Journey("mayor", "Eastport", "01-23", "C C -", "airline"),
    Journey("mayor", "Overbridge", "01-29", "O", "car-2", in_city=True),
    Journey("son", "Lakemouth", "01-30", "H H", "car-4"),
    Journey("mayor", "Eastport", "02-06", "C CF C", "airline"),
    Journey("mayor", "Norwick", "02-08", "C -", "railway", continues="T09"),
    Journey("spouse", "Norwick", "02-12", "C C", "railway"),
    Journey("mayor", "Capital", "02-15", "O O C", "plane-1", out_purpose="official", back_purpose="mixed"),
    Journey("mayor", "Fairhaven", "02-20", "C OC H", "plane-1", out_purpose="campaign", back_purpose="personal"),
    Journey("mayor", "Fairhaven", "02-22", "C -", "railway", continues="T13"),
    Journey("spouse", "Fairhaven", "02-23", "H H -", "railway", continues="T14"),
    Journey("mayor", "Millbrook", "02-27", "P P", "plane-1", out_certified="02-26"),
    Journey("daughter", "Seaholm", "03-01", "H H -", "plane-1", out_certified="03-01", back_certified="03-02"),
    Journey("mayor", "Eastport", "03-04", "C O C P", "plane-1", out_purpose="campaign", back_purpose="mixed"),
    Journey("mayor", "Westering", "03-08", "CP -", "airline"),
    Journey("mayor", "Capital", "03-12", "O OP", "plane-1", out_purpose="official", back_purpose="political"),
    Journey("mayor", "Norwick", "03-18", "C F C -", "plane-1", out_purpose="campaign", back_purpose="campaign"),
    Journey("spouse", "Eastport", "03-25", "F H", "plane-1", out_purpose="mixed", back_purpose="personal"),
    Journey("mayor", "Overbridge", "04-02", "C", "car-1", in_city=True),
    Journey("mayor", "Lakemouth", "04-09", "C E C -", "railway"),
    Journey("mayor", "Westering", "04-16", "C C O", "plane-1", out_purpose="campaign", back_purpose="official"),
)

NONE = "none"

# trip, asked by, addressed to, asked on, given on, acknowledged on, form
GUIDANCE = (
    ("T06", "chief-of-staff", "mayor", "2024-01-20", "2024-02-02", NONE, "written"),
    # The letter that says what the city may pay: given the day before the announcement, and never acknowledged.
    ("T09", "chief-of-staff", "mayor", "2024-01-26", "2024-02-04", NONE, "written"),
    ("T12", "chief-of-staff", "mayor", "2024-02-09", "2024-02-12", "2024-02-13", "written"),
    ("T13", NONE, "mayor", NONE, "2024-02-16", NONE, "written"),
    ("T16", "chief-of-staff", "mayor", "2024-02-26", NONE, NONE, NONE),
    ("T18", "chief-of-staff", "mayor", "2024-02-28", "2024-03-01", "2024-03-03", "oral"),
    ("T21", "chief-of-staff", "mayor", "2024-03-11", "2024-03-14", "2024-03-22", "written"),
    # General guidance, to somebody who answers for no trip.
    (NONE, "chief-of-staff", "chief-of-staff", "2024-01-24", "2024-02-04", NONE, "written"),
    ("T24", "mayor", "mayor", "2024-04-02", "2024-04-05", "2024-04-08", "written"),
    # General guidance that the board gave unasked, and the mayor read: it holds for every later trip.
    (NONE, NONE, "mayor", NONE, "2024-04-03", "2024-04-12", "written"),
)


def travel(city: City) -> None:
    """Add the trips with their events and authorizations, the events at home, and the guidance."""
    for number, journey in enumerate(JOURNEYS, start=1):
        _trip(city, f"T{number:02d}", journey)
    for when, sort, place in (
        ("01-08", "official", "City Hall"),
        ("02-05", "campaign", "Market Hall"),
        ("02-29", "official", "City Hall"),
        ("03-15", "fundraiser", "Old Exchange"),
        ("04-24", "personal", "Botanic Garden"),
    ):
        _event(city, NONE, day(when), sort, place)
    for trip, asked_by, addressed_to, asked_on, given_on, acknowledged_on, form in GUIDANCE:
        city.add(
            "guidance",
            trip=trip,
            asked_by=asked_by,
            answered_by=NONE if given_on == NONE else "ethics-counsel",
            addressed_to=addressed_to,
            asked_on=asked_on,
            given_on=given_on,
            acknowledged_on=acknowledged_on,
            form=form,
            scope="what the city may pay for the detail's travel",
            confidential_until=NONE if trip == asked_by == NONE else "2024-12-31",
            recorded_on=given_on if given_on != NONE else asked_on,
        )


def _trip(city: City, id_: str, journey: Journey) -> None:
    first = day(journey.departed_on)
    authorization: Row = {"id": NONE}
    if not journey.in_city:
        approved = (first - timedelta(days=3)).isoformat()
        authorization = city.add(
            "authorization",
            covers="trip",
            approved_on=approved,
            approved_by="chief-of-staff",
            expires_on=(first + timedelta(days=14)).isoformat(),
            in_writing="yes",
            reason=f"travel to {journey.destination}",
            recorded_on=approved,
        )
    dates = [when for when, _ in journey.dated()]
    city.add(
        "trip",
        id_,
        protectee=journey.protectee,
        answerable="mayor",
        destination=journey.destination,
        departed_on=dates[0].isoformat(),
        returned_on=dates[-1].isoformat(),
        out_of_city="no" if journey.in_city else "yes",
        continues=journey.continues,
        authorization=authorization["id"],
        recorded_on=(first - timedelta(days=1)).isoformat(),
    )
    for when, letters in journey.dated():
        for letter in letters:
            _event(city, id_, when, SORTS[letter], journey.destination)


def _event(city: City, trip: str, when: date, sort: str, place: str) -> None:
    on = when.isoformat()
    city.add("event", trip=trip, sort=sort, place=place, starts_on=on, ends_on=on, recorded_on=on)
