"""A second, direct reading of the Meaning (DESIGN §5), to hold the evaluator against: ordinary logic, whole worlds."""
