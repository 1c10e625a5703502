"""Pure rules of ranking. Tables come in as arguments, expressions and values go out.

settings   the bounds, filled in and checked
edges      what it takes for a rank, from the customers themselves
standing   one row per customer: RFM, decile, CPM, stage, VIP
counting   what the groups add up to
survival   F1 → F2 → F3 …
"""
