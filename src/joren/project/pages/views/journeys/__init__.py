"""Journeys: their list, one with who stands where, who stands at a node, and the draft."""
