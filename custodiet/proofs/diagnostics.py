"""Everything that can be said of what was refuted.

Each has a document under `tests/policies/bad/` that provokes it.
"""

from custodiet.base.diagnostic import Diagnostic, by_code

PROVING = by_code(
    Diagnostic("conflict", "conflict", "rules {both} contradict each other for some {records}", "make one an exception to the other, or let one prevail over the other", note="for example: {example}\nthere {answers}"),
    Diagnostic("gap", "gap", "no rule answers for some {records}", 'add a rule, or list them in open.md with the reason; until then the result is "no rule"', note="for example: {example}\n{answers}"),
    Diagnostic("gap_gone", "gap", "open.md lists a gap that no longer exists: rules answer for all these {records}", "delete the entry, or correct its condition"),
    Diagnostic("gap_wide", "gap", "open.md lists {records} for which {who}", "exclude them by the condition of the box", note="for example: {example}\nthere the rules say: {answers}"),
    Diagnostic("dead_rule", "dead rule", "rule {rule} never decides", "correct its condition or its place, or delete it", note="{why}"),
    Diagnostic("dead_exception", "dead exception", "rule {rule} never decides", "correct its condition or its place, or delete it", note="{why}"),
    Diagnostic("division_by_zero", "division", "rule {rule} divides by zero for some {records}", "keep zero out of the divisor by the rule's condition", note="for example: {example}"),
    Diagnostic("negative_amount", "negative amount", "rule {rule} owes less than zero for some {records}", "write max(0, …) around the subtraction, or exclude them by the rule's condition", note="for example: {example}"),
    Diagnostic("claim_refuted", "claim", "the claim does not hold: {says}", note="for example: {example}\nthere the rules say: {answers}"),
    Diagnostic("claim_of_nothing", "claim", "the claim is said of nothing: {says}", "write a condition that some {records} meet, and for which there is an answer", note="{why}"),
)  # fmt: skip
