"""Pure rules of cohorts: tables in, expressions out.

months  what each customer did in each month since the first
cells   what the customers of a cohort add up to, month by month
"""
