"""An itinerary: one traveller's way on one trip, what it cost, and which part of the way served a campaign."""

from custodiet.records.field import RecordType
from custodiet.records.shared import CAMPAIGN, RESPONDENT, known_how, money, one_of, refers, whole, yes_no

TRAVELLERS = ("candidate", "family", "somebody else")

MEANS = ("charter", "carrier", "government vehicle", "other")

FUNDS = ("the campaign", "another committee", "federal funds", "other public funds", "somebody else")

ITINERARY = RecordType(
    "itinerary",
    "The way of one traveller on one trip, from stop to stop, as the campaign committee prepares it.",
    CAMPAIGN,
    (
        refers("trip", "trip", "The trip.", CAMPAIGN, RESPONDENT, within=False),
        refers("candidacy", "candidacy", "The candidacy that the trip served, or may have served.", CAMPAIGN, RESPONDENT),
        one_of("traveller", TRAVELLERS, "Whose way it is.", CAMPAIGN, RESPONDENT),
        one_of("means", MEANS, "How the traveller went.", CAMPAIGN, RESPONDENT),
        one_of("paid_by", FUNDS, "Out of whose money the travel was paid at first.", CAMPAIGN, RESPONDENT),
        yes_no("capital_and_home", "Whether it went between the capital and the candidate's own State or district, and nowhere else.", CAMPAIGN, RESPONDENT),
        whole("miles", 1, "miles", "How many miles the whole way was.", CAMPAIGN, RESPONDENT),
        whole("campaign_miles", 0, "miles", "How many miles the way would have been from where it began to each campaign stop and back to where it began.", CAMPAIGN, RESPONDENT),
        money("cost", "What the whole way cost by the means used; by a government vehicle, what a comparable commercial one would have cost.", CAMPAIGN, RESPONDENT),
        money("campaign_route_cost", "What the way would have cost from where it began to each campaign stop and back to where it began; of a charter, for the whole aircraft.", CAMPAIGN, RESPONDENT),
        whole("aboard", 1, "persons", "How many persons the vehicle carried.", CAMPAIGN, RESPONDENT),
        whole("aboard_for_campaign", 0, "persons", "How many of them travelled for the campaign.", CAMPAIGN, RESPONDENT),
        money("campaign_part", "The part of the cost that the campaign set down as its own; none if it set down none.", CAMPAIGN, RESPONDENT, none=True),
        *known_how(CAMPAIGN),
    ),
    dated_through="trip",
)  # fmt: skip
