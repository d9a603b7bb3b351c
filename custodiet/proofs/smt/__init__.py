"""Policies as formulas for the z3 solver: what a rule says of every record at once.

`values` holds values and conditions, `worlds` the records they speak of, `expressions` and `evaluate` what a policy
says of them, `example` a world that the solver found, made readable. Only `custodiet.proofs.prove` and
`custodiet.proofs.equivalence` ask the solver.
"""
