"""The command line: write the dockets of Model City."""

import argparse
import shutil
from pathlib import Path
from random import Random

from custodiet.records import Kind, core_types
from dockets.make.answers import answer_key
from dockets.make.case import bring_case
from dockets.make.city import City, Row
from dockets.make.complete import complete
from dockets.make.costs import spend
from dockets.make.journeys import travel
from dockets.make.papers import as_found
from dockets.make.people import settle
from dockets.make.rides import carry, ride_in_the_city, ride_on_trips
from dockets.make.state import Amendment, Exhibit, State
from dockets.make.writing import write

SEED = 2024


def one_city(seed: int, number: int) -> City:
    """The truth about one city; the same seed and number give the same city."""
    city = City(Random(f"model city {seed} {number}"))
    for step in (settle, travel, ride_on_trips, ride_in_the_city, spend, carry):
        step(city)
    return city


def states(seed: int, scale: int) -> list[State]:
    """Both states of as many independent cities, in one docket each."""
    joined = []
    for see in (complete, as_found):
        whole = see(one_city(seed, 1))
        # The sums of the case are those of the committed city; another seed gives other ones.
        if see is complete and seed == SEED:
            bring_case(whole)
        for number in range(2, scale + 1):
            _join(whole, see(one_city(seed, number)), f"-c{number}")
        joined.append(whole)
    return joined


def _join(whole: State, part: State, suffix: str) -> None:
    """Add another city's records to a docket, with a suffix to every id and exhibit."""
    for type_name, rows in part.tables.items():
        references = {each.name for each in core_types()[type_name].fields if each.kind is Kind.REFERENCE}
        whole.tables[type_name] += [_suffixed(row, references, suffix) for row in rows]
    whole.amendments += [
        Amendment(each.record + suffix, each.field, *_amended(each, suffix), each.why) for each in part.amendments
    ]
    for name, exhibit in part.exhibits.items():
        whole.exhibits[_exhibit(name, suffix)] = Exhibit(exhibit.received_from, exhibit.lines)


def _suffixed(row: Row, references: set[str], suffix: str) -> Row:
    named = {name: row[name] + suffix for name in references | {"id"} if row.get(name, "none") not in ("", "none")}
    file, _, line = row["source"].partition("#")
    return row | named | {"source": f"{_exhibit(file, suffix)}#{line}"}


def _amended(amendment: Amendment, suffix: str) -> tuple[str, str]:
    if amendment.field == "trip":
        return amendment.entered + suffix, amendment.value + suffix
    return amendment.entered, amendment.value


def _exhibit(name: str, suffix: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{stem}{suffix}{dot}{extension}"


def main() -> None:
    """Write both dockets below a folder."""
    parser = argparse.ArgumentParser(prog="python -m dockets.make", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder in which both dockets are written")
    parser.add_argument("--scale", type=int, default=1, help="how many independent cities a docket holds")
    parser.add_argument("--seed", type=int, default=SEED, help="from which chance starts")
    asked = parser.parse_args()
    for state in states(asked.seed, asked.scale):
        folder = asked.out / state.name
        for part in ("records", "exhibits"):
            shutil.rmtree(folder / part, ignore_errors=True)
        write(state, answer_key(state), folder, asked.seed)
        counts = {name: len(rows) for name, rows in state.tables.items()}
        print(f"{folder}: {counts}")


if __name__ == "__main__":
    main()
