"""What is done with relations: they are kept by hand or from a file, and taken away."""

from joren.collect.products.services.relating import relate, take_file, unrelate

__all__ = ["relate", "take_file", "unrelate"]
