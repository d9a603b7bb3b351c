"""Policies as SQL queries: what a rule says of every record of a table at once.

`forms` are the few forms of SQL used, `numbers` and `terms` exact numbers and values, `relation` how records stand in
tables and `measure` what is certain of these, `frames` the joins and layers of a query, `expressions` and `amounts`
what a policy says, `signature`, `codes` and `keys` what its decision depends on. Nothing here talks of results:
`custodiet.policy.bulk` does.
"""
