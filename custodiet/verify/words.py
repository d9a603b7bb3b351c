"""What was found of an archive, for people: what fits, what was not compared, what is wrong."""

from collections.abc import Sequence

from custodiet.verify.check import Checked
from custodiet.verify.quoting import named, on_one_line


def as_words(checked: Checked, not_compared: Sequence[str]) -> str:
    """The findings, a line each, with the two values that a reader has to compare elsewhere."""
    pins = checked.pins
    lines = [f"“{on_one_line(pins['docket'])}”, the {named(pins['edition'])} edition"] if pins else []
    lines += [f"  fits   {on_one_line(sentence)}" for sentence in checked.sentences]
    lines += [f"  not compared  {on_one_line(sentence)}" for sentence in not_compared]
    lines += [f"  WRONG  {on_one_line(sentence)}" for sentence in checked.wrong]
    if checked.whole:
        lines += [
            "Nothing is wrong. To know that this is the archive that was published, and not another one made as",
            "carefully, compare these two with what the publisher and the witnesses state:",
            f"  closing hash  {checked.closing}",
            f"  root          {pins['as_of']['root']} of {pins['as_of']['size']} entries",
        ]
    else:
        lines.append("Do not rely on this archive.")
    return "\n".join(lines)
