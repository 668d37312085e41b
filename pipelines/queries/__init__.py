"""Questions as values: choice → SQLAlchemy Select. Nothing here runs a question or imports Streamlit; `reader.read` answers them."""

from functools import lru_cache

kept = lru_cache(maxsize=256)
"""For questions that are asked with every view: the same choice gives the same question, whose text then need not be made again."""
