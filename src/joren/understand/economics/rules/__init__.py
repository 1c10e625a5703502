"""Pure rules of economics.

touch      how somebody came: paid, unpaid, nobody knows
sums       what customers and spend add up to, as expressions over whole tables
spending   which months of which source have a recorded spend
curves     cumulative value by month since the first purchase, payback, allowed cost
kinds      one-off, repeat, subscription, mixed
"""
