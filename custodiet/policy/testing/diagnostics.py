"""Everything that can be said of the examples of a policy.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

TRYING = by_code(
    # Names
    Diagnostic("column_unknown", "name", "unknown column `{name}`", "a path from {a_type}, or one of example, owes, from, is, outcome, because was expected"),
    # Examples
    Diagnostic("cell_blank", "example", "the cell of `{name}` is blank", "a value, `none` or `unknown` was expected"),
    Diagnostic("cell_value", "example", "`{found}` is no value of `{name}`", "{wanted}"),
    Diagnostic("cell_impossible", "example", "no {record} has `{found}` as its `{name}`", "{wanted}"),
    Diagnostic("example_fails", "example", "the example comes out otherwise", "{column} {wanted} was expected, the rules say {found}"),
)  # fmt: skip
