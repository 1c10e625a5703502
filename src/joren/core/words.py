"""Words that are written here and said later, in the reader's language.

In a reason ``{}`` stands for a number. A page looks up the words with ``{}`` in place of each
number and puts the numbers back, so that the data keeps one plain sentence.
"""

from __future__ import annotations


def gettext_noop(words: str) -> str:
    """Marks words for the translators, as Django's does, where Django has no place."""
    return words
