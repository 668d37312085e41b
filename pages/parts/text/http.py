"""What the server says outside the pages: refusals, problems, the raw HTML of pages, what is shown where a
link is pasted.
"""

from pages.parts.text.translation import message, plural

# --- problems of machines: a title and a sentence

ONLY_READING = message("Only reading is possible")
ASKED_WITH = message("This address can be asked with {methods}.")
NO_SUCH_RELEASE = message("There is no such release")
NOT_ALLOWED = message("You may not do this")
OTHER_PUBLICATION = message("Another publication is running")
JOURNAL_DAMAGED = message("The journal cannot be read")
NO_ANSWER = message("This question cannot be answered")
NOT_NOW = message("This cannot be done now")
OUR_MISTAKE = message("This is our mistake")
OUR_MISTAKE_TELL = message("Tell us, and name the reference {reference}.")
TOO_LONG = message("The question is too long")
TOO_LONG_LIMIT = message("A question may have {bytes} bytes.")
NO_LIST = message("There is no such list")
NO_LIST_NAMED = message("There is no list “{name}”.")
NO_FORMAT = message("There is no such format")
NO_FORMAT_NAMED = message("“{name}” is not a format of this address.")
CANNOT_BE_ASKED = message("This cannot be asked")
SPELT_OTHERWISE = message("The codes are spelt otherwise")
CSV_ONLY = message("“dialect” belongs to CSV files only.")
NO_ENTRIES = message("There are no ledger entries")
NO_ENTRIES_DATES = message(
    "No entries of the ledger stand behind this figure: its rows are dates or calls, each with its document."
)
NOTHING_HERE = message("There is nothing at this address")
NOT_OF_API = message("“{path}” is not an address of the API.")
TOO_MANY_ROWS = message("Too many rows for Excel")
TOO_MANY_ROWS_LIMIT = message(
    "{number} rows are more than an Excel file from here holds of this list ({most}). Take CSV or "
    "Parquet, or choose less."
)
TOO_MANY_OWN = message("Too many large downloads to one address")
TOO_MANY_OWN_LIMIT = message(
    "{most} downloads of more than {rows} rows are on their way to your address already, the most for one. "
    "Come again when one has ended, or choose less."
)
TOO_MANY = message("Too many large downloads at once")
TOO_MANY_LIMIT = message(
    "{most} downloads of more than {rows} rows are on their way already. Come again in a moment, or "
    "choose less."
)
NO_RELEASE = message("There is no release yet. Run: python -m pipelines build\n")
DISK_NEARLY_FULL = message("The disk of the store has {free:d} MB free; at least {least:d} MB must be free.")
NOT_VERIFIED = message("Release {release} is not whole: {problem}")
NOT_OPENED = message("Release {release} cannot be opened ({problem}).")

# --- notes inside files

NOTES = {
    "title": message("Title"),
    "meaning": message("What it is"),
    "measured": message("What is measured"),
    "choice": message("Choice"),
    "source": message("Source"),
    "rows": message("Rows"),
    "release": message("Release"),
    "licence": message("Licence"),
    "citation": message("Cite as"),
    "page": message("Page"),
    "caveat": message("Keep in mind"),
    "address": message("Address"),
}
NOTE_SOURCE = message("Source {number}")
NOTE_SOURCE_WORDS = message("{words}. {tier}. {address}")
NOTE_QUERY = message("Query {number:d}")
ROWS_OF = message("{returned} of {count}")
NO_RELEASE_OF = message("not part of a release")
LICENCE = message("{licence}, {address}")
COLUMN, MEANING = message("Column"), message("Meaning (unit)")
MEANING_UNIT = message("{meaning} ({unit})")
ENTRIES_BEHIND = message("Ledger entries behind: {title}")
ENTRIES_BEHIND_MEANING = message(
    "Every entry that stands behind a value of the figure, counted or removed as already inside another."
)
EVERYTHING = message("everything")

# --- refusals

NO_HOST = message("No host has this name.\n")
NOT_OPEN = message("This address is not open to visitors.\n")
NO_FILE = message("There is no such file.\n")
UNREADABLE = message("This address cannot be read.\n")
PAGES_ARE_READ = message("Pages can only be read.\n")
STAFF_UPLOAD = message("Only staff who are signed in may upload files.")
SIGN_OUT_THERE = message("Sign out on the staff page.\n")
FILE_TOO_LARGE = message(
    "This file is larger than {megabytes} MB, the limit of this page. Larger files: python -m "
    "pipelines check FILE.\n"
)
LINK = message("\nLocal mode: staff sign in on this machine with this link, once:\n  {link}\n")
LINK_USED = message(
    "This link was used already or is not of this server. The terminal shows the one that holds.\n"
)
NO_SESSION = message("The session cannot be written into the store: the disk may be full or read-only.\n")
THIS_MACHINE_ONLY = message(
    "Local mode answers on this machine only. Others need TRACKER_FACE=public, or an identity provider.\n"
)

# --- pages as HTML

PAGE_TITLE = message("{page} · {site}")
FIRST_TITLE = message("{site}: {question}")
FEED = message("What changed")
NEEDS_SCRIPTS = message("This page draws its figures with JavaScript, which is switched off here.")
MISSING = message("Page not found")
MISSING_HEADING = message("There is no page at this address")
MISSING_WAYS = message("“{path}” does not exist here. These pages do:")

# --- where a link is pasted

CARD_RELEASE = message("release {release}")
CARD_TITLE = message("{page}: {choice} · {site}")
CARD_FINDING = message("{page}: {choice}")
CARD_SENTENCE = message("{page}: {choice}. {description}")
FIGURE_FINDING = message("{title} · {choice}")
FIGURE_DESCRIPTION = message("{subtitle} {question} {site}.")
FIGURE_SENTENCE = message("{title}. {subtitle}")
SITE_NAMED = message("{name}: {kind}")
SITE_PLACED = message("{name}: {kind} in {place}")
SITE_SENTENCE = message(
    "{site}. Status: {status}. Total cost: {total}. Its euros by funder and stage, what was promised, "
    "and every source."
)

# --- the start of the server

DOES_NOT_START = message("The tracker does not start. {reason}")
OPTION = message("{option} must be {value} where staff sign in.")
TRUSTED_HEADERS = message(
    "server.trustedUserHeaders must be empty where staff sign in: a header would say who somebody is."
)
NO_PROVIDER = message("The staff face needs an identity provider. Set {names}, and TRACKER_ROLES.")
NOT_LOCAL = message(
    "Without an identity provider, TRACKER_FACE=both works on this machine only, but the server would "
    "listen on {address}. "
    "Use --server.address localhost, or TRACKER_FACE=public, or set the TRACKER_OIDC_ variables."
)
EVERY_ADDRESS = message("every address")
NOT_SET = plural(
    "{names} is not set, but others of the identity provider are.",
    "{names} are not set, but others of the identity provider are.",
)
ROLES = message(
    "TRACKER_ROLES must name the file that says who has which role; without it nobody may do anything."
)

# --- the list of releases

RELEASES = message("Releases")
RELEASES_MEANING = message(
    "Every release that is kept here, the newest publication first. A release never changes."
)
RELEASE_COLUMNS = {
    "release_id": message(
        "Name of the release: the day of its knowledge and the fingerprint of everything in it."
    ),
    "known_on": message("The day of its knowledge."),
    "is_current": message("Whether it is the release that the public sees now."),
    "published_at": message("When it was first published."),
    "last_current_at": message("When it last became the current one, by publication or roll-back."),
    "reason": message("Why it became the current one."),
    "sources": message("Source folders in it."),
    "entries": message("Entries of its ledger."),
    "tables": message("Tables in it."),
}

# --- what a request asks for

NO_RELEASE_YET, NO_RELEASE_YET_WAY = (
    message("There is no release yet"),
    message("Run: python -m pipelines build"),
)
ONE_RELEASE = message("One release at a time")
ONE_RELEASE_NAMED = message("The address names {number} releases.")
RELEASE_AND_DAY = message("“release={name}” is no release. The day is named apart, as as_of=2025-02-11.")
ONE_DAY = message("“as_of” takes one day. The address gives {number}.")
DAYS_ALLOWED = message("a day written as year-month-day, from {first} until today, {last}")
UNREADABLE_ADDRESS = message("This address cannot be read")
UNREADABLE_CHARACTER = message("It holds a character that no address of ours holds.")
NOT_A_CHOICE = message("“{name}” is not a choice here.")
NOT_A_CHOICE_OF = message("“{name}” is not a choice. Choices are {choices}.")
UNKNOWN_VALUE = message("“{name}={value}” is unknown. Allowed: {allowed}.")
UNKNOWN_VALUE_NEAR = message("“{name}={value}” is unknown. Did you mean {near}? Allowed: {allowed}.")
ONE_VALUE = message("“{name}” takes one value. The address gives {given}.")
SOME_OF_ALLOWED = message("{first} and {number} more")
NOT_FOLLOWED = message("“{name}={value}” cannot be followed.")
NOT_FOLLOWED_ALLOWED = message("“{name}={value}” cannot be followed. Allowed: {allowed}.")
WHOLE_NUMBER = message("a whole number from 0")
WHOLE_NUMBER_TO = message("a whole number from 0 to {most}")
NO_FIGURE = message("There is no such figure")
NO_FIGURE_NAMED = message("“{name}” is not a figure of this site.")
CHOICE_EMPTY = message("The choice is empty")
CHOICE_EMPTY_WHAT = message(
    "Nothing matches this choice: {choice}. Choose less narrowly; the page says what lies elsewhere."
)

# --- images and packs

TOO_MANY_IMAGES = message("Too many images")
TOO_MANY_IMAGES_LIMIT = message(
    "At most {burst} new images at once, then {each} a second. Try again in {seconds} s."
)
NO_IMAGE = message("No image can be made")
IMAGES_WAITING = message("Too many images are waiting")
TOO_MANY_FOR_PACK = message(
    "Ledger entries: {number} rows are more than a pack holds ({most}). All of them are here: {address}"
)

# --- questions in SQL

TOO_MANY_QUESTIONS_OWN = message("Too many questions from one address")
TOO_MANY_QUESTIONS = message("Too many questions at once")
ANSWERS_OWN = message(
    "Your address has as many answers on their way to readers as one may have ({most}). Ask again when one "
    "has ended."
)
ANSWERS_ALL = message(
    "There are as many answers on their way to readers as there may be ({most}). Ask again in a moment."
)
QUESTIONS_OWN = message(
    "Your address has as many questions being answered as one may have ({most}). Ask again when one has ended."
)
QUESTIONS_ALL = message(
    "There are as many questions being answered as there may be ({most}). Ask again in a moment."
)
QUESTION_UNREADABLE = message("This question cannot be read")
QUESTION_UTF8 = message("Send the select as UTF-8 text.")
NO_QUESTION = message("There is no question")
ONE_QUESTION = message("Ask one question: by GET as `query`, or by POST as the text of the body.")

# --- figures in the pages of others

EMBED_TITLE = message("{title} · {site}")
EMBED_SOURCES = message("Sources")
EMBED_LIVE = message("{sources} Release {release}, live. CC BY 4.0.")
EMBED_PERMANENT = message("{sources} Release {release}, permanent. CC BY 4.0.")
EMBED_OPEN_FIGURE = message("Open in the {site}")
EMBED_IMAGE, EMBED_DATA = message("Image"), message("Data")
EMBED_NOT_OFFICIAL = message("Not an official EU site")
EMBED_OFFERED = message("You can embed these figures:")
EMBED_OPEN_SITE = message("Open the {site}")
NOTHING_TO_EMBED = message("There is nothing to embed here")
NOTHING_TO_EMBED_AT = message("“{path}” is not the address of a figure.")

# --- feeds

FEED_OF_FIGURE = message("The figure “{figure}”: {choice}")
FEED_OF_ALL = message("What changed")
FEED_OF_ONE = message("What changed: {name}")
ONE_THING = message("One thing at a time")
ONE_THING_ONLY = message("A feed follows a country, a site or an initiative, not several at once.")
CHANGED = message("{subject}: {after}")
CHANGED_FROM = message("{subject}: {before} → {after}")
CHANGE_SOURCE = message("{reason} Source: {address}")
PUBLISHED = message("Release {release} published")
MOVED = plural("Release {release}: {number}\u00a0row moved", "Release {release}: {number}\u00a0rows moved")
MOVED_BACK = plural(
    "Back to release {release}: {number}\u00a0row moved",
    "Back to release {release}: {number}\u00a0rows moved",
)
NOTHING_MOVED = message("Release {release}: no figure, site or date moved")
NOTHING_MOVED_BACK = message("Back to release {release}: no figure, site or date moved")
BEFORE = message("Before: release {release}. {reason}")
ROW_MOVED = {
    "added": message("added in {table}: {name}"),
    "removed": message("removed in {table}: {name}"),
    "changed": message("changed in {table}: {name}"),
}
ROW_MOVED_CELLS = {
    "added": message("added in {table}: {name} ({cells})"),
    "removed": message("removed in {table}: {name} ({cells})"),
    "changed": message("changed in {table}: {name} ({cells})"),
}
CELL_MOVED = message("{column} {before} → {after}")
MORE_ROWS = message("and {number} more")
FIGURE_NEW = message("{title}\n{reason}")
FIGURE_MOVED = message("Was: {before}. Now: {title}.\n{reason}")
NOTHING_FITS_ANY_MORE = message("Nothing matches this choice any more")
NOTHING_FITTED = message("nothing matched this choice")
