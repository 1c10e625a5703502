"""What numbers mean: models, intervals and back-tests on NumPy and SciPy alone.

The warehouse counts, science concludes: everything here takes columns or sums and returns frozen
values, so that it works in a notebook as it works in the shop.
"""
