"""All records of Model City, decided one by one and in bulk, in both states of its docket.

    python -m dockets.make --out FOLDER --scale 10
    python -m benchmarks.dockets FOLDER [--plain]

One by one is the evaluator; with `--plain` also the evaluator that remembers nothing. Printed are CPU seconds, and the
first digits of a hash of all results, the same in every way of deciding them. A busy machine changes CPU time too:
compare runs taken in turn.
"""

import argparse
import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bulk import took
from custodiet.bulk.decide_facts import Decider
from custodiet.intake.docket import read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import view
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result
from custodiet.policy.packs.pack import Pack, read_pack
from custodiet.records import core_types
from custodiet.records.facts import Facts

LAW = Path(__file__).resolve().parent.parent / "packs" / "model-code"

Results = Mapping[tuple[str, str], Result]


def facts_of(docket: Path) -> Facts:
    """The records of a docket, through a ledger of its own."""
    read = read_docket(docket)
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "ledger", core_types()) as ledger:
        bring_in(read, ledger)
        return view(ledger, read.currency).facts


def one_by_one(pack: Pack, facts: Facts, *, remember: bool = True) -> Results:
    """What the evaluator says of every record."""
    evaluator = Evaluator(pack.policies, facts, remember=remember)
    return {
        (policy.name, record.id): evaluator.decide(policy, record)
        for policy in pack.policies
        for record in facts.of(policy.for_each)
    }


def in_bulk(pack: Pack, facts: Facts) -> Results:
    """The same, each type of record decided by a query."""
    decider = Decider(pack.policies, facts)
    return {(policy.name, id_): result for policy in pack.policies for id_, result in decider.decide(policy).items()}


def decide(
    way: Callable[[Pack, Facts], Results], pack: Pack, facts: Facts, found: dict[tuple[str, str], Result]
) -> None:
    """Decide every record in one way, and keep what is found."""
    found.update(way(pack, facts))


def main() -> None:
    """Decide both states and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dockets", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder that holds as-found and complete")
    parser.add_argument("--plain", action="store_true", help="decide one by one without remembering, too")
    asked = parser.parse_args()
    ways: dict[str, Callable[[Pack, Facts], Results]] = {"one by one": one_by_one, "in bulk": in_bulk}
    if asked.plain:
        ways["plain"] = partial(one_by_one, remember=False)
    pack = read_pack(LAW)
    for state in ("as-found", "complete"):
        facts = facts_of(asked.folder / state)
        for name, way in ways.items():
            found: dict[tuple[str, str], Result] = {}
            spent = took(partial(decide, way, pack, facts, found))
            lines = "\n".join(repr(found[key]) for key in sorted(found))
            digest = hashlib.sha256(lines.encode()).hexdigest()[:12]
            print(f"{state:9} {name:10} {len(found):8,} results {spent.cpu:8.2f} s {digest}", flush=True)


if __name__ == "__main__":
    main()
