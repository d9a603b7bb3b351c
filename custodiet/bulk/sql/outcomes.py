"""Where a row is asked how a test turns out: in place, or looked up by its key (`grouping.grouping`)."""

from custodiet.bulk.sql.syntax import Sql


class Outcomes:
    """Every test stands where it is asked."""

    def of(self, test: Sql, about: object = None) -> Sql:  # noqa: ARG002 - in place, it is the same what a test is about
        """How a test turns out; of tests `about` one value one holds at most, and they are unknown together."""
        return test

    def mark(self, test: Sql) -> Sql:
        """The same of what matters only in records of which a rule asks for it."""
        return test
