"""Who lives in Model City: protectees, officers, staff, guests, and what ties, details and papers they have."""

from dockets.make.city import NOBODY_ASKED, City

OFFICERS = tuple(f"officer-{number:02d}" for number in range(1, 15))
AIDES = tuple(f"aide-{number:02d}" for number in range(1, 7))
CAMPAIGN_AIDES = tuple(f"campaign-aide-{number:02d}" for number in range(1, 6))
GUESTS = tuple(f"guest-{number:02d}" for number in range(1, 5))
REPORTERS = ("reporter-01", "reporter-02")
PILOTS = ("pilot-01", "pilot-02")

ENTITLED = {
    "mayor": ("2022-01-01", "none"),
    "spouse": ("2022-01-01", "none"),
    "son": ("2022-01-01", "2024-02-10"),
    "daughter": ("2024-02-20", "none"),
}
DETAILS = {
    "mayor": OFFICERS[:8],
    "spouse": OFFICERS[8:10],
    "son": OFFICERS[10:12],
    "daughter": OFFICERS[12:],
}


def settle(city: City) -> None:
    """Fill the city with its people and what stands about them in the files."""
    _persons(city)
    _ties(city)
    _protection(city)
    _vehicles(city)
    _authorizations(city)


def _persons(city: City) -> None:
    family = {"mayor": "Imre Valdane", "spouse": "Odile Valdane", "son": "Teo Valdane", "daughter": "Runa Valdane"}
    for id_, name in family.items():
        post = "Mayor of Model City" if id_ == "mayor" else "none"
        _person(city, id_, name, post=post, elected=id_ == "mayor")
    _person(city, "commissioner", "Commissioner of Protection", post="Commissioner of Protection")
    _person(city, "ethics-counsel", "Counsel of the Ethics Board", post="Counsel of the Ethics Board")
    _person(city, "chief-of-staff", "Chief of Staff")
    for id_ in (*OFFICERS, *AIDES, *CAMPAIGN_AIDES, *GUESTS, *REPORTERS, *PILOTS):
        role, _, number = id_.rpartition("-")
        _person(city, id_, f"{role.replace('-', ' ').capitalize()} {number}")


def _person(city: City, id_: str, name: str, post: str = "none", *, elected: bool = False) -> None:
    city.add(
        "person", id_, name=name, post=post, elected="yes" if elected else "no", minor="no", recorded_on="2023-12-29"
    )


def _ties(city: City) -> None:
    def tie(person: str, kind: str, from_on: str, until_on: str = "none", relative_of: str = "none") -> None:
        city.add(
            "affiliation",
            person=person,
            tie=kind,
            relative_of=relative_of,
            from_on=from_on,
            until_on=until_on,
            recorded_on=from_on,
        )

    for relative in ("spouse", "son", "daughter"):
        tie(relative, "relative", "2000-01-01", relative_of="mayor")
    for employee in (*OFFICERS, *AIDES, "chief-of-staff", "commissioner"):
        tie(employee, "city employee", "2022-01-01")
    tie("aide-03", "on leave", "2024-02-12", "2024-03-15")
    tie("aide-04", "on leave", "2024-03-25")
    for helper in CAMPAIGN_AIDES:
        tie(helper, "campaign staff", "2024-01-08")


def _protection(city: City) -> None:
    for person, (from_on, until_on) in ENTITLED.items():
        city.add(
            "entitlement",
            person=person,
            ground="Protection Act of the Model Republic, s. 3",
            from_on=from_on,
            until_on=until_on,
            approved_by="commissioner",
            recorded_on=from_on,
        )
        detail = city.add(
            "detail",
            f"detail-{person}",
            title=f"Detail of the {person}",
            protectee=person,
            unit="Model City Police, protective unit",
            recorded_on="2023-12-29",
        )
        for officer in DETAILS[person]:
            city.add(
                "assignment",
                officer=officer,
                detail=detail["id"],
                from_on=from_on,
                until_on="none",
                recorded_on=from_on,
                **(NOBODY_ASKED | {"approved_by": "commissioner"}),
            )
    # The mayor's assessment lapses on 10 March and is renewed four weeks later; the daughter has none.
    for person, made_on, valid_until in (
        ("mayor", "2023-11-01", "2024-03-10"),
        ("mayor", "2024-04-08", "2024-10-08"),
        ("spouse", "2023-12-01", "2024-06-30"),
        ("son", "2023-11-01", "2024-01-24"),
    ):
        city.add(
            "threat_assessment",
            person=person,
            made_on=made_on,
            valid_until=valid_until,
            approved_by="commissioner",
            recorded_on=made_on,
        )


def _vehicles(city: City) -> None:
    fleet = (
        ("car-1", "car", "city"),
        ("car-2", "car", "city"),
        ("car-3", "car", "city"),
        ("car-4", "car", "city"),
        ("van-1", "van", "city"),
        ("plane-1", "aircraft", "city"),
        ("airline", "aircraft", "carrier"),
        ("railway", "train", "carrier"),
        ("hired-car", "car", "hired"),
    )
    for number, (id_, sort, owner) in enumerate(fleet, start=101):
        plate = f"MC {number}" if owner == "city" else "not kept"
        city.add("vehicle", id_, sort=sort, owner=owner, plate=plate, recorded_on="2023-12-29")


def _authorizations(city: City) -> None:
    """Permissions for single uses and for the way to work, by hand; those of trips are added with the trips."""
    for id_, covers, approved_on, expires_on, in_writing in (
        ("HW1", "home to work", "2024-01-22", "2024-04-30", "yes"),
        ("HW2", "home to work", "2024-03-04", "2024-03-20", "yes"),
        ("HW3", "home to work", "2024-03-11", "2024-06-08", "no"),
        ("HW4", "home to work", "2024-04-15", "2024-04-29", "yes"),
        ("SU1", "single use", "2024-01-22", "2024-01-22", "yes"),
        ("SU2", "single use", "2024-02-14", "2024-02-14", "yes"),
        ("SU3", "single use", "2024-02-26", "2024-02-26", "yes"),
        ("SU4", "single use", "2024-03-14", "2024-03-14", "yes"),
        ("SU5", "single use", "2024-03-22", "2024-03-22", "no"),
        ("SU6", "single use", "2024-04-03", "2024-04-04", "yes"),
        ("SU7", "single use", "2024-04-19", "2024-04-19", "yes"),
    ):
        city.add(
            "authorization",
            id_,
            covers=covers,
            approved_on=approved_on,
            approved_by="commissioner",
            expires_on=expires_on,
            in_writing=in_writing,
            reason="night duty" if covers == "home to work" else "delivery of papers",
            recorded_on=approved_on,
        )
