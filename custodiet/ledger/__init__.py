"""The facts: an append-only log of entries, each with its leaf in a Merkle tree, and one view over all of them."""
