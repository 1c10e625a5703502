"""A refresh on a real Spark cluster: what it concludes, and what it refuses."""
