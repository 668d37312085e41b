"""What stands around every page and every figure: notices, footer, the row under a figure, the card of a
number, the card of a site.
"""

from pages.parts.text.translation import message, plural

# --- the frame of a page

PAGE_TITLE = message("{page} · {site}")
RELEASE = message("Release {release}")
NO_RELEASE = message("No release yet")
OLDER = message("You are reading release {release}. The current release is {current}.")
ON_A_DAY = message(
    "This page shows how things stood on {day}: what was in force and dated by then, as far as release "
    "{release} knows it today."
)
BACK_TO_TODAY = message("Back to today")
NOTHING_YET = message("Nothing is known yet on {day}")
NOTHING_YET_WHY = message(
    "The first amount in this release dates from {first}. Choose that day or a later one, or go back to today."
)
FIRST_DAY = message("Show this page as it stood on {first}")
ANOTHER_DAY = message("How it stood on another day")
ANOTHER_DAY_WHAT = message(
    "Amounts, sites, promises and events that were in force and dated by that day, as far as this release knows "
    "them. What we knew then is another question: older releases answer it, under Data."
)
DAY = message("Day")
SHOW_DAY = message("Show this page as it stood on {day}")
READ_CURRENT = message("Read this page in the current release")
UNFINISHED = message(
    "This page could not be finished. The numbers are safe: they can be downloaded under Data. "
    "Reference {reference}."
)
INDEPENDENT = message("Independent. Not an official EU site.")
THIS_RELEASE = message("This release")
PRICES = message("{dates} Current prices unless a figure says otherwise.")
NO_RELEASE_YET = message("There is no release yet.")
USE_IT = message("Use it")
LICENCE = message(
    "Free to reuse (CC BY 4.0); credit us and mark changes. Sources keep their own licences: see {data}. "
    "Cite the release number."
)
DATA, ABOUT = message("Data"), message("About")
WRONG = message("Something wrong?")
GAPS = message("Corrections and known gaps are listed under {about}.")
GAPS_AND_PAGE = message("Tell us at {address}. Corrections and known gaps are listed under {about}.")
GAPS_AND_MAIL = message("Write to {address}. Corrections and known gaps are listed under {about}.")

# --- the release of a visit

NOT_KEPT = message("“release={wanted}” is not kept here. You are reading the current release, {release}.")
ANOTHER = message("Another release became the current one. You now read {release}.")
NOT_MADE = message("No release could be made yet. The log of the server says why.")
BUILDING = message("Building the first release from what ships with the tracker. This takes a few seconds.")

# --- a figure

NUMBER = message("{label}: {number}")
NOTHING_FITS = message("Nothing matches this choice of the figure {figure}.")
SOURCES = message("Sources")
SOURCE = message("source")
NAMED_OF = message("{label} of {of}")
DOWNLOAD, SHARE = message("Download"), message("Share")
NUMBERS, TABLE = message("Numbers"), message("Table")
AS_TABLE = message("The same as a table: {alt}")
IMAGE = message("Image")
IMAGES = {
    "1200x675": message("PNG 1200×675"),
    "square": message("PNG square"),
    "as-shown": message("PNG as shown"),
    "svg": message("SVG"),
    "pdf": message("PDF"),
}
PACKS = {
    "two": message("Pack, 1200×675 and square"),
    "as-shown": message("Pack, as shown"),
    "all": message("Pack, all sizes"),
}
PACK = message("Newsroom pack, one zip of images, data and texts")
PACK_OF_DATA = message("Newsroom pack, one zip of data and texts")
PACK_WITHOUT_IMAGES = message("Pack, without images")
FILES = {
    "csv": message("CSV"),
    "csv-excel": message("CSV for Excel"),
    "xlsx": message("XLSX"),
    "parquet": message("Parquet"),
    "json": message("JSON"),
}
README = message("README and citation")
ROWS_OF_NUMBERS = plural("Numbers, {number}\u00a0row", "Numbers, {number}\u00a0rows")
ROWS_OF_ENTRIES = plural(
    "Ledger entries behind them, {number}\u00a0row", "Ledger entries behind them, {number}\u00a0rows"
)
THE_ENTRIES = message("the ledger entries")
INSIDE = message(
    "Images, XLSX, Parquet, JSON and packs say inside what they show, with the choice, licence and release. "
    "CSV files contain only the rows; see the README for sources and column notes."
)
NO_BROWSER = message(
    "This server has no Chromium, so PNG, SVG and PDF cannot be made here, nor the images of the newsroom "
    "pack. The camera over the picture below saves it from your own browser, with title, sources and "
    "release, but without the alternative text inside the file."
)
LINK, EMBED, ALTERNATIVE = message("Link"), message("Embed"), message("Alternative text")
PERMANENT_LINK = message("Permanent link: always these figures.")
LIVE_LINK = message("Live link: always the latest figures.")
LIVE_FRAME = message("Live: always the latest figures, in a frame that adapts its height.")
PERMANENT_FRAME = message("Permanent: always these figures.")
IMAGE_ALONE = message("Image: for pages without frames and scripts.")
ALTERNATIVE_WHAT = message("For readers who cannot see the drawing. It is inside every image file too.")

# --- the card of a number

WHERE_FROM = message("Where this number comes from")
RELEASE_NAME, RELEASE_DATES = message("Release"), message("{release}. {dates}")
THE_NUMBER = message("The number")
ENTRIES_BEHIND = message("The entries behind it")
ENTRIES_KNOWN = message("The entries that are known")
NO_SOURCE, NO_SOURCE_WHY = (
    message("No source gives this amount"),
    message("so that no entry stands behind it. It does not mean zero"),
)
KIND_OF_AMOUNTS = message("{prices}, {origins}")
KIND_CALCULATED = message("{own}, calculated; the entries: {prices}, {origins}")
STAGE_BASIS = message("{stage} · {basis}")
PUBLISHED = message("{publisher}, {when}")
WHAT_IT_COUNTS = message("What it counts")
ENTRY, ENTRIES = message("Entry"), message("Entries")
AMOUNT_OF_ENTRY, IN_FULL = message("Amount of the entry"), message("In full")
IN_FULL_AMOUNT = message("{amount} in {prices}")
SOURCE_NAME = message("Source")
SOURCE_TIER = message("{document}. {tier}.")
CALCULATED_AS = message("Calculated as")
PLEASE_NOTE = message("Please note")
RETRIEVED = message("Retrieved")
RETRIEVED_FROM = message("{file} row {row}, sha256 {sha256}")
RETRIEVED_ON = message("{day}, {file} row {row}, sha256 {sha256}")
ORIGIN = message("Origin")
OF_UPLOAD = message("from the upload {file}, {day}, approved on {approved} by {approver}")
OF_UPLOAD_UNRECORDED = message("from the upload {file}, {day}; this release does not record who approved it")
OF_ORIGINAL_DATA = message("from the original data set")
AND = message("And")
MORE_ENTRIES = message("{number} more; all are among the ledger entries under Download.")
MORE_DOCUMENTS = message("{number} more documents; all are among the ledger entries under Download.")
LINE = message("{heading}. {document} ({tier}). {retrieved}.")
LINE_CALCULATED = message("{heading}. {document} ({tier}). {retrieved}. Calculated: {formula}.")
LINE_KIND = message("{heading}. {kind}. {document} ({tier}). {retrieved}.")
LINE_KIND_CALCULATED = message("{heading}. {kind}. {document} ({tier}). {retrieved}. Calculated: {formula}.")
NUMBER_OF_KIND = message("{number} {kind}")
COUNTED = {
    (False, False): message("{number}, all {kind}; none without amount."),
    (False, True): message("{number}, all {kind}; {unknown} without amount."),
    (True, False): message("{number}: {kinds}; none without amount."),
    (True, True): message("{number}: {kinds}; {unknown} without amount."),
}
THEY_DIFFER = message("{counted} They differ in stage or basis, so they are not added.")
THEY_OVERLAP = message("{counted} Some of them contain others, so that a plain sum would count euros twice.")
NOT_ADDED = message("{counted} They are not added.")
THEY_ADD_UP = message("{counted} They add up to {sum} in {prices}.")
ALSO_KNOWN = message("Also known")
ALSO_KNOWN_COUNT = plural(
    "{number}\u00a0entry, listed here and not added:", "{number}\u00a0entries, listed here and not added:"
)
INCLUDES, PART_OF = message("Includes"), message("Part of")
INCLUDED = message("{entries}: not added again.")
CONTAINED = plural(
    "{entries}: never added to it. {reasons}", "{entries}: never added to them. {reasons}", by="containers"
)
OTHERS_SAY = message("Others say")
CLAIM = message("{publisher}: {claim} {resolution}")
ENTRY_AMOUNT = message("{heading} ({amount})")
MORE = message("{number} more")
OPEN_SOURCE, OPEN_SOURCES = message("Open source"), message("Open sources")
COPY_CITATION = message("Copy citation")
SHOW_QUERY = message("Show query")
REPORT = message("Report an error")
REPORT_TO = message("{contact} Send these lines and what you found instead.")
REPORT_TO_NOBODY = message("{contact} These lines say which number is meant, for whoever runs this site.")
REPORT_SUBJECT = message("A number looks wrong: {label}")
WRITE_MAIL, OPEN_PAGE = message("Write an e-mail"), message("Open the page for corrections")
REPORT_LINES = message(
    "A number looks wrong: {label}: {number}\nWhere: {link}\nRelease: {release}\n"
    "What I found instead, and in which document:\n"
)

# --- the card of a site

OPEN_SINCE = message("open since {when}")
SITE_LINE = message("{kind} · {place} · {status}")
SITE_LINE_WAVE = message("{kind} · {place} · {wave} · {status}")
SITE_OPEN = message("{name}: open since {when}")
SITE_DUE = message("{name}: {status}, due {when}")
SITE_DUE_PASSED = message("{name}: {status}, due {when}, no confirmation found")
SITE_STATUS = message("{name}: {status}")
EUROS = message("Euros")
AMOUNT_STAGE = message("{heading}, {stage}")
OF_WHICH_STAGE = message("Of which: {heading}, {stage}")
ALREADY_INCLUDED = message("“Of which” amounts are already included above.")
INCLUDES_SITES = message("Includes {sites}.")
INSIDE_ANOTHER = message("Its money is already included in the total of another site.")
OUR_CALCULATION = message("Our calculation: {formulas}.")
PROMISE_AND_FACT = message("Promise and fact")
EVENT_STATES = {  # of an event that no source confirms
    "planned": message("planned, {when}"),
    "due": message("was due {when}, not confirmed"),
    "unseen": message("was due {when}, not looked at yet"),
}
NO_MILESTONE = message("No milestone is known.")
WHO = message("Who")
DISAGREE = message("Where sources disagree")
CLAIM_RESOLVED = message("{claim} {resolution}")
HOST, COUNTRIES, SELECTED = message("Host"), message("Countries"), message("Selected")
IN_THE_CALL = message("Host state in the call")
ALL_SIGNED = message("{signed}: signed the joint procurement agreement")
NONE_SIGNED = message("{others}: not among the states that signed the joint procurement agreement")
SOME_SIGNED = message("{signed}: signed the joint procurement agreement; {others}: not among its signatories")
NOT_SELECTED, NO_DATE_FOUND = message("not selected"), message("date not found")
MACHINE, ACCELERATORS = message("Machine"), message("Accelerators")
SPEED, POWER = message("Speed, as published"), message("Power")
PETAFLOPS, MEGAWATTS = message("{number}\u00a0petaflops"), message("{number}\u00a0MW")
ABOUT_THE_SITE = message("about the site")
