"""Delivery: from the ledger to the channel."""
