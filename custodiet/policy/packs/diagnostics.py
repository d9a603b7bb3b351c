"""Everything that can be said of a pack as a whole, and of what it leaves open.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

OPENING = by_code(
    # The pack
    Diagnostic("pack_key", "syntax", "unknown key `{key}` in pack.toml", "a pack has: {known}"),
    Diagnostic("no_policies", "syntax", "the pack has no policies", "a document that answers a question, such as policies/seat-fare.md, was expected"),
    Diagnostic("pack_key_missing", "syntax", "pack.toml has no `{key}`", 'a line `{key} = "…"` was expected'),
    Diagnostic("pack_value", "syntax", "`{key}` holds no text", "a text in quotation marks was expected"),
    # Names
    Diagnostic("policy_name", "name", "the policy is called `{found}`", "`{expected_name}`, after its pack and file, was expected"),
    Diagnostic("judgment_otherwise", "name", "{other} settles `{name}` otherwise", "the same question, asked of the same person, was expected wherever `{name}` is settled"),
    # Types
    Diagnostic("currencies", "type", "this counts in {found}, and {other} in {currency}", "one currency was expected in all documents of a pack"),
    # Cycles and periods
    Diagnostic("given_in_circle", "cycle", "{circle} in a circle", "policies in an order of dependence were expected"),
    # Gaps that are intended, and doubts
    Diagnostic("open_policy", "name", "`{name}` is no policy of the pack", "a heading with the name of one of its policies was expected above the `{box}` box: {known}"),
    Diagnostic("open_reason", "syntax", "a gap without a reason", "a paragraph that begins with `Reason:` was expected in its section"),
    Diagnostic("open_form", "syntax", "the `gap` box names no records", "a line `when` with a condition was expected, such as `when  sort = 'errand'`"),
)  # fmt: skip
