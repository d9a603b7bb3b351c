"""Figures and statements side by side: the kind of a difference follows from what the records say of themselves."""

from custodiet.audit.reconcile import Kind, Reconciliation, reconcile
from custodiet.records import core_types, read_cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record

PRESS = {"sort": "press", "outlet": "The Echo", "read_as": "read", "dated": "2024-03"}


def record(type_name: str, id_: str, **cells: str) -> Record:
    definition = core_types()[type_name]
    return Record(
        type_name, id_, {name: read_cell(definition.field(name), text, "EUR") for name, text in cells.items()}
    )


def figure(id_: str, amount: str, **cells: str) -> Record:
    said = {
        "about": "the cost", "amount": amount, "step": "0.01", "exactness": "exact", "scope": "all of it",
        "excludes": "none", "standing": "reported by the press", "itemised": "no", "part_of": "none",
        "published_in": "echo",
    }  # fmt: skip
    return record("published_figure", id_, **{**said, **cells})


def count(id_: str, number: str, **cells: str) -> Record:
    return figure(id_, "none", **{"count": number, "step": "none", "unit": "trips", **cells})


def statement(id_: str, says: str, **cells: str) -> Record:
    said = {"about": "the van", "scope": "which way it went", "says": says, "speaker": "a clerk", "told_in": "echo"}
    return record("statement", id_, **{**said, **cells})


def only(*records: Record) -> Reconciliation:
    [found] = of(*records)
    return found


def of(*records: Record) -> tuple[Reconciliation, ...]:
    return reconcile(Facts([record("source", "echo", **PRESS), *records], core_types()))


def test_two_figures_that_count_the_same_and_differ_are_unexplained_and_none_is_chosen() -> None:
    found = only(figure("A", "100.00"), figure("B", "90.50"))
    assert (found.kind, found.difference, found.chosen) == (Kind.UNEXPLAINED, "9.50", None)


def test_what_an_order_adopts_is_read_and_the_difference_stays_open() -> None:
    found = only(figure("A", "100.00"), figure("B", "90.50", standing="adopted by an order"))
    assert (found.kind, found.difference, found.chosen) == (Kind.UNEXPLAINED, "9.50", "90.50")
    assert "stays open" in found.why


def test_a_different_scope_explains_and_each_figure_stands() -> None:
    found = only(count("A", "31", scope="trips of both"), count("B", "21", scope="trips of one"))
    assert (found.kind, found.difference, found.chosen) == (Kind.EXPLAINED, "10", None)
    assert "trips of both; trips of one" in found.why


def test_a_different_exclusion_explains_and_one_that_is_not_stated_explains_nothing() -> None:
    assert only(figure("A", "1.00"), figure("B", "2.00", excludes="pay")).kind is Kind.EXPLAINED
    assert only(figure("A", "1.00"), figure("B", "2.00", excludes="unknown")).kind is Kind.UNEXPLAINED


def test_a_scope_that_is_not_stated_explains_nothing() -> None:
    found = only(figure("A", "1.00"), figure("B", "2.00", scope="unknown"))
    assert found.kind is Kind.UNEXPLAINED
    assert "One of them does not say what it counts" in found.why


def test_a_qualifier_alone_is_explained() -> None:
    found = only(figure("A", "100.00"), figure("B", "100.00", exactness="approximately"))
    assert (found.kind, found.difference, found.chosen) == (Kind.EXPLAINED, "0.00", "100.00")


def test_rounded_forms_fit_what_they_round_and_the_finer_one_is_read() -> None:
    exact = figure("A", "319794.20")
    for rough in (
        figure("B", "319794.00", step="1.00"),
        figure("B", "320000.00", step="10000.00", exactness="nearly"),
        figure("B", "300000.00", step="100000.00", exactness="more than"),
        figure("B", "300000.00", step="100000.00"),
    ):
        found = only(exact, rough)
        assert (found.kind, found.chosen) == (Kind.EXPLAINED, "319794.20")


def test_a_rounded_form_that_does_not_fit_is_unexplained() -> None:
    exact = figure("A", "319794.20")
    for rough in (
        figure("B", "318000.00", step="1000.00"),
        figure("B", "319000.00", step="1000.00", exactness="nearly"),
        figure("B", "320000.00", step="10000.00", exactness="more than"),
        figure("B", "358000.00", step="1000.00", exactness="approximately"),
    ):
        assert only(exact, rough).kind is Kind.UNEXPLAINED


def test_more_than_a_sum_is_never_that_sum() -> None:
    more = figure("B", "300000.00", step="100000.00", exactness="more than")
    assert only(figure("A", "300000.00"), more).kind is Kind.UNEXPLAINED
    assert only(figure("A", "300000.01"), more).kind is Kind.EXPLAINED


def test_two_rounded_forms_that_one_number_fits_are_explained_and_neither_is_read() -> None:
    nearly = figure("A", "320000.00", step="10000.00", exactness="nearly")
    found = only(nearly, figure("B", "300000.00", step="100000.00", exactness="more than"))
    assert (found.kind, found.chosen) == (Kind.EXPLAINED, None)
    assert only(nearly, figure("B", "320000.00", step="10000.00", exactness="more than")).kind is Kind.UNEXPLAINED


def test_figures_about_different_things_and_figures_that_agree_are_not_listed() -> None:
    assert of(figure("A", "1.00"), figure("B", "2.00", about="something else")) == ()
    assert of(figure("A", "1.00"), figure("B", "1.00")) == ()
    assert of(figure("A", "1.00"), count("B", "2")) == ()
    assert of(figure("A", "1.00"), figure("B", "unknown")) == ()


def test_parts_that_do_not_add_up_to_an_itemised_whole_are_unexplained() -> None:
    whole = figure("A", "52454.00", itemised="yes")
    parts = [figure(f"P{place}", amount, about=f"part {place}", part_of="A")
             for place, amount in enumerate(("32410.00", "10990.00", "4590.00", "3848.00", "446.00"))]  # fmt: skip
    found = only(whole, *parts)
    assert (found.kind, found.difference, found.chosen) == (Kind.UNEXPLAINED, "170.00", None)
    assert [each.value for each in found.values] == ["52454.00", "52284.00"]


def test_parts_of_a_whole_that_only_names_one_of_them_are_no_difference() -> None:
    assert of(figure("A", "319794.20"), figure("P", "7981.37", about="a part", part_of="A")) == ()


def test_parts_that_add_up_are_no_difference() -> None:
    whole = figure("A", "3.00", itemised="yes")
    assert of(whole, figure("P", "1.00", about="p", part_of="A"), figure("Q", "2.00", about="q", part_of="A")) == ()


def test_two_statements_on_the_same_side_that_differ_contradict_and_equal_sources_choose_none() -> None:
    found = only(statement("A", "to the house"), statement("B", "from the house"))
    assert (found.kind, found.chosen) == (Kind.CONTRADICTING, None)
    assert found.difference == "to the house / from the house"


def test_an_official_act_is_read_before_a_reworded_copy() -> None:
    act = record("source", "act", sort="official act", outlet="The board")
    copy = record("source", "copy", sort="reworded press", outlet="The Parrot")
    found = only(act, copy, statement("A", "one", told_in="copy"), statement("B", "two", told_in="act"))
    assert (found.kind, found.chosen) == (Kind.CONTRADICTING, "two")


def test_between_two_papers_neither_is_read_though_one_retells_the_other() -> None:
    copy = record("source", "copy", sort="reworded press", outlet="The Parrot")
    found = only(copy, statement("A", "the milder word", told_in="copy"), statement("B", "the harsher word"))
    assert (found.kind, found.chosen) == (Kind.CONTRADICTING, None)
    assert "No official source" in found.why


def test_a_source_of_unknown_sort_decides_nothing() -> None:
    found = only(statement("A", "one", told_in="unknown"), statement("B", "two", told_in="unknown"))
    assert (found.kind, found.chosen) == (Kind.CONTRADICTING, None)


def test_statements_on_different_sides_stand_side_by_side() -> None:
    found = only(statement("A", "he kept to it"), statement("B", "there was none", scope="whether there was any"))
    assert (found.kind, found.chosen) == (Kind.SIDE_BY_SIDE, None)


def test_statements_that_agree_or_are_compared_with_nothing_are_not_listed() -> None:
    assert of(statement("A", "one"), statement("B", "one")) == ()
    assert of(statement("A", "one", about="none"), statement("B", "two", about="none")) == ()


def test_what_was_not_read_of_a_source_is_said() -> None:
    found = only(figure("A", "1.00"), figure("B", "2.00", published_in="unknown", published_by="the board"))
    assert found.values[0].source == "The Echo, title not read, 2024-03, read"
    assert found.values[1].source == "the board; source not known"
