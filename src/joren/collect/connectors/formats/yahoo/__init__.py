"""Yahoo!ショッピング: what its order API answers, as XML or as a table with the API's names."""

from joren.collect.connectors.formats.yahoo.connector import FORMAT

__all__ = ["FORMAT"]
