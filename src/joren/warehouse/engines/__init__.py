"""What counts: DuckDB in this process, or a Spark cluster. Both answer alike.

duckdb  always there: imports, pages and single customers are asked here
spark   the extra ``joren[spark]``: a refresh that one machine is too small for
"""
