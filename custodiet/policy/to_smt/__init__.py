"""Policies as formulas for the z3 solver: what a rule says of every record at once.

`terms` are values and conditions, `records` the worlds they speak of, `expressions` and `rules` what a policy says
of them, `example` a world that the solver found, made readable. Only `custodiet.policy.prove` and
`custodiet.policy.prove_difference` ask the solver.
"""
