"""Who belongs together: rules over everything that is known of customers."""
