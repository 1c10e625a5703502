"""Shops of known truth by name: what an action really does to customers, and files of it."""

from joren.project.simulation.worlds.living import Lives, lived, profits
from joren.project.simulation.worlds.people import People, draw_people
from joren.project.simulation.worlds.world import WORLDS, World, world_of
from joren.project.simulation.worlds.writing import SimulatedWorld, simulate_world

__all__ = [
    "WORLDS", "Lives", "People", "SimulatedWorld", "World", "draw_people", "lived", "profits",
    "simulate_world", "world_of",
]  # fmt: skip
