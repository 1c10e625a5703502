"""Pure rules: touches in sets, and what they tell."""
