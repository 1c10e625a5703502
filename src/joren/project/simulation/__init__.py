"""A demo shop with known truth: its files look like a shop's, its parameters are written down."""

from joren.project.simulation.answers import Answer, simulate_answers
from joren.project.simulation.shop import Simulated, simulate_orders, simulate_shop
from joren.project.simulation.worlds import SimulatedWorld, simulate_world

__all__ = [
    "Answer", "Simulated", "SimulatedWorld", "simulate_answers", "simulate_orders", "simulate_shop",
    "simulate_world",
]  # fmt: skip
