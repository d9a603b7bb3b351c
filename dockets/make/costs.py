"""Vouchers: what the officers' travel, advance visits, salary and overtime cost the city."""

from datetime import date, timedelta

from dockets.make.city import City, Row, amount, cents, day
from dockets.make.people import OFFICERS

NONE = "none"
PRICES = {
    "air fare": (140, 480),
    "lodging": (85, 210),
    "car hire": (45, 160),
    "fuel": (18, 70),
    "meals": (12, 58),
    "other travel": (4, 90),
    "salary": (180, 320),
    "overtime": (60, 410),
}
PAY = ("salary", "overtime")


def spend(city: City) -> None:
    """All vouchers of the four months."""
    for trip in city.of("trip"):
        _spend_on(city, trip)
    _visit_before(city)
    _spend_at_home(city)
    _recover(city)


def voucher(city: City, officer: str, cost_class: str, when: date, **cells: str) -> Row:
    """Add one voucher as it was asked for, approved and paid."""
    price = city.euros(*PRICES[cost_class])
    pay = cost_class in PAY
    # Some of what was asked for is not approved: a drink, a second pillow.
    struck = 0 if pay or not city.chance(8) else city.random.randrange(100, 900)
    submitted = when + timedelta(days=city.random.randrange(1, 40))
    return city.add(
        "voucher",
        **{
            "trip": NONE,
            "officer": officer,
            "cost_class": cost_class,
            "incurred_on": when.isoformat(),
            "submitted_on": submitted.isoformat(),
            "asked": amount(price + struck),
            "approved": amount(price),
            "paid": amount(price),
            "recovered": NONE,
            "receipt": "no" if city.chance(14) else "yes",
            "advance_visit": "no",
            "serves": NONE,
            "itemised": "no" if pay or city.chance(10) else "yes",
            "recorded_on": submitted.isoformat(),
            "basis": "log written at the time",
        }
        | cells,
    )


def _spend_on(city: City, trip: Row) -> None:
    """Each officer's way, nights and meals; a car for the team; salary and overtime."""
    first, last = date.fromisoformat(trip["departed_on"]), date.fromisoformat(trip["returned_on"])
    nights = (last - first).days
    legs = [leg for leg in city.of("leg") if leg["trip"] == trip["id"]]
    team = [seat["occupant"] for seat in city.of("seat") if seat["leg"] == legs[0]["id"] and seat["role"] == "detail"]
    flown = legs[0]["vehicle"] == "airline"
    for officer in team:
        if trip["out_of_city"] == "yes":
            fare = "air fare" if flown else "other travel"
            if legs[0]["vehicle"] != "plane-1":
                voucher(city, officer, fare, first, trip=trip["id"])
            if nights:
                voucher(city, officer, "lodging", last, trip=trip["id"])
        voucher(city, officer, "meals", first + timedelta(days=city.random.randrange(nights + 1)), trip=trip["id"])
        voucher(city, officer, "overtime", last, trip=trip["id"])
    voucher(city, team[0], "salary", first, trip=trip["id"])
    if trip["out_of_city"] == "yes":
        voucher(city, team[-1], "car hire", first, trip=trip["id"])
        voucher(city, team[-1], "fuel", last, trip=trip["id"])


def _visit_before(city: City) -> None:
    """Two officers look at the place a few days before some trips."""
    for id_ in ("T06", "T09", "T12", "T13", "T20", "T21", "T24", "T25"):
        trip = city.find("trip", id_)
        when = date.fromisoformat(trip["departed_on"]) - timedelta(days=2)
        serves = {"advance_visit": "yes", "serves": id_}
        scouts = city.random.sample(OFFICERS[:8], 2)
        for officer, cost_class in zip(scouts, ("other travel", "lodging"), strict=True):
            voucher(city, officer, cost_class, when, **serves)
        voucher(city, scouts[0], "meals", when, **serves)
        voucher(city, scouts[0], "overtime", when, **serves)


def _spend_at_home(city: City) -> None:
    """Fuel, tolls, pay and overtime that belong to no trip, from January to April."""
    for cost_class, times in (("salary", 14), ("overtime", 18), ("fuel", 14), ("other travel", 6)):
        for number in range(times):
            when = city.workday(day("01-02"), day("04-26"))
            voucher(city, OFFICERS[number % len(OFFICERS)], cost_class, when)


def _recover(city: City) -> None:
    """The committee has paid back a little: some of a few vouchers, with and without receipts, and all of one."""
    characters = {"campaign": ("T09", "T21"), "mixed": ("T13", "T18")}
    for trips in characters.values():
        for trip in trips:
            own = [each for each in city.of("voucher") if each["trip"] == trip and each["cost_class"] == "meals"]
            served = [each for each in city.of("voucher") if each["serves"] == trip and each["cost_class"] == "lodging"]
            for each in own[:2] + served:
                each["recovered"] = amount(cents(each["paid"]) // 5)
                each["receipt"] = "yes"
    whole = next(each for each in city.of("voucher") if each["trip"] == "T09" and each["cost_class"] == "car hire")
    whole |= {"recovered": whole["paid"], "receipt": "yes"}
    for trip, backs in (("T11", ("10.00", "0.00")), ("T21", ("10.00",))):
        nights = [each for each in city.of("voucher") if each["trip"] == trip and each["cost_class"] == "lodging"]
        for each, back in zip(nights, backs, strict=False):
            each |= {"recovered": back, "receipt": "no"}
