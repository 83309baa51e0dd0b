"""How the words of a zone's industries are taken apart."""

import pandas as pd

__all__ = ["split_terms"]

_SEPARATORS = "、|;|；|，"


def split_terms(words: pd.Series) -> pd.Series:
    """Return the terms of each zone as lists; separators are 、 ; and the wide comma."""
    lists = words.str.split(_SEPARATORS, regex=True)
    return lists.map(lambda terms: [term.strip() for term in terms if term.strip()])
