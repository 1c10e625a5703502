"""What products are to each other: kept by the shop, by hand or from a file."""
