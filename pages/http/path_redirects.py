"""Addresses that name one thing in their path, as /sites/hammerhai and /countries/DE: they lead to the page
with its parameter, because the path of a page has one part. Pure.

What Streamlit asks below a page, as /countries/_stcore/health, is no such address.
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode

EU_CODES = {"GR": "EL", "GB": "UK"}  # ISO code → the code that the EU and this site use
PARAMETERS = {"sites": "site", "countries": "country", "projects": "project"}
"""Page → the parameter that names one thing on it."""

_SHORT = re.compile(rf"/(?P<page>{'|'.join(PARAMETERS)})/(?P<code>[^/_][^/]*)/?")


def leads_to(path: str, query: str) -> str | None:
    """The address of the page with its parameter; other words of the query stay. None for other paths."""
    found = _SHORT.fullmatch(path)
    if found is None:
        return None
    name, code = PARAMETERS[found["page"]], unquote(found["code"])
    if name == "country":
        code = EU_CODES.get(code.upper(), code.upper())
    others = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != name]
    return f"/{found['page']}?{urlencode([(name, code), *others], quote_via=quote)}"
