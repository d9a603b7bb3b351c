"""Model City, a fictional city whose mayor runs for higher office: two dockets from one truth, and their answer keys.

`python -m dockets.make --out dockets/model-city` writes both; the same seed gives the same bytes.
"""
