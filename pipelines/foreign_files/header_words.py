"""The titles that columns have in the languages of the EU, from data/reference/header_words.csv."""

import re
import unicodedata
from functools import lru_cache

from pipelines import reference


def plain(title: str) -> str:
    """A title without marks, accents, case and line breaks, as titles are compared.

    Greek capitals bear no accents, and many files lost theirs.
    """
    text = "".join(
        char for char in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(char)
    )
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


@lru_cache(maxsize=1)
def known_titles() -> dict[str, dict[str, str]]:
    """Language → plain title → our column."""
    columns: dict[str, dict[str, str]] = {}
    for row in reference.read_rows("header_words"):
        for word in row["words"].split(";"):
            columns.setdefault(row["language"], {})[plain(word)] = row["column"]
    return columns
