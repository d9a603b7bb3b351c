"""What a stranger needs to check the ledger without us: the Merkle tree, in the standard library alone."""
