"""The text that travels with a link, a citation, a file or a pack of files."""

from pages.parts.text.translation import message, plural

# --- what is chosen

ONLY = message("Only {choices}.")
EVERYTHING = message("everything")
CHOSEN = message("{parameter} {labels}")
EVERY = message("every {parameter}")
LICENCE_OF_FIGURES = message("Figures CC BY 4.0, changes marked")

# --- whom a reader tells

NO_CONTACT = message("No contact address is set up here.")
CONTACT_PAGE = message("Corrections go to the page {address}.")
CONTACT_MAIL = message("Corrections go to {address}.")

# --- citations and licences

CITATION = message("{site}: “{title}”. Release {release}, CC BY 4.0. {link}")
CITATION_OF_RELEASE = message("{site}, release {release}. Data under {licence}. {link}")
CITATION_OF_ROWS = message("{site}, release {release}. Data under {licence}.")
CITATION_OF_SITE = message("{site}. Data under {licence}.")
LICENCE_OF_ROWS = message("{licence}, {site}")
CAVEAT = message(
    "Independent. Not an official EU site. Never add amounts of different stage or basis. An empty "
    "amount means not published, never zero."
)

# --- the README beside files

FIGURE_FILES = message(
    "CSV: {plain}. CSV {excel}. XLSX, Parquet and JSON hold the same rows with typed numbers and days."
)
TABLE_FILES = message("CSV: {plain}. Parquet holds the same rows with typed numbers and days.")
FIGURE = message("{title}\n{subtitle}\n")
CHOICE = message("Choice: {choice}.")
LINK = message("Link: {link}\n")
IN_WORDS = message("THE FIGURE IN WORDS\n{alt}\n")
SOURCES = message("SOURCES\n{sources}")
TABLE_SOURCES = message(
    "SOURCES\nThe tables sources and documents of the same release list every source and document with "
    "its address: {link}\n"
)
TABLE_SOURCES_NAMED = message(
    "SOURCES\nEach row names its document in source_url. "
    "The tables sources and documents of the same release list every source and document with its "
    "address: {link}\n"
)
WRITTEN = message("HOW THE FILES ARE WRITTEN\n{lines}")
IMAGES = message("Images: {images}\n")
ROWS = plural(
    "Numbers: {number}\u00a0row, all that is drawn.\n", "Numbers: {number}\u00a0rows, all that is drawn.\n"
)
TABLE_ROWS = message("Rows: {number}, the whole table.")
COLUMNS = message("COLUMNS")
COLUMNS_OF_NUMBERS = message("COLUMNS OF THE NUMBERS (release and licence stand in CSV files only)")
COLUMNS_OF_ENTRIES = message("COLUMNS OF THE LEDGER ENTRIES BEHIND THE NUMBERS")
COLUMN = message("- {name} ({unit}): {meaning}\n")
NO_ENTRIES = message(
    "LEDGER ENTRIES\nNone stand behind this figure: its rows are dates, and each names its document.\n"
)
SOURCE = message("- {words}: {address}\n")
SOURCE_TIER = message("- {words} ({tier}): {address}\n")
RELEASE = message(
    "Release: {release}. It never changes; the link shows the same figures for as long as it is kept.\n"
    "{dates} What was published later is not in it.\n"
)
CELLS = message(
    "Euros are plain digits with two decimals. A day is written as year-month-day.\n"
    "An empty cell, null in JSON and Parquet, says that no source gives it or that it does not apply. "
    "An empty amount means not published, never zero.\n"
    "{harmless}\n"
    "What a code means stands in the table that the unit of its column names: {link}\n"
)
LICENCE = message(
    "LICENCE\n{licence}, {address}\nName the {site} and the release, and mark what you changed. "
    "Sources keep their own licences.\n{caveat}\n"
)
CITE = message("CITATION\n{citation}\n")

# --- the newsroom pack

PACK_IMAGES = message(
    "PNG at twice the size for print and screens, SVG to edit, PDF for print. The alternative text is "
    "inside the files too."
)
CAPTION = message("{title}. {subtitle} Source: {site}, release {release}. {source}\n")
SOURCES_AND_LICENCE = message(
    "Sources: {sources}\nLicence: {licence}. Sources keep their own licences.\nIndependent. Not an "
    "official EU site.\n"
)
