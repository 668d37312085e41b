"""What the staff page says, from the upload of a file to the decision and its history."""

from pages.parts.text.translation import message, plural

# --- the page

STEPS = (
    message("Upload"),
    message("Reading"),
    message("Findings"),
    message("Public effect"),
    message("Decision"),
)
CLOSED = message("This page is for staff")
CLOSED_WHY = message("Sign in to bring in a file, to look at requests, or to go back to an earlier release.")
CLOSED_NOW = message("You cannot work here now")
REQUESTS = message("Requests")
REQUESTS_WHO = message(
    "An approver decides; who brought the file in may not, unless only one person works here."
)
HISTORY = message("History")
LOCAL_LINK = message(
    "Local mode: the terminal in which the tracker was started shows a link that signs you in."
)
SIGN_IN, SIGN_OUT = message("Sign in"), message("Sign out")
SIGNED_IN = message("Signed in as {name}, {roles}.")
SIGNED_IN_LOCALLY = message("Local mode, this machine only. Signed in as {name}, {roles}.")
BRING_IN = message("Bring in a file: nothing public changes until it is approved")
LOOK = message("Look at what waits for a decision")
EACH_STEP = message("Each step shows what the next one needs. Every act is written into the journal.")
ROWS = plural("{number}\u00a0row", "{number}\u00a0rows")
ERRORS_IN = plural(
    "{number}\u00a0error in {rows}: this file cannot be published yet",
    "{number}\u00a0errors in {rows}: this file cannot be published yet",
)
NO_ERROR_IN = plural(
    "No error in {number}\u00a0row: this file can go on to its public effect",
    "No error in {number}\u00a0rows: this file can go on to its public effect",
)
MEND_TEMPLATE = message("Mend the marked cells and upload the file again.")
MEND_RECIPE = message(
    "Say in the recipe what the file does not say, or mend the marked cells and upload the file again."
)
GO_ON = message("Look at the public effect, then ask for publication.")
CONFIRM_FIRST = message("Confirm the warnings, look at the public effect, then ask for publication.")
HOW_READ = message("How the file was read")
RECIPE_TITLE = message("The recipe: how their columns and words become ours")
FINDINGS_TITLE = message("Findings, in the rows where they are")
UPLOAD_AGAIN, DISCARD = message("Upload a corrected file"), message("Discard")
FORGET_RECIPE = message("Forget the edited recipe")
DECISION = message("Decision")
YOU_ASK = message("You ask; an approver decides.")
BUDGET_FILE = message("File (CSV, TSV, TXT, XLSX, XLS or ODS)")
ANY_KIND = message(
    "A file holds rows of one kind: budget lines, sites, milestones, promised dates, rival claims or others. "
    "Its titles tell which."
)
TEMPLATE_OF = message("Template for")
TEMPLATE = message("Template (CSV)")
TEMPLATE_WORKBOOK = message("Template with the allowed words (XLSX)")
GOES_ON = message("This is the file that you worked on before. Discard it to begin with another.")
WHAT_IT_HOLDS = message("What the rows of the file are")
PUBLIC_EFFECT = message("What the public would see")
NOT_READY = message(
    "The public effect can be seen when the errors are gone and the warnings are confirmed. Nothing "
    "public has changed."
)
SOURCE_TITLE = message("What the source is called (required)")
SOURCE_PUBLISHER = message("Who published it (required)")
SOURCE_NEEDED = message("Say what the source is called and who published it.")
SOURCE_FACTS = {
    "title": message("Source"),
    "publisher": message("Published by"),
    "licence": message("Licence"),
    "url": message("Page"),
}
CHANGE_SOURCE = message("Change the source line")
SOURCE_LICENCE = message("Its licence")
SOURCE_URL = message("A page about it")
SEE_EFFECT = message("See the public effect")
TRIAL = message("Building a trial release beside the current one")

# --- reading

FILE, SHA256, RECIPE = message("File"), message("sha256"), message("Recipe")
FILE_SIZE = message("{name}, {size}")
ABOVE_HEADER = message("Above the header")
LINES = plural("{number}\u00a0line", "{number}\u00a0lines")
ROWS_TITLE = message("Rows")
ROWS_READ = message("{read} read = {accepted} accepted + {refused} refused")
SUM = message("Sum")
SUM_OF = message("Sum of {column}")
AMOUNT_IN_ROWS = plural("{amount} in {number}\u00a0accepted row", "{amount} in {number}\u00a0accepted rows")
DECIDED = message("Decided by you:")
ASK_AGAIN = message("Ask again")
RECIPES = {
    "": message("template"),
    "proposed": message("proposed from the titles"),
    "edited": message("edited here"),
}
EARLIER_RECIPE = message("{name}, an earlier one that fits")
BYTES = message("{number} bytes")
KILOBYTES, MEGABYTES = message("{number} kB"), message("{number} MB")

# --- the recipe

LEFT_OUT = message("left out")
UNDECIDED = message("not decided yet")
WHAT_COMES = message("What comes of it")
FIRST_ROWS = message("The first {number} rows in our columns, as they would be published.")
FIRST_ROWS_OF = message("The first rows of {column} in our columns")
NOT_READ = message("not read: {cell}")
THEIR_COLUMNS = message("Their columns, and ours")
EVERY_COLUMN = message("Every column is mapped or left out by name.")
COLUMN_TITLES = {
    "letters": message("Column"),
    "title": message("Title"),
    "first_cell": message("First cell"),
    "becomes": message("Becomes"),
}
THEIR_WORDS = message("Their words, and our codes")
WORD_WITHOUT_CODE = message("A word without a code cannot be published.")
WORDS = plural("{number}\u00a0word", "{number}\u00a0words")
WORD_TITLES = {"word": message("Their word"), "code": message("Our code")}
COLUMN_NAME = message("{column}:")
AMOUNTS_IN = message("Amounts in “{column}”")
AS_TITLED = message("as the title says")
ONE_STANDS_FOR = message("One stands for")
CURRENCY = message("Currency")
PER_EURO = message("{currency} per euro")
RATE_OF = message("Rate of")
RATE_WHERE = message("Where the rate stands")
ROUND = message("Round to the cent, so that the column keeps its sum")
RATE_HOLDS = message("The rate holds when the number, its day and its address are given.")
SAME_IN_ROWS = message("The same in every row")
SAME_WHY = message("For what the file does not say, such as its programme or stage.")
ROWS_LEFT_OUT = message("Rows to leave out")
NONE = message("none")
AS_TEXT = message("The recipe as text, and saving it")
TOML = message("Recipe (TOML)")
READ_BY_TEXT = message("Read the file by this text")
NAME = message("Name")
SAVE_RECIPE = message("Save for the next file")
RECIPE_SAVED = message("The recipe {name} was saved. The next file with these columns is read by it.")
RECIPE_NAME = message("Name the recipe with small letters, digits and hyphens, as berlin-esf.")

# --- findings

BY_KIND = message("Findings by kind")
IN_CELLS = plural("{number}\u00a0cell: {cells}", "{number}\u00a0cells: {cells}")
MORE_GROUPS = message("and {number} more kinds, in the list below.")
CELLS_SHOWN = message("{cells} and {number} more")
FINDING_GROUP = message("{level} · {about} ({cells}): {problem} {remedy}")
LEVELS = {"error": message("Error"), "warning": message("Warning"), "note": message("Note")}
TALLY = {
    "error": plural("{number}\u00a0error", "{number}\u00a0errors"),
    "warning": plural("{number}\u00a0warning", "{number}\u00a0warnings"),
    "note": plural("{number}\u00a0note", "{number}\u00a0notes"),
}
KEY = {"error": message("error: blocks"), "warning": message("warning: look and confirm")}
EVERY_FINDING = message("Every finding as a list ({number})")
EVERY_FINDING_ALT = message("Every finding with its cell")
FINDING_TITLES = {
    "severity": message("Level"),
    "cell": message("Cell"),
    "row": message("Row"),
    "column": message("Column"),
    "value": message("As written"),
    "problem": message("Why"),
    "remedy": message("How to mend it"),
    "code": message("code"),
}
ONLY_WITH_FINDINGS = message("Only rows with findings")
ROWS_SHOWN = plural(
    "Rows {first} to {last} of {number}\u00a0row.", "Rows {first} to {last} of {number}\u00a0rows."
)
ROWS_SHOWN_WITH = plural(
    "Rows {first} to {last} of {number}\u00a0row with findings.",
    "Rows {first} to {last} of {number}\u00a0rows with findings.",
)
ALL_COLUMNS = message("All columns")
SHEET = message("The uploaded rows with their findings")
ROW, FINDING = message("Row"), message("Finding")
FINDING_ABOUT = message("{level} · {about} {problem} {remedy}")
THE_FILE = message("The file")
WARNINGS = message("Warnings to confirm")
WARNINGS_WHY = message("A warning does not block. Whoever hands the file in says that it was looked at.")
LOOKED_AT = message("{title} ({number}): looked at, and right")
NAMES_SHOWN = message("Show by name, though it may be a natural person")
NAMES_SHOWN_WHY = message(
    "All other names that may be those of natural persons are withheld. A second person must allow these."
)
CONFIRM_ALL = message("Confirm all warnings")
MARKED_UP = message("Get the file back, marked up (XLSX)")
FINDINGS_JSON = message("Findings (JSON)")

# --- the public effect

LADDER_SENTENCE = message("{page}, ladder of {ladder}")
HEADLINE_OF, STANDFIRST_OF = message("{page}, headline"), message("{page}, below the headline")
FIGURE_TITLE_OF = message("{page}, title of the figure “{figure}”")

SENTENCES = message("What the pages would say")
SENTENCES_ALT = message("Sentences that would change, now and after")
SENTENCE_TITLES = {"page": message("Where"), "before": message("Now"), "after": message("After")}
NO_SENTENCE = message("No headline would change.")
NOT_SAID = message("not said")
NUMBERS = message("Numbers that would change")
ROWS_CHANGED = message("Rows that would change ({number})")
ROWS_COUNTED = message("{added} added, {replaced} replaced, {removed} removed, {changed} changed.")
ROWS_LABEL = message("Other rows")
ROWS_ALT = message("Rows that would change, cell by cell")
ROW_KINDS = {
    "added": message("added"),
    "replaced": message("replaced"),
    "removed": message("removed"),
    "changed": message("changed"),
}
ROW_TITLES = {
    "kind": message("What"),
    "table": message("Table"),
    "name": message("Row"),
    "column": message("Column"),
    "before": message("Now"),
    "after": message("After"),
    "reason": message("Why"),
    "key": message("Identity"),
}
ENTRIES = message("Entries")
ENTRIES_MOVED = plural(
    "{added} added, {corrected} corrected, {removed} removed, {changed} changed; "
    "{number}\u00a0row of the file say what is there already.",
    "{added} added, {corrected} corrected, {removed} removed, {changed} changed; "
    "{number}\u00a0rows of the file say what is there already.",
)
NUMBER_TITLES = {
    "figure": message("Figure"),
    "before": message("Now"),
    "after": message("After"),
}
NUMBERS_ALT = message("Numbers that would change, now and after")
MORE_NUMBERS = message("and {number} more numbers.")
NO_NUMBER = message("No number on any page would change.")
RANKINGS = message("Rankings that would change")
RANKINGS_ALT = message("Rankings that would change, now and after")
RANKING_TITLES = {"of": message("Of"), "before": message("Now"), "after": message("After")}
RANKING_OF = message("{ranked}, {stage} · {basis}")
ENTRIES_LIST = message("Entries that would change ({number})")
ENTRIES_ALT = message("Entries that would change")
ENTRY_KINDS = {
    "added": message("added"),
    "corrected": message("corrected"),
    "removed": message("removed"),
    "changed": message("changed"),
}
ENTRY_KINDS_SINCE = {
    "added": message("added, by data that changed since"),
    "corrected": message("corrected, by data that changed since"),
    "removed": message("removed, by data that changed since"),
    "changed": message("changed, by data that changed since"),
}
ENTRY_TITLES = {
    "kind": message("What"),
    "heading": message("Entry"),
    "programme": message("Programme"),
    "stage": message("Stage"),
    "year": message("Year"),
    "before": message("Now"),
    "after": message("After"),
    "entry_id": message("Identity"),
}
NOTHING_CHANGES = message("Nothing public changes until it is approved.")
NOT_THERE = message("not there")
FIGURE_OF = message("{page}: {figure}")
QUANTITY = message("{number} {unit}")
OVERLAPS = message("Overlaps to record")
OVERLAPS_WHY = message("These amounts seem to be contained in others. What is recorded is not counted twice.")
WAY = message("It would count among its parts by “{way}”.")
MORE_BELOW = message("and {number} more, in the list below")
EVERY_OVERLAP = message("Every overlap as a list ({number})")
EVERY_OVERLAP_ALT = message("Every overlap that is proposed")
OVERLAP_TITLES = {
    "container": message("This"),
    "contained": message("includes"),
    "reason": message("Why"),
}
RECORD_ALL = message("Record all and look again")
RECORD_CHOSEN = message("Record the chosen ones and look again")
NOT_RECORDED = message("Overlaps that were not recorded")
NOT_RECORDED_WHY = message(
    "These amounts seem to be contained in others. The contributor did not record it, so they would be "
    "counted twice."
)
NOT_RECORDED_TITLES = {"overlap": message("What"), "reason": message("Why it seems so")}
MORE_OVERLAPS = message("and {number} more.")
FILE_ROW = message("row {row}")
HEADING = message("“{heading}”")
INCLUDES = message("{container} includes {contained}")
INCLUDES_MORE = message("{container} includes {contained} and {number} more")

# --- the decision

WHY_PUBLISH = message("Why should this be published? (required)")
ASK = message("Ask for publication")
ASKED = message("{request} waits for an approver, who publishes or declines it. Nothing public has changed.")
NONE_WAITING = message("No request is waiting.")
REQUEST = message("{request}: {file}, {reason}")
WAITING = message("Requests that wait")
HANDED_IN = message("What was handed in")
READING_TRIAL = message("Reading the file and building a trial release beside the current one")
THE_FILE_TALLY = message("The file: {tally}")
STALE = message(
    "Another release was published since this was asked. The contributor must make the dry run again "
    "and ask anew."
)
REASON = message("Reason, for the journal (required)")
ALLOW_NAMES = message(
    "These names may be shown, though they may be those of natural persons ({number}): {names}"
)
PUBLIC_LINE = message("The line that the public reads in the change log:")
WHAT_CHANGED = message("What changed (required)")
HOW_IT_WAS, HOW_IT_IS = message("How it was"), message("How it is now (required)")
MAY_STAY_EMPTY = message("may stay empty")
WHY = message("Why (required)")
TAKE_BACK_WHY = message("Why you take it back (required)")
TAKE_BACK = message("Take back my request")
TAKEN_BACK = message("{request} was taken back. The file can be asked for again.")
APPROVE, DECLINE = message("Approve and publish"), message("Decline")
DECLINED = message("{request} was declined. The contributor can ask again.")
PUBLISHING = message("Publishing: building, verifying and naming the new release")
REQUEST_FACTS = {
    "file": message("File"),
    "sha256": message("sha256"),
    "asked_by": message("Asked by"),
    "reason": message("Why"),
    "base": message("Seen on release"),
    "acknowledged": message("Warnings confirmed"),
}
ASKED_BY = message("{name}, {moment} UTC")

# --- the history

RELEASES = message("Releases")
PUBLIC_SEES = message("The public sees {release}.")
NO_EARLIER = message("There is no earlier release to go back to.")
APPROVER_CAN = message("An approver can go back to an earlier one.")
EARLIER_RELEASE = message("Earlier release")
SHORT_REASON = message("Reason (required)")
ROLL_BACK = message("Roll back to this release")
SEE_ROLL_BACK = message("See what the public would see")
ROLL_BACK_EFFECT = message("What the public would see after going back to {release}")
COMPARING = message("Comparing the two releases")
UPLOADS = message("Uploads in force")
NO_UPLOAD = message("The current release holds no upload.")
UPLOAD_TITLES = {
    "title": message("Source"),
    "file": message("File"),
    "owner": message("Brought in by"),
    "published": message("Published on"),
    "approver": message("Approved by"),
    "upload": message("Identity"),
}
UPLOAD_NAMED = message("{title} ({file}, published on {day})")
UPLOADS_ALT = message("Uploads in the current release")
UPLOAD = message("Upload")
CHANGE_WHAT = message("Change log: what changed (required)")
CHANGE_WHY = message("Change log: why (required)")
WITHDRAW = message("Withdraw this upload")
SEE_WITHDRAWAL = message("See what the public would see without it")
WITHDRAWAL_EFFECT = message("What the public would see without {upload}")
WITHOUT_IT = message("Publishing a release without it")
WITHDRAWN = message("Withdrawn.")
TRAIL = message("Audit trail")
TRAIL_WHY = message(
    "Append-only; each line carries the fingerprint of the one before. python -m pipelines verify "
    "finds any tampering."
)
TRAIL_ALT = message("Audit trail, the newest first")
TRAIL_TITLES = {
    "seq": message("No."),
    "happened_at": message("When (UTC)"),
    "action": message("What"),
    "name": message("Who"),
    "reason": message("Reason"),
    "release_id": message("Release"),
    "sha256": message("Bytes (sha256)"),
    "recipe": message("Recipe"),
    "acknowledged": message("Confirmed"),
    "from": message("From"),
    "actor": message("Identity"),
    "hash": message("Fingerprint"),
}
SIGNED_IN_NOW = message("Who is signed in")
PERSON = message("Person")
PERSON_SUBJECT = message("{name} ({subject})")
END_SESSIONS = message("End their sessions")
SESSIONS_ENDED = plural("{number}\u00a0session of {name} ended.", "{number}\u00a0sessions of {name} ended.")

# --- what could not be done

THIS_MACHINE = message("this machine")
