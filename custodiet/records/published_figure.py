"""A published figure: a number that somebody made public, with what it counts and how exactly it is given."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    INSPECTOR,
    PUBLIC,
    PURPOSES,
    date,
    known_how,
    money,
    one_of,
    prose,
    refers,
    text,
    whole,
    yes_no,
)

EXACTNESS = ("exact", "approximately", "more than", "nearly")

MEASURES = (
    "travel cost", "pay", "fine", "sum ordered", "sum agreed", "sum paid", "other spending", "trips", "days", "seats",
    "pages",
)  # fmt: skip

STANDINGS = (
    "adopted by an order",
    "found by an inspector",
    "published by a body",
    "reported by the press",
    "estimated by the press",
)
"""From the strongest to the weakest."""

PUBLISHED_FIGURE = RecordType(
    "published_figure",
    "One number that was made public: a sum of money, or a count of something.",
    INSPECTOR,
    (
        prose("label", "What it is called in the report.", INSPECTOR, PUBLIC),
        prose("about", "What it is a figure of; figures with the same words here are compared.", INSPECTOR, PUBLIC),
        one_of("measures", MEASURES, "What sort of thing it measures.", INSPECTOR, PUBLIC),
        money("amount", "The sum; none if it is a count.", INSPECTOR, PUBLIC, none=True),
        money("step", "The step in which its source states the sum: 0.01 to the cent, 1000.00 in thousands; none if it is a count.", INSPECTOR, PUBLIC, none=True),
        whole("count", 0, "", "The count; none if it is a sum of money.", INSPECTOR, PUBLIC, none=True),
        text("unit", "What is counted, in the plural; none if it is a sum of money.", INSPECTOR, PUBLIC, none=True),
        one_of("exactness", EXACTNESS, "How exactly its source gives it.", INSPECTOR, PUBLIC),
        prose("scope", "What it counts; the same words where two sources count the same.", INSPECTOR, PUBLIC),
        prose("excludes", "What its source says it leaves out; none if it says that nothing is left out.", INSPECTOR, PUBLIC, none=True),
        date("spent_between", "The day, or the days between which, what it counts took place; none if it counts nothing that took place.", INSPECTOR, PUBLIC, none=True),
        one_of("purpose", PURPOSES, "What the uses that it counts were for; none if it counts no uses.", INSPECTOR, PUBLIC, none=True),
        one_of("standing", STANDINGS, "Who stands behind it.", INSPECTOR, PUBLIC),
        refers("part_of", "published_figure", "The figure that it is a part of; none if of none.", INSPECTOR, PUBLIC, none=True, back="part"),
        yes_no("itemised", "Whether its source breaks it down into parts, and does not only name one of them.", INSPECTOR, PUBLIC),
        refers("answerable", "person", "The official who answers for the cost; none if it is no cost.", INSPECTOR, PUBLIC, none=True, back="figure_answered_for"),
        date("published_on", "The day it was made public.", INSPECTOR, PUBLIC),
        text("published_by", "The body or paper that made it public.", INSPECTOR, PUBLIC),
        refers("published_in", "source", "Where it was read.", INSPECTOR, PUBLIC),
        *known_how(INSPECTOR),
    ),
    dated_by=("published_on",),
)  # fmt: skip
