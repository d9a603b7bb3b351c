"""Everything that can be said of what was refuted.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

PROVING = by_code(
    Diagnostic("conflict", "conflict", "rules {both} contradict each other for some {records}", "for example: {example}"),
    Diagnostic("gap", "gap", "no rule answers for some {records}", "for example: {example}"),
    Diagnostic("gap_gone", "gap", "open.md lists a gap that is gone", "rules answer for all these {records}: delete the entry, or mend its condition"),
    Diagnostic("gap_wide", "gap", "open.md lists {records} for which {who}", "for example: {example}"),
    Diagnostic("dead_rule", "dead rule", "rule {rule} never decides", "{why}"),
    Diagnostic("dead_exception", "dead exception", "rule {rule} never decides", "{why}"),
    Diagnostic("division_by_zero", "division", "rule {rule} divides by zero for some {records}", "for example: {example}"),
    Diagnostic("negative_amount", "negative amount", "rule {rule} owes less than nothing for some {records}", "for example: {example}"),
    Diagnostic("claim_refuted", "claim", "not so: {says}", "for example: {example}"),
    Diagnostic("claim_of_nothing", "claim", "said of nothing: {says}", "{why}; a condition that some {records} meet, and that have an answer, was expected"),
)  # fmt: skip
