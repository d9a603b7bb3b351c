"""Text from a file: one form, one way to be shown, and no way to speak as the program."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from custodiet.base.text import csv_cell, unprintable
from custodiet.reports.output.csv_and_parquet import csv_of

RUN_BY_A_SPREADSHEET = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What the cells begin with that spreadsheets run, by OWASP's page on CSV injection."""


@given(st.lists(st.text(alphabet="=+-@'\t\r\n\uff1d\x1b\u202ea1. ", max_size=6), min_size=1))
def test_no_cell_of_a_csv_is_run_by_a_spreadsheet_and_each_text_can_be_had_back(texts: list[str]) -> None:
    written = csv_of(["text"], [{"text": text} for text in texts])
    assert unprintable(written.replace("\n", "")) == ""
    cells = [row[0] for row in list(csv.reader(io.StringIO(written)))[1:] if row]
    for cell in cells:
        number = cell.removeprefix("-").replace(".", "", 1).isdecimal()
        assert number or not cell.startswith(RUN_BY_A_SPREADSHEET)
    for text in texts:
        if not unprintable(text) and csv_cell(text) != text:
            assert csv_cell(text) == f"'{text}"
    assert len({csv_cell(text) for text in texts if not unprintable(text)}) == len(
        {text for text in texts if not unprintable(text)}
    )


def test_amounts_stay_numbers_and_each_text_of_a_cell_has_its_own_apostrophe() -> None:
    row: dict[str, object] = {"amount": "-2.50", "greatest": "412.00", "payers": ["@ann", "the campaign", "-1+1"]}
    assert csv_of(row, [row]).splitlines()[1] == "-2.50,412.00,'@ann; the campaign; '-1+1"
