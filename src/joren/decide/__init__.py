"""Whom to treat, and whom not."""
