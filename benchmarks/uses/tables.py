"""Where the benchmark's file holds which field, and what is certain of it."""

from dataclasses import replace

from custodiet.policy.to_sql.relation import Column, Register, Registers

_COLUMNS = {
    "used_on": Column("date"),
    "purpose": Column("purpose"),
    "days": Column("days_total"),
    "political_days": Column("days_political"),
    "protectee_present": Column("principal_present"),
    "role": Column(
        "passenger_role",
        stored={"nobody": "none", "city staff": "agency_staff", "campaign staff": "campaign_staff"},
    ),
    "on_leave": Column("passenger_on_leave"),
    "cost_sort": Column("category", stored={"rental car": "rental_car"}),
    "cost": Column("amount_cents", digits=2),
    "goes_ahead": Column("is_advance_team"),
    "event_sort": Column(
        "event_kind",
        stored={
            "nothing": "none",
            "official event": "official_event",
            "campaign rally": "campaign_rally",
            "private event": "private_event",
        },
    ),
    "out_of_state": Column("trip_out_of_state"),
    "relative_aboard": Column("family_member"),
    "threat_basis": Column("threat_basis"),
}


def registers(*, nothing_known: bool) -> Registers:
    """The one table, called `uses`; unless nothing is declared known, only the threat basis may be unknown."""
    columns = {
        field: replace(held, may_be_unknown=nothing_known or field == "threat_basis")
        for field, held in _COLUMNS.items()
    }
    return {"use": Register("uses", "id", columns)}
