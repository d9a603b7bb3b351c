"""Policies as SQL queries: what a rule says about every record of a table at once.

`syntax` holds the few forms of SQL used, `exact_arithmetic` and `intervals` exact numbers and values, `tables` how
records are kept in tables, `joins` the joins and layers of a query, `rates` the pack's dated tables, `expressions` and
`amounts` what a policy says. `custodiet.bulk.grouping` finds the records that are decided alike.
"""
