"""The law: policy documents read, checked and evaluated."""
