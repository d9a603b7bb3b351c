"""Policies as formulas for the z3 solver: what a rule says about every record at once.

The modules with the meaning mirror `policy/evaluation/` file by file; each names the file it mirrors and what it
leaves out: `evaluate`, `combine`, `answers`, `expressions`, `rate_lookup`. Around them: `values` holds values and
conditions, `worlds` the records they speak of, `solver` asks z3, `example`, `cells` and `confirm` make a readable
record of what it found, `budget` counts what that may take. Only `custodiet.proofs.prove` and
`custodiet.proofs.equivalence` ask the solver.
"""
