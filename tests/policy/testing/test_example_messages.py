"""An example that comes out otherwise is told with every answer that the rules leave possible."""

import pytest

from custodiet.policy.language.document import read_document
from custodiet.policy.testing.examples import run_examples
from custodiet.records import core_types
from tests.meaning import document

FARES = """
Rule 1
when leg.purpose = 'personal'
owes leg.full_coach_fare from occupant

Rule 2
when leg.purpose = 'personal' and role = 'guest'
owes 7 from occupant
"""
CLASSES = """
Rule 1
when role = 'guest'
is 'outside'

Rule 2
when role = 'detail' and on_duty
is 'inside'
"""
FORBIDDEN = """
Rule 1
when role = 'guest'
forbids
owes 30 from occupant
"""


def told(rules: str, **cells: str) -> list[str]:
    """What is said of one example of these cells; `leg_purpose` is the column `leg.purpose`."""
    columns = {name.replace("leg_", "leg."): cell for name, cell in cells.items()}
    lines = ["## Examples", "", *(f"| {' | '.join(row)} |" for row in (
        ("example", *columns), ("---",) * (len(columns) + 1), ("one", *columns.values())
    ))]  # fmt: skip
    read = read_document("\n".join([document(rules), *lines, ""]), "law.md")
    assert read.policy is not None
    problems = run_examples(read.policy, (), core_types())[1]
    return [problem.message.partition("the rules say ")[2] for problem in problems]


@pytest.mark.parametrize(
    ("rules", "cells", "says"),
    [
        # Nobody wrote the purpose: with a personal one, the two rules ask for 412 and for 7; else no rule speaks.
        (FARES, {"leg_full_coach_fare": "412", "role": "guest", "owes": "412"},
         "undetermined: no rule or conflict"),
        (FARES, {"leg_full_coach_fare": "412", "role": "crew", "owes": "412"}, "undetermined: 412.00 or no rule"),
        (FARES, {"role": "crew", "leg_purpose": "personal", "owes": "412"}, "undetermined: between 0.00 and no bound"),
        (FARES, {"role": "crew", "outcome": "owes"}, "undetermined: between 0.00 and no bound or no rule"),
        (FARES, {"role": "crew", "because": "1"}, "undetermined: between 0.00 and no bound or no rule"),
        (FARES, {"role": "crew", "from": "occupant"}, "undetermined: between 0.00 and no bound or no rule"),
        (CLASSES, {"is": "inside"}, "undetermined: no rule or inside or outside"),
        (CLASSES, {"on_duty": "no", "is": "inside"}, "undetermined: no rule or outside"),
        (CLASSES, {"role": "guest", "is": "inside"}, "outside"),
        (CLASSES, {"role": "crew", "is": "inside"}, "no rule"),
        (FARES, {"leg_full_coach_fare": "412", "role": "crew", "leg_purpose": "personal", "owes": "7"}, "412.00"),
        (FORBIDDEN, {"role": "guest", "owes": "40"}, "30.00"),
    ],
)  # fmt: skip
def test_what_the_rules_say_names_every_possible_answer(rules: str, cells: dict[str, str], says: str) -> None:
    assert told(rules, **cells) == [says]


def test_an_example_that_comes_out_as_written_is_not_told() -> None:
    assert told(FARES, role="crew", owes="undetermined", outcome="undetermined") == []
    assert told(FORBIDDEN, role="guest", owes="30", outcome="forbidden") == []
