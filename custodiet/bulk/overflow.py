"""What no database counts exactly is refused, never rounded."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from custodiet.base.errors import Refused
from custodiet.policy.language.ast import Policy


@contextmanager
def counting_exactly(policy: Policy) -> Iterator[None]:
    """Ask a database; Refused, naming the policy and the number, where a number has more digits than it holds."""
    try:
        yield
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        found = str(error).splitlines()[0]
        raise Refused(f"{policy.name}: a number has more digits than a database counts exactly: {found}") from error
