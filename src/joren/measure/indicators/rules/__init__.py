"""Pure rules: counting the funnel in sets, what a plan may say, and what the gaps are."""
