"""Whom not to treat: a part of every audience is left out by lot, so that an effect can be seen."""
