"""What became of an order's sum after the day for which a rule answers: settled, paid, shown elsewhere."""

from custodiet.records import cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record


def since_in_words(facts: Facts) -> tuple[str, ...]:
    """What took an order's place, and where to read what was paid; nothing where neither is recorded."""
    settled = [each for each in facts.of("settlement") if isinstance(each.value("replaces"), str)]
    if not facts.of("settlement") and not facts.of("payment"):
        return ()
    return (
        *(_replaced(each) for each in settled),
        "What was settled and paid since is shown by `custodiet case`, and is not subtracted here.",
    )


def _replaced(settlement: Record) -> str:
    named = {name: cell(settlement.value(name)) for name in ("replaces", "made_on", "total")}
    return (
        f"Order {named['replaces']}, which the sum comes from, was replaced by settlement {settlement.id} of "
        f"{named['made_on']}, over {named['total']} in all; the parties settled that, and the program decided nothing."
    )
