"""Everything that can be said of a pack as a whole, and of what it leaves open.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

OPENING = by_code(
    # The pack
    Diagnostic("pack_key", "syntax", "unknown key `{key}` in pack.toml", note="the keys of a pack are: {known}"),
    Diagnostic("no_policies", "syntax", "the pack has no policies", "add a document that answers a question, such as policies/seat-fare.md"),
    Diagnostic("pack_key_missing", "syntax", "pack.toml has no `{key}`", 'add a line `{key} = "…"`'),
    Diagnostic("pack_value", "syntax", "the value of `{key}` is not a text", "put it in quotation marks"),
    # Names
    Diagnostic("policy_name", "name", "the policy is called `{found}`, which is not the name of its pack and file", "write `policy: {expected_name}`"),
    Diagnostic("judgment_otherwise", "name", "{other} settles `{name}` differently", "ask the same question of the same person wherever `{name}` is settled"),
    # Types
    Diagnostic("currencies", "type", "this policy counts in {found}, and {other} in {currency}", "use one currency in all documents of a pack"),
    # Cycles and periods
    Diagnostic("given_in_circle", "cycle", "{circle} in a circle", "rewrite one of the policies so that it does not use what the others give"),
    # Gaps that are intended, and doubts
    Diagnostic("open_policy", "name", "`{name}` is not a policy of the pack", "put the `{box}` box under a heading with the name of one of its policies: {known}"),
    Diagnostic("open_reason", "syntax", "the gap has no reason", "add a paragraph that begins with `Reason:` to its section"),
    Diagnostic("open_form", "syntax", "the `gap` box does not say which records it covers", "add a line such as `when  sort = 'errand'`"),
)  # fmt: skip
