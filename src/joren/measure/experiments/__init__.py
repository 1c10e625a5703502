"""What an action brought: those who were treated beside those who were left out."""
