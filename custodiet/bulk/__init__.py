"""Decides many records at once: the evaluator decides one record for all records with the same signature.

`decide_table` decides a table of a database, `decide_facts` the facts of a docket. `grouping/` finds the records that
are decided alike; `explain/` turns the decision on one into an explanation for each.
"""
