"""Rules and records of a publicly paid protective detail: what was used for what, who pays, and why."""
