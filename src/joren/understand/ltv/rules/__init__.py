"""What counts and how it adds up: expressions over whole tables, which name no engine.

purchases   which orders count, and what each brought after refunds and costs
summary     what a customer's past comes down to, today and as of an earlier day
values      one row per customer: what they brought and what is expected
periods     the formula LTV of one year and its terms
scoring     what the chosen model expects of customers who are alike
groups      customers who began alike, and how values are spread
thresholds  when there is enough to predict from
exact       sums that do not depend on the order of rows
"""
