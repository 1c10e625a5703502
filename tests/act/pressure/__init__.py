"""Tests of promotion pressure and its guard."""
