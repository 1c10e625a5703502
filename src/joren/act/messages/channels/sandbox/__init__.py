"""Keeps in the house what would have left."""
