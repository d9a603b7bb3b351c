"""What a page can say about the record of a row of results: its type, and words that are in the archive."""

import re
from collections.abc import Mapping
from functools import cache

from custodiet.verify.canonical import canonical

HINDSIGHT = "hindsight: the law did not say this when the act happened"
"""The mark of a row whose law was applied to an older act."""
_TOLD = ("ledger/rows.jsonl", "ledger/entries.jsonl")
_POLICY = re.compile(r"^policy:\s*(\S+)\s*$.*?^for each:\s*(.+?)\s*$", re.MULTILINE | re.DOTALL)
_WHEN = re.compile(r"[\d.-]+( to [\d.-]+)?")


class Records:
    """The records in an archive, as far as a page describes them."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Those of an archive's files."""
        self._about: Mapping[str, str] = {
            found[1]: found[2]
            for path, content in files.items()
            if path.startswith("pack/policies/") and (found := _POLICY.search(content.decode("utf-8", "replace")))
        }
        self.tells = cache(lambda word: any(canonical(word) in files[path] for path in _TOLD))
        """Whether some word is the value of a field, in the open or opened."""

    def describes(self, row: Mapping[str, str], what: str) -> bool:
        """Whether some words can say what a row is about: its record's type, what the archive says about it, and when.

        The words themselves and the days are held against nothing but that; a row that adds up has its type alone.
        """
        mark = HINDSIGHT if row["hindsight"] == "yes" else ""
        kind, *known = what.removesuffix(mark).removesuffix("; ").split(", ")
        right = self._about.get(row["policy"].removeprefix("'"), "").replace("_", " ")
        told = all(self.tells(each) or _WHEN.fullmatch(each) for each in known)
        return what.endswith(mark) and kind == right and told and (bool(row["record"]) or not known)
