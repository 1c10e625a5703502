"""joren (常連): raises the lifetime value of a shop's customers."""

__version__ = "0.1.0"
