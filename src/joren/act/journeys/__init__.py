"""Who stands where on a way that the shop laid out, and what comes next for them."""
