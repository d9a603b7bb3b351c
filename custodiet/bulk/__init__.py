"""Deciding many records at once: one decision of the evaluator for all that have one signature.

`decide_table` decides a table of a database, `decide_facts` the facts of a docket. `grouping/` finds the records that
are decided alike, `explain/` tells each of them what was decided of one.
"""
