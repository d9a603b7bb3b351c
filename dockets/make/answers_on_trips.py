"""The part of the answer key that is about days and trips."""

from collections import defaultdict
from datetime import date, timedelta

from dockets.make.city import Row
from dockets.make.state import UNKNOWN, State
from dockets.make.ways import (
    YES_OR_NO,
    Answer,
    before_the_code,
    classified,
    days,
    no_rule,
    settle,
    yes_no,
)

CHARACTERS = ("campaign", "mixed", "official", "political", "personal")

Share = tuple[str, int, int]
"""A trip's character, its campaign days, and its days that have a character; no character is the empty text."""


class Trips:
    """Days and trips of one state: their characters, and the questions asked of trips."""

    def __init__(self, state: State) -> None:
        """Settle the character of every day, then of every trip."""
        self.state = state
        self.trips = {row["id"]: row for row in state.of("trip")}
        self.events: dict[str, list[Row]] = defaultdict(list)
        for event in state.of("event"):
            self.events[event["trip"]].append(event)
        self.day_answers = {
            (id_, when): self._day_character(id_, when) for id_, trip in self.trips.items() for when in _sure_days(trip)
        }
        self.trip_answers = {id_: self._trip_character(trip) for id_, trip in self.trips.items()}

    def answers(self) -> list[tuple[str, str, Answer]]:
        """Record, policy and answer for every day and trip."""
        answers = [(f"{id_}/{when}", "day-character", answer) for (id_, when), answer in self.day_answers.items()]
        for id_, trip in self.trips.items():
            answers += [
                (id_, "trip-character", self.trip_answers[id_]),
                (id_, "trips-by-official", self._by_official(trip)),
                (id_, "trips-by-traveller", self._by_traveller(trip)),
                (id_, "guidance-before-act", self._guidance(trip)),
                (id_, "protection-charge", self._charge(trip)),
            ]
        return answers

    def shares(self, id_: str) -> tuple[Share, ...]:
        """The possible characters of a trip, for sharing its cost; all of them if the trip is not known."""
        if id_ == "none":
            return (("", 0, 1),)
        if id_ == UNKNOWN:
            return tuple((character, 1, 2) for character in ("", *CHARACTERS))
        answers = self._answers_of_days(id_)
        all_known = _dates_known(self.trips[id_]) and all(each.outcome != "undetermined" for each in answers)
        counted = [each.classified for each in answers if each.classified not in ("", "travel")]
        counts = [(counted.count("campaign"), len(counted) or 1)] if all_known else [(1, 2), (1, 3)]
        return tuple((character, *count) for character in self._characters(id_) for count in counts)

    def _answers_of_days(self, id_: str) -> list[Answer]:
        return [self.day_answers[id_, when] for when in _sure_days(self.trips[id_])]

    def _characters(self, id_: str) -> tuple[str, ...]:
        answer = self.trip_answers[id_]
        return ("", *CHARACTERS) if answer.outcome == "undetermined" else (answer.classified,)

    def _day_character(self, id_: str, when: date) -> Answer:
        on = when.isoformat()
        sorts = {each["sort"] for each in self.events[id_] if each["starts_on"] <= on <= each["ends_on"]}
        nothing_missing = self.state.vouches("event", on, on) and UNKNOWN not in sorts

        def took_place(*wanted: str) -> tuple[bool, ...]:
            if sorts & set(wanted):
                return (True,)
            return (False,) if nothing_missing else YES_OR_NO

        def question(campaign: bool, official: bool, political: bool, private: bool) -> Answer:
            if before_the_code(when):
                return no_rule()
            if campaign:
                return classified("campaign", "a campaign event or a fundraiser took place")
            if official:
                if political:
                    return classified("mixed", "public business and politics")
                return classified("official", "public business")
            if political:
                return classified("political", "somebody else's campaign")
            return classified("personal", "private matters only") if private else classified("travel", "no event")

        return settle(
            question,
            campaign=took_place("campaign", "fundraiser"),
            official=took_place("official"),
            political=took_place("political"),
            private=took_place("personal", "errand"),
        )

    def _trip_character(self, trip: Row) -> Answer:
        answers = self._answers_of_days(trip["id"])
        characters = {answer.classified for answer in answers}
        every_day_known = _dates_known(trip) and all(answer.outcome != "undetermined" for answer in answers)

        def has(*wanted: str) -> tuple[bool, ...]:
            if characters & set(wanted):
                return (True,)
            return (False,) if every_day_known else YES_OR_NO

        def question(when: date, campaign: bool, official: bool, political: bool, personal: bool) -> Answer:
            if before_the_code(when):
                return no_rule()
            if campaign:
                if official or political or personal:
                    return classified("mixed", "campaign days and others")
                return classified("campaign", "campaign days only")
            if official:
                return classified("official", "public business, no campaign day")
            if political:
                return classified("political", "somebody else's campaign")
            return classified("personal", "no campaign, no public business, no politics")

        return settle(
            question,
            when=days(trip["departed_on"]),
            campaign=has("campaign"),
            official=has("official", "mixed"),
            political=has("political"),
            personal=has("personal"),
        )

    def _by_official(self, trip: Row) -> Answer:
        def question(when: date, out_of_city: bool) -> Answer:
            if before_the_code(when):
                return no_rule()
            if not out_of_city or trip["protectee"] != trip["answerable"]:
                return classified("not counted", "within the city, or somebody else's")
            if trip["continues"] != "none":
                return classified("part of an earlier trip", f"goes on from {trip['continues']}")
            return classified("counted", "the official left the city")

        return settle(question, when=days(trip["departed_on"]), out_of_city=yes_no(trip["out_of_city"]))

    def _by_traveller(self, trip: Row) -> Answer:
        earlier = self.trips.get(trip["continues"], {})

        def question(when: date, out_of_city: bool) -> Answer:
            if before_the_code(when):
                return no_rule()
            if not out_of_city:
                return classified("not counted", "within the city")
            if earlier.get("destination") == trip["destination"] and earlier["protectee"] == trip["protectee"]:
                return classified("part of an earlier trip", f"stays where {earlier['id']} went")
            return classified("counted", "out of the city")

        return settle(question, when=days(trip["departed_on"]), out_of_city=yes_no(trip["out_of_city"]))

    def _guidance(self, trip: Row) -> Answer:
        left = trip["departed_on"]
        general = ("none", trip["answerable"])
        letters = [
            each
            for each in self.state.of("guidance")
            if each["trip"] == trip["id"] or (each["trip"], each["addressed_to"]) == general
        ]

        def question(when: date, character: str, asked: bool, given: bool, acknowledged: bool) -> Answer:
            if before_the_code(when):
                return no_rule()
            if character not in ("campaign", "mixed", "political"):
                return classified("not needed", "neither campaign nor politics")
            if given:
                if acknowledged:
                    return classified("acknowledged", "read before departure")
                return classified("given, not acknowledged", "there to be read before departure")
            if asked:
                return classified("asked for, not given", "no answer before departure")
            return classified("not asked for", "nobody asked before departure")

        return settle(
            question,
            when=days(left),
            character=self._characters(trip["id"]),
            asked=_any_before(left, letters, "asked_on"),
            given=_any_before(left, letters, "given_on"),
            acknowledged=_any_before(left, letters, "given_on", "acknowledged_on"),
        )

    def _charge(self, trip: Row) -> Answer:
        left, who = trip["departed_on"], trip["protectee"]
        assessments = [each for each in self.state.of("threat_assessment") if each["person"] == who]
        sealed = "threat_assessment" not in self.state.complete
        ends = [each["valid_until"] for each in assessments if each["made_on"] <= left]
        surely = any(end != UNKNOWN and left <= end for end in ends)
        new = any(
            each["from_on"] <= left <= (date.fromisoformat(each["from_on"]) + timedelta(days=30)).isoformat()
            for each in self.state.of("entitlement")
            if each["person"] == who
        )

        def question(when: date, assessed: bool) -> Answer:
            if before_the_code(when):
                return no_rule()
            if assessed:
                return classified("supported", "a current assessment")
            if new:
                return classified("assessment pending", "entitled for less than a month")
            return classified("to be reviewed", "none holds")

        assessed = (True,) if surely else YES_OR_NO if sealed or UNKNOWN in ends else (False,)
        return settle(question, when=days(left), assessed=assessed)


def _any_before(left: str, letters: list[Row], *names: str) -> tuple[bool, ...]:
    """Whether all these dates of some letter are before a departure; open if a deciding date is not known."""
    open_question = False
    for letter in letters:
        cells = [letter[name] for name in names]
        if all(cell not in (UNKNOWN, "none") and cell < left for cell in cells):
            return (True,)
        open_question |= all(cell == UNKNOWN or (cell != "none" and cell < left) for cell in cells)
    return YES_OR_NO if open_question else (False,)


def _sure_days(trip: Row) -> list[date]:
    """The days that are certainly within a trip."""
    first, last = days(trip["departed_on"])[-1], days(trip["returned_on"])[0]
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _dates_known(trip: Row) -> bool:
    return all(len(trip[name]) == len("2024-01-01") for name in ("departed_on", "returned_on"))
