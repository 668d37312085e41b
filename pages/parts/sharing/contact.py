"""Whom a reader tells that a number is wrong: the address that TRACKER_CONTACT names. Pure."""

import os
import re
from urllib.parse import quote, urlsplit

MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


def address() -> str:
    """The mail address, or the https address of a page, that takes corrections; "" if TRACKER_CONTACT names neither."""
    given = os.environ.get("TRACKER_CONTACT", "").strip().removeprefix("mailto:")
    is_page = given.startswith("https://") and bool(urlsplit(given).hostname)
    return given if is_page or MAIL.fullmatch(given) else ""


def link(subject: str = "", body: str = "") -> str:
    """Where a click leads: a mail that is begun with subject and body, or the page; "" without address."""
    found = address()
    if not found or found.startswith("https://"):
        return found
    words = {"subject": subject, "body": body.replace("\n", "\r\n")}
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in words.items() if text)
    return f"mailto:{quote(found, safe='@+')}{f'?{query}' if query else ''}"


def words() -> str:
    """What the card of a number and About say of it."""
    found = address()
    if not found:
        return "This copy of the tracker names no address for corrections."
    return (
        f"Corrections go to the page {found}."
        if found.startswith("https://")
        else f"Corrections go to {found}."
    )
