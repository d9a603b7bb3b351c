"""From files to the ledger: a docket's tables, exhibits and amendments are read, checked, kept and entered."""
