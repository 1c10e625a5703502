"""Messages from the ledger to a mail server: how fast, and whether a killed worker repeats any."""
