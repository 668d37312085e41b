"""Whom a reader tells that a number is wrong: the address that TRACKER_CONTACT names. Pure."""

import re
from urllib.parse import quote, urlsplit

from pages.parts.text import citations_and_readmes as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pipelines import settings

MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


def address() -> str:
    """The mail address, or the https address of a page, that takes corrections; "" if TRACKER_CONTACT names
    neither.
    """
    given = settings.read(settings.SiteSettings).contact.strip().removeprefix("mailto:")
    is_page = given.startswith("https://") and bool(urlsplit(given).hostname)
    return given if is_page or MAIL.fullmatch(given) else ""


def link(subject: str = "", body: str = "") -> str:
    """Where a click leads: a mail that is begun with subject and body, or the page; "" without address."""
    contact = address()
    if not contact or contact.startswith("https://"):
        return contact
    fields = {"subject": subject, "body": body.replace("\n", "\r\n")}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items() if value)
    return f"mailto:{quote(contact, safe='@+')}{f'?{query}' if query else ''}"


def words(locale: str = ENGLISH) -> str:
    """The sentence that the card of a number and About have of it."""
    contact = address()
    if not contact:
        return say(text.NO_CONTACT, locale)
    is_page = contact.startswith("https://")
    return say(text.CONTACT_PAGE if is_page else text.CONTACT_MAIL, locale, address=contact)
