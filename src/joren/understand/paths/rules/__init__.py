"""Pure rules: days of people in sets, and what they tell."""
