"""The case about one trip of the city: what was alleged, found, decided, ordered, stayed and paid; all of it invented.

Its rows are constant. The sums are those of the committed city: the order asks back what the campaign
committee owes for the vouchers of trip T06, and each finding rests on records of that trip.
"""

from dockets.make.city import Row
from dockets.make.complete import BOARD, COMPTROLLER, file_line
from dockets.make.state import OPEN, State

INSPECTOR = "the inspector of Model City"
COMMITTEE = "the campaign committee"
MAYOR = "Imre Valdane, Mayor of Model City"
COURT = "the administrative court of the Model Republic"
FIRST_ATTORNEY = "enforcement attorney 01"
SECOND_ATTORNEY = "enforcement attorney 02"

INSPECTOR_FILE = ("inspector-file.csv", INSPECTOR)
BOARD_FILE = ("board-case-file.csv", BOARD)
LEDGER = ("receivables-ledger.csv", COMPTROLLER)

TRAVELLED_ON = "2024-01-23/2024-01-25"
COST_CLAIMED = "V048; V049; V050; V052; V053; V054; V057; V058"
"""What the committee owes for these, as the answer key has it: 338.22 + 60.00 + 21.51 + 474.75 + 89.43 + 18.59 +
156.75 + 19.38 = 1,178.63."""
COST = "1178.63"
LAW_OF_COST, LAW_OF_FINE = "Model Code, art. 5(1)", "Model Code, art. 25(2)"
BY_INSPECTOR = {"made_by": "none", "made_by_body": INSPECTOR}
BY_BOARD = {"made_by": "none", "made_by_body": BOARD}


def bring_case(state: State) -> None:
    """Add the case to the docket's records, with the papers about it."""
    for type_name, (file, rows) in CASE.items():
        for row in rows:
            # A source is itself a paper, so it does not say how it is known.
            told = row if type_name == "source" else row | {"basis": "log written at the time"}
            place = state.say(*file, file_line(type_name, told))
            state.tables.setdefault(type_name, []).append(told | {"source": place})
    state.complete |= {
        "mandate": (OPEN, BOARD),
        "payment": (("2024-01-15", "2024-05-26"), COMPTROLLER),
    }


def _mandate(id_: str, person: str, name: str, role: str, by: str, since: str, **ends: str) -> Row:
    row = {"id": id_, "person": person, "name": name, "case_role": role, "appointed_by": by, "from_on": since}
    stays = {"until_on": "none", "recused_on": "none", "recused_because": "none"}
    return row | stays | {"recorded_on": since} | ends


MANDATES = [
    _mandate("MD1", "none", INSPECTOR, "investigator", "the city council", "2024-01-15"),
    _mandate(
        "MD2",
        "none",
        FIRST_ATTORNEY,
        "prosecutor",
        "the city attorney",
        "2024-04-05",
        recused_on="2024-04-08",
        recused_because="advised the campaign committee until December 2023",
    ),
    _mandate("MD3", "none", SECOND_ATTORNEY, "prosecutor", "the city attorney", "2024-04-08"),
    _mandate("MD4", "none", BOARD, "decider", "the city council", "2024-01-15"),
    _mandate("MD5", "none", COMMITTEE, "respondent", "none", "2024-03-06"),
    _mandate("MD6", "mayor", MAYOR, "respondent", "none", "2024-03-06"),
]

ALLEGATIONS = [
    {
        "id": "AL1",
        "sort": "campaign travel",
        "words": "The city paid what the detail spent on a campaign trip of January, and was not paid back.",
        "made_by": "a member of the city council",
        "made_of": "the campaign committee and the mayor who travelled for it",
        "made_on": "2024-02-26",
        "happened": TRAVELLED_ON,
        "not_read": "none",
        "told_in": "SO1",
        "recorded_on": "2024-02-27",
    },
    {
        "id": "AL2",
        "sort": "seats given",
        "words": "On that trip campaign staff rode in a car of the detail.",
        "made_by": "a member of the city council",
        "made_of": "the mayor",
        "made_on": "2024-02-26",
        "happened": TRAVELLED_ON,
        "not_read": "none",
        "told_in": "SO1",
        "recorded_on": "2024-02-27",
    },
]

DRAFTS = [
    {
        "id": "DF1",
        "allegation": "AL1",
        "outcome": "substantiated",
        "says": "The trip was a campaign trip, and the committee has not paid back its cost.",
        "made_on": "2024-03-04",
        **BY_INSPECTOR,
        "recorded_on": "2024-03-04",
    },
    {
        "id": "DF2",
        "allegation": "AL2",
        "outcome": "within the rules",
        "says": "The seat was given while the mayor was in the car; the code allows that.",
        "made_on": "2024-03-04",
        **BY_INSPECTOR,
        "recorded_on": "2024-03-04",
    },
]


def _notice(id_: str, draft: str, person: str, name: str) -> Row:
    """Served on 6 March with twenty days, so it can be answered until 26 March."""
    served = {"served_to": person, "served_to_name": name, "served_on": "2024-03-06", "days_to_answer": "20"}
    row = {"id": id_, "ahead_of": "finding", "draft_finding": draft}
    return row | served | BY_INSPECTOR | {"recorded_on": "2024-03-06"}


RESPONSES = [
    {
        "id": "RP1",
        "notice": "NT1",
        "form": "response",
        "made_on": "2024-03-29",
        "made_by": "none",
        "recorded_by": "none",
        "says": "The committee held the trip to be the city's, and asks to pay in its own time.",
        "recorded_on": "2024-03-29",
    },
    {
        "id": "RP2",
        "notice": "NT2",
        "form": "silence",
        "made_on": "2024-03-28",
        "made_by": "none",
        "recorded_by": "ethics-counsel",
        "says": "none",
        "recorded_on": "2024-03-28",
    },
]


def _finding(number: str, about: str, name: str, outcome: str, says: str, rests_on: str) -> Row:
    whom = {"about": about, "about_name": name}
    concluded = {"outcome": outcome, "says": says, "standard_of_proof": "preponderance", "rests_on": rests_on}
    dated = {"happened_on": TRAVELLED_ON, "made_on": "2024-04-02", "recorded_on": "2024-04-02"}
    row = {"id": f"FN{number}", "allegation": f"AL{number}", "draft_finding": f"DF{number}"}
    return row | whom | concluded | {"missing": "none", "guidance": "none"} | BY_INSPECTOR | dated


FINDINGS = [
    _finding("1", "none", COMMITTEE, "substantiated", DRAFTS[0]["says"], COST_CLAIMED),
    _finding("2", "mayor", MAYOR, "within the rules", DRAFTS[1]["says"], "S057"),
]


def _referral(number: str, asks: str) -> Row:
    row = {"id": f"RF{number}", "finding": f"FN{number}", "referred_to": BOARD, "asks": asks, "made_on": "2024-04-04"}
    return row | BY_INSPECTOR | {"recorded_on": "2024-04-04"}


REFERRALS = [
    _referral("1", "To decide whether a rule was broken, and what is to be paid."),
    _referral("2", "To close this part of the case."),
]


def _determination(number: str, broken: str, says: str) -> Row:
    row = {"id": f"DT{number}", "finding": f"FN{number}", "rule_broken": broken}
    proof = {"legal_basis": "Model Code, art. 24(1)", "heard_by": "none", "standard_of_proof": "clear and convincing"}
    return row | {"says": says} | proof | {"made_on": "2024-04-25", "recorded_on": "2024-04-25"} | BY_BOARD


DETERMINATIONS = [
    _determination("1", "yes", "The committee let the city bear the cost of a campaign trip; the mayor let it happen."),
    _determination("2", "no", "No rule was broken by the seat in the car."),
]


def _order(id_: str, cost: str, law: str, counts: str, fine: str, payer: str) -> Row:
    asked = {"reimbursement": cost, "reimbursement_basis": law, "gain": "none", "gain_basis": "none"}
    fined = {"fine_counts": counts, "fine_per_count": fine, "fine_basis": LAW_OF_FINE}
    ends = {"payable_by": payer, "due_on": "2024-05-24", "guidance": "none", "made_on": "2024-04-30"}
    row = {"id": id_, "determination": "DT1", "replaces": "none"}
    return row | asked | fined | ends | BY_BOARD | {"recorded_on": "2024-04-30"}


ORDERS = [
    _order("OR1", COST, LAW_OF_COST, "2", "250.00", COMMITTEE),
    _order("OR2", "none", "none", "1", "300.00", MAYOR),
]


def _receivable(id_: str, order: str, kind: str, law: str, amount: str, how: str) -> Row:
    row = {"id": id_, "order": order, "settlement": "none", "kind": kind, "legal_basis": law, "amount": amount}
    without = {"interest": "none", "interest_basis": "none", "interest_on": "none"}
    return row | {"due_on": "2024-05-24", "how_liable": how} | without | {"recorded_on": "2024-05-02"}


RECEIVABLES = [
    _receivable("RE1", "OR1", "reimbursement", LAW_OF_COST, COST, "alternative"),
    _receivable("RE2", "OR1", "fine", LAW_OF_FINE, "500.00", "alone"),
    _receivable("RE3", "OR2", "fine", LAW_OF_FINE, "300.00", "alone"),
]


def _payer(id_: str, receivable: str, person: str, name: str, rank: str) -> Row:
    row = {"id": id_, "receivable": receivable, "person": person, "name": name, "rank": rank}
    return row | {"share": "none", "recorded_on": "2024-05-02"}


PAYERS = [
    _payer("PA1", "RE1", "none", COMMITTEE, "1"),
    _payer("PA2", "RE1", "mayor", MAYOR, "2"),
    _payer("PA3", "RE2", "none", COMMITTEE, "1"),
    _payer("PA4", "RE3", "mayor", MAYOR, "1"),
]


def _payment(id_: str, receivable: str, amount: str, when: str, person: str, name: str, deposit: str) -> Row:
    row = {"id": id_, "receivable": receivable, "order": "none", "settlement": "none", "amount": amount}
    paid = {"paid_on": when, "paid_by": person, "paid_by_name": name, "deposit": deposit, "reverses": "none"}
    return row | paid | {"recorded_on": when}


PAYMENTS = [
    _payment("PY1", "RE1", "800.00", "2024-05-14", "none", COMMITTEE, "no"),
    _payment("PY2", "RE3", "100.00", "2024-05-16", "mayor", MAYOR, "yes"),
    _payment("PY3", "RE2", "500.00", "2024-05-22", "none", COMMITTEE, "no"),
]

CASE: dict[str, tuple[tuple[str, str], list[Row]]] = {
    "source": (
        INSPECTOR_FILE,
        [
            {
                "id": "SO1",
                "sort": "official act",
                "outlet": INSPECTOR,
                "title": "The complaint of 26 February 2024, as it was received",
                "dated": "2024-02-26",
                "read_as": "read",
                "address": "none",
                "remark": "none",
            },
            {
                "id": "SO2",
                "sort": "official act",
                "outlet": INSPECTOR,
                "title": "The findings of 2 April 2024, with a recommendation",
                "dated": "2024-04-02",
                "read_as": "read",
                "address": "none",
                "remark": "none",
            },
        ],
    ),
    "complaint": (
        BOARD_FILE,
        [
            {
                "id": "CP1",
                "received_on": "2024-02-27",
                "brought_by": "none",
                "brought_by_role": "a member of the city council",
                "addressed_to": INSPECTOR,
                "says": "The city paid for a campaign trip, and campaign staff rode along.",
                "recorded_on": "2024-02-27",
            }
        ],
    ),
    "mandate": (BOARD_FILE, MANDATES),
    "allegation": (INSPECTOR_FILE, ALLEGATIONS),
    "draft_finding": (INSPECTOR_FILE, DRAFTS),
    "notice": (BOARD_FILE, [_notice("NT1", "DF1", "none", COMMITTEE), _notice("NT2", "DF2", "mayor", MAYOR)]),
    "response": (BOARD_FILE, RESPONSES),
    "finding": (INSPECTOR_FILE, FINDINGS),
    "referral": (INSPECTOR_FILE, REFERRALS),
    "determination": (BOARD_FILE, DETERMINATIONS),
    "order": (BOARD_FILE, ORDERS),
    "receivable": (LEDGER, RECEIVABLES),
    "payer": (LEDGER, PAYERS),
    "review": (
        BOARD_FILE,
        [
            {
                "id": "RV1",
                "guidance": "none",
                "finding": "none",
                "order": "OR2",
                "before": COURT,
                "same_body": "no",
                "asked_by": "mayor",
                "asked_on": "2024-05-10",
                "stays_payment": "yes",
                "decided_on": "none",
                "result": "none",
                "recorded_on": "2024-05-10",
            }
        ],
    ),
    "payment": (LEDGER, PAYMENTS),
    "recommendation": (
        INSPECTOR_FILE,
        [
            {
                "id": "RC1",
                "made_by": INSPECTOR,
                "made_to": "the protective unit",
                "made_on": "2024-04-02",
                "words": "Write down before departure who is to bear the cost of a trip.",
                "response_due_on": "2024-05-02",
                "response": "accepted",
                "responded_on": "2024-04-26",
                "implemented": "in part",
                "evidence": "the form of the unit's log, as it was handed in on 20 May",
                "checked_again_on": "2024-05-21",
                "told_in": "SO2",
                "recorded_on": "2024-05-21",
            }
        ],
    ),
}
