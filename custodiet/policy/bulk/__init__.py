"""Deciding many records at once: one decision of the evaluator for all that have one signature.

`table` decides a table of a database, `facts` the facts of a docket; `explanation` is what is decided for a signature,
`retell` tells it of each record that has it.
"""
