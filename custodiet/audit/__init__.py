"""The law meets the facts: one result per record and policy, their totals, and why each came out as it did."""
