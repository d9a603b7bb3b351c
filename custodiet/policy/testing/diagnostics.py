"""Everything that can be said of the examples of a policy.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

TRYING = by_code(
    # Names
    Diagnostic("column_unknown", "name", "unknown column `{name}`", "name a path from {a_type}, or one of example, owes, from, is, outcome, because"),
    # Examples
    Diagnostic("cell_blank", "example", "the cell of `{name}` is blank", "write a value, `none` or `unknown`"),
    Diagnostic("cell_value", "example", "`{found}` is not a value of `{name}`", "{wanted}"),
    Diagnostic("cell_impossible", "example", "a {record} cannot have `{found}` as its `{name}`", "{wanted}"),
    Diagnostic("example_fails", "example", "the example says {column} {wanted}; the rules say {found}"),
)  # fmt: skip
