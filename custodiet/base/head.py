"""The head of a document: `key: value` lines between two lines of `---`. It is not YAML."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from custodiet.base.errors import Span, did_you_mean
from custodiet.base.source import REMARK, Source


@dataclass(slots=True)
class Head:
    """What the head of a document says, by key, each with its place."""

    ends: int
    """The number of lines that it takes."""
    said: dict[str, tuple[str, Span]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """The keys that are there without a value, or are misspelt: nobody need be told that they are missing."""

    def word(self, key: str, default: str = "") -> str:
        """The value of a key."""
        return self.said[key][0] if key in self.said else default

    def place(self, key: str) -> Span:
        """Where the value of a key is; KeyError where the head has no such key."""
        return self.said[key][1]


def has_head(source: Source) -> bool:
    """Whether a document begins with a head."""
    lines = [line.rstrip() for line in source.lines]
    return lines[:1] == ["---"] and "---" in lines[1:]


def read_head(source: Source, keys: Sequence[str], needed: Sequence[str]) -> Head | None:
    """Read the head of a document; what is wrong with it is noted in the source. None if there is no head.

    >>> source = Source(["---", "record: stay", "---"], "stay.md", {})
    >>> read_head(source, ("record", "is"), ("record",)).word("record")
    'stay'
    """
    if not has_head(source):
        source.say("no_head", source.line(1, 1, len(source.lines[0]) if source.lines else 1))
        return None
    head = Head([line.rstrip() for line in source.lines].index("---", 1) + 1)
    for number, line in enumerate(source.lines[1 : head.ends - 1], start=2):
        if line.strip():
            _read_line(source, head, keys, number, line)
    for key in needed:
        if key not in head.said and key not in head.silent:
            source.say("head_key_missing", source.line(1, 1, 3), key=key)
    return head


def _read_line(source: Source, head: Head, keys: Sequence[str], number: int, line: str) -> None:
    key, colon, value = line.partition(":")
    key, value = key.strip(), value.strip()
    place = source.line(number, line.find(value) + 1 if value else 1, len(value) or len(line))
    if REMARK.match(line):
        source.say("remark_inside", source.whole(number), where="the head")
    elif not colon:
        source.say("head_line", source.line(number, 1, len(line)))
    elif key in keys and not value:
        head.silent.add(key)
        source.say("head_key_empty", source.line(number, 1, len(line)), key=key)
    elif key not in keys:
        hint = did_you_mean(key.lower(), keys)
        head.silent.update(each for each in keys if f"`{each}`" in hint)
        source.say("head_key", source.line(number, 1, len(key)), hint, key=key, known=", ".join(keys))
    elif key in head.said:
        source.say("head_key_twice", source.line(number, 1, len(key)), key=key)
    else:
        head.said[key] = value, place
