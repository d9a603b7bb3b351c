"""Proofs about every record: policies as formulas, and questions about them."""
