"""`python -m custodiet.verify AUDIT.ZIP`: the check of an archive with nothing but Python and this folder.

It checks all that `custodiet verify` checks but one thing: results.parquet, for which a database is needed, is not
compared with results.csv. Exit code 0: nothing is wrong; 1: something is; 2: the call was wrong.
"""

import sys
from pathlib import Path

from custodiet.verify.archive import ARCHIVE_MAX
from custodiet.verify.check import Checked, check
from custodiet.verify.page.figures import check_page
from custodiet.verify.words import as_words

PARQUET = "results.parquet was not compared with results.csv: that needs the whole program (`custodiet verify`)."


def checked(content: bytes) -> tuple[Checked, list[str]]:
    """The findings about an archive, and what was not compared."""
    found = check(content)
    if not found.whole:
        return found, []
    page = check_page(found.files, found.pins)
    found.sentences += page.sentences
    found.wrong += page.wrong
    return found, [PARQUET, *page.not_compared]


def main(words: list[str]) -> int:
    """Check the archive that is named."""
    if len(words) != 1 or words[0].startswith("-"):
        sys.stderr.write(f"{(__doc__ or '').strip()}\n")
        return 2
    file = Path(words[0])
    if not file.is_file():
        sys.stderr.write(f"{words[0]}: there is no such file\n")
        return 2
    try:
        if file.stat().st_size > ARCHIVE_MAX:
            sys.stderr.write(f"{file.name} has more than the {ARCHIVE_MAX:,} bytes that an archive can have\n")
            return 1
        with file.open("rb") as opened:
            content = opened.read()
    except OSError as wrong:
        sys.stderr.write(f"{words[0]} cannot be read: {wrong.strerror}\n")
        return 2
    found, not_compared = checked(content)
    sys.stdout.write(f"{as_words(found, not_compared)}\n")
    return 0 if found.whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
