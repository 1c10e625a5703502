"""Figures of the README of this folder, as ratios."""
