"""What the API, its description and the page /dataset say of lists, columns and parameters."""

from pages.parts.text.translation import message

# Columns that no table has: a question makes them.
MADE_COLUMNS = {
    "reading": message(
        "How AI was read: strict, broad (holds the strict one), not-split, outside. Never added together."
    ),
    "initiative_label": message("The initiative in words."),
    "funder_label": message("Who ultimately pays, in words."),
    "basis_label": message("What the euros are, in words."),
    "level_label": message("What the amount is of, in words."),
    "qualifier_label": message("How exactly the amount is stated, in words."),
    "ai_scope_label": message("Whether it is for AI, in words."),
    "confidence_label": message("Stated, calculated or estimated, in words."),
    "amount_eur": message("The amount. Missing means not published, never zero."),
    "gross_eur": message("Sum of the chosen entries."),
    "removed_eur": message("Of these, what another chosen entry already contains."),
    "net_eur": message("gross_eur without removed_eur: no euro is counted twice."),
    "entries": message("Ledger entries behind the row."),
    "entries_unknown": message("Of these, entries whose amount is not published."),
    "entries_removed": message("Of these, entries that another chosen entry already contains."),
    "is_removed": message("Whether another chosen entry already contains these."),
    "level": message("The level that is added here, or “all” that may be added."),
    "stage_label": message("The stage in words."),
    "programme_label": message("The programme in words."),
    "kind_label": message("The kind of site in words."),
    "status_label": message("The status in words."),
    "country_label": message("The country in words."),
    "event_label": message("The kind of event in words."),
    "tier_label": message("How well the source supports a figure, in words."),
    "layer": message("Where the flow comes from: from one layer of nodes to the next."),
    "from_label": message("The node that the money leaves, in words."),
    "to_label": message("The node that the money enters, in words."),
    "percent_of_countries": message("The country's part of what all countries of the choice have together."),
    "percent_of_eu": message("A member state's part of eu_eur; empty for other countries."),
    "eu_eur": message("What all member states have together at this stage and basis."),
    "percent_of_all": message("The row's part of all_eur; empty for a rival bid."),
    "all_eur": message(
        "All that is counted once at this stage and basis: in all programmes, or for all sites."
    ),
    "constant_eur": message(
        "amount_eur in prices of 2018, by the deflator that prices names; empty unless each amount in it has a "
        "year that the deflator knows."
    ),
    "dateless_eur": message("What of amount_eur has no year that the deflator knows."),
    "rate_year": message("The year of which the rate is the mean."),
    "unit": message("What the cost is divided by."),
    "units_said": message("The number of accelerators as its source writes it."),
    "units": message("How many units the machine has; of a range the lower number."),
    "units_high": message("The higher number of a range."),
    "eur_per_unit": message("amount_eur divided by units."),
    "eur_per_unit_low": message("amount_eur divided by units_high."),
    "currency": message("The currency of currency_amount; empty if none is chosen."),
    "rate_day": message("The day of the ECB rate of currency_amount."),
    "currency_amount": message("amount_eur in the chosen currency, at the ECB rate of rate_day."),
    "percent_of_total": message("The row's part of the whole choice; the subtitle names the whole."),
    "is_open": message("Whether the site serves users."),
    "total_eur": message(
        "The site's own total cost as published. Never to be added to totals of sites that it is part of."
    ),
    "total_qualifier": message("How exactly that total is stated."),
    "total_stage": message("Stage of that total."),
    "site_name": message("Name of the site."),
    "city": message("City of the site."),
    "place": message("City and country of the site, or EU-wide."),
    "publisher": message("Who published the document."),
    "heading": message("What the source calls it."),
    "container_heading": message("What the source calls entry A."),
    "container_eur": message("Amount of entry A."),
    "contained_heading": message("What the source calls entry B."),
    "contained_eur": message("Amount of entry B."),
    "contained_in": message("What the source calls the whole."),
    "contained_in_id": message("The ledger entry of the whole."),
    "contained_in_programme": message("The programme of the whole."),
    "contained_in_eur": message("Amount of the whole. Missing means not published."),
    "contained_in_qualifier": message("How exactly the amount of the whole is stated."),
    "contained_in_stage": message("Stage of the whole."),
    "contained_in_basis": message("What the euros of the whole are."),
    "entry_eur": message("The whole amount of the entry, of which amount_eur is taken off."),
    "counted_split": message("How the whole is divided by what is counted instead."),
    "relation": message(
        "Of a pair: same (one stage and basis, so that a sum counts twice), stage or basis (they differ, so "
        "that the two are never added). Of what is taken off: inside (a counted entry holds it), split "
        "(another way of dividing the whole is counted), full (what is counted comes to the whole)."
    ),
    "published_lines": message("Lines of a published list that the row stands for; 0 for a single entry."),
    "name": message("What the row is of: a promise, a statement, a site, a country or a kind."),
    "outcome": message(
        "What became of the date that is judged: kept, missed, unclear (happened, perhaps in time), due (passed, "
        "not confirmed), unseen (passed after the newest source), withdrawn, moved (a later one is named before "
        "it came), coming."
    ),
    "promises": message("Promises behind the row."),
    "restated": message("Of these, promises with more than one date, or a date on which it happened."),
    "alone": message("Of these, promises with only one date, of which no slip can be known."),
    "restatements": message("How many times a date was stated anew."),
    "slipped": message("Promises whose date now known is later than the one that is judged, for certain."),
    "days_least": message(
        "Days from the end of the date that is judged to the beginning of the date now known; of several "
        "promises the median. Missing with only one date."
    ),
    "days_most": message("The same to the end of the date now known."),
    "kept": message("Promises that happened by the date that is judged."),
    "missed": message("Promises that happened later, or whose date passed and that name a later one."),
    "unclear": message("Promises that happened on a day that is known too roughly to judge."),
    "due": message("Promises whose date passed and that no source confirms."),
    "unseen": message("Promises whose date passed after the newest source."),
    "withdrawn": message("Promises whose last statement names no date any more."),
    "moved": message("Promises that name a later date before the first one came."),
    "coming": message("Promises whose date is still to come."),
    "is_member": message("Whether the country is a member state of the European Union."),
    "population": message(
        "Population on 1 January of population_year. Missing means that no source here gives it."
    ),
    "population_year": message("Year of the population."),
    "eur_per_person": message("amount_eur divided by population."),
    "gdp_eur": message("GDP of gdp_year at current prices. Missing means that no source here gives it."),
    "gdp_year": message("Year of the GDP."),
    "percent_of_gdp": message("amount_eur as a percentage of gdp_eur."),
    "strict_eur": message("Of amount_eur or budget_once_eur, the strict reading of AI, counted by itself."),
    "is_bid": message("Whether the row is one rival bid, which is never added."),
    "item": message(
        "What the row is for: a code or name of the dimension. Missing where the files name none."
    ),
    "name_code": message("The code of a name in addresses: without accents, signs and capitals."),
    "state": message("Of calls: open, coming or closed, by their own dates on the day of the release."),
    "calls": message("Calls of this programme and state in the lists."),
    "ai_calls": message("Of these, calls that are AI by the broad reading."),
    "ai_calls_unknown": message("Of these, calls whose budget is not published."),
    "lines": message("Lines and projects that name it."),
    "release": message("The release that the row comes from."),
    "as_of": message("The day on which the release is looked at, if the address names one."),
    "licence": message("Licence and whom to name."),
}

# What a parameter of a list does.
PARAMETERS = {
    "programme": message("The programme that pays. Several by repetition; none means all."),
    "initiative": message(
        "The umbrella or vehicle it is announced under. Several by repetition; none means all."
    ),
    "funder": message("Who ultimately pays. Several by repetition; none means all."),
    "stage": message("How far the money has come. Amounts of different stages never add."),
    "basis": message("What the euros are. Amounts of different bases never add."),
    "level": message(
        "Whole envelopes where there are any, everything that may be added, or one level. Envelopes is "
        "how the Euros page counts."
    ),
    "net": message(
        "1: without what another chosen entry already contains, so that no euro is counted twice. 0: gross."
    ),
    "country": message("EU code of the country, as EL for Greece. Several by repetition; none means all."),
    "year": message("Budget year or year of the event. Several by repetition; none means all."),
    "kind": message("Kind of site. Several by repetition; none means all."),
    "status": message("Status. Several by repetition; none means all."),
    "site": message("Identity of the site. Several by repetition; none means all."),
    "event": message("Kind of event. Several by repetition; none means all."),
    "ai_scope": message("Whether it is for AI, and by which reading. Several by repetition; none means all."),
    "from_node": message("Where the money comes from. Several by repetition; none means all."),
    "to_node": message("Where the money goes. Several by repetition; none means all."),
}

LISTS = {
    "euros": message("Euros by programme and initiative"),
    "ledger": message("The ledger"),
    "entries": message("The ledger, codes with their labels"),
    "sites": message("Sites"),
    "milestones": message("Milestones"),
    "flows": message("Flows"),
    "overlaps": message("Overlaps"),
    "projects": message("Projects and commitments"),
    "calls": message("Calls for proposals"),
    "participations": message("Partners of projects"),
}
EUROS_MEANING = message(
    "Euros per programme, initiative, stage and basis, net or gross: what the Euros page shows. "
    "Without stage and basis, those of the page."
)
LEDGER_MEANING = message(
    "One row per published amount, with superseded figures and published lines. With net: the entries "
    "that the Euros page adds for the same choice."
)
ENTRIES_MEANING = message(
    "Every published amount as one row, like the ledger; beside each code stands its label in words."
)

# --- the description in OpenAPI

TITLE, SUMMARY = message("{site}: data"), message("Where has Europe’s AI money really got to?")
DESCRIPTION = message(
    "{caveat} Amounts are euros with two decimals. {harmless} JSON comes in pages of {rows} rows unless "
    "`limit` says otherwise; the number of all rows stands in `count` and in the header X-Row-Count. "
    "An answer to an address with "
    "`release` never changes. The files of a figure name the text that says what they hold in the "
    "header Link (rel=describedby): "
    "{readme}, with the same parameters."
)
ERRORS = {
    "307": message("The address spells codes otherwise, as gr for EL; Location is the right one."),
    "400": message("Something in the address cannot be followed; the answer lists what is allowed."),
    "404": message("There is no such figure or release; the answer lists those that there are."),
    "405": message("This address can only be read, by GET or HEAD; questions in SQL also by POST."),
    "416": message("The file has no such part."),
    "422": message("Nothing fits the choice."),
    "429": message(
        "Too many images, questions or large downloads at once: come again after the seconds in Retry-After."
    ),
    "500": message("A mistake of ours, with a reference to name."),
    "503": message(
        "No release is published yet, or too many large downloads or images are on their way, or no "
        "image can be made; data can be had."
    ),
}
TOO_LONG = message("The question is longer than {bytes} bytes.")
HEADERS = {
    "ETag": message("The same as long as the answer is."),
    "X-Release": message("The release that the answer comes from."),
    "X-Row-Count": message("How many rows fit, whatever limit takes of them."),
}
FIGURES = message("Every figure with its parameters")
FIGURE_ENTRIES = message("Address of the ledger entries behind the figure; figures of dates have none.")
FIGURE_ROWS = message("The rows behind the figure “{figure}” with title, sources and query")
FIGURE_IMAGE = message("The figure “{figure}” as {format}")
FIGURE_PACK = message("The newsroom pack of the figure “{figure}”")
FIGURE_PACK_HOLDS = message(
    "PNG, SVG and PDF in each size, the numbers and the ledger entries behind them as CSV, caption, "
    "alternative text, sources, licence, "
    "citation and README in one zip."
)
FIGURE_README = message("README and citation of the figure “{figure}”")
FIGURE_README_HOLDS = message(
    "What the files of the figure and of its ledger entries hold: title, what is measured, choice, "
    "every source with its address, each "
    "column with its unit, how cells are written, licence, citation, release, date of knowledge. In "
    "English, as UTF-8."
)
FIGURE_LEDGER = message("The ledger entries behind the figure “{figure}”")
FIGURE_LEDGER_HOLDS = message("Every ledger entry behind a value of the figure, counted or removed.")
SQL, SQL_BODY = message("Ask in SQL"), message("Ask in SQL, with the question as the body")
SQL_LIMITS = message(
    "One select on the tables of a release: read only, no files, {seconds} seconds, {rows} rows, "
    "{megabytes} MB. "
    "Tables and columns: /dataset. Days outside the years 1 to 9999 come as text, and what is not a "
    "number (NaN, infinity) is empty."
)
SEARCH = message("Search by name, or check a number")
SEARCH_HOLDS = message(
    "What is called so: sites, countries, programmes, initiatives, beneficiaries, projects, calls, amounts and "
    "documents, in spite of typing errors, accents and other languages. A number with its unit finds the "
    "published amounts nearest to it, each with the sentence that may be written. Amounts are in EUR."
)
SEARCH_WORDS = {
    "q": message("What is looked for: a name, or a number with its unit."),
    "kind": message("Only results of these kinds."),
    "limit": message("How many results at most."),
}
BUNDLE = message("A release as one zip: DuckDB, Parquet, CSV, data dictionary, checksums")
BUNDLE_PART = message("The part that Range asks for.")
THIS_DESCRIPTION = message("This description")
CATALOGUE = message("The dataset for data portals: DCAT-AP 3 as JSON-LD")
FEED = message("What changed, as Atom")
FEED_HOLDS = message(
    "All changes, or those of one country, site or initiative; or, with `figure`, each publication by "
    "which the rows of that figure moved."
)
UNCHANGED = message("You have it already (If-None-Match).")
ANSWER = message("The answer.")
SENTENCE = message("{title}.")
AS_ON_PAGE = message("As on the page /{page}.")
FOLLOW_FIGURE = message("Follow one figure, as the parameters of its page choose it.")
FOLLOW_ONE = message("Follow one {parameter}, without `figure`.")
FOLLOW_AS = message("With a `figure` of the page /{page}: as there.")
SHARED_PARAMETERS = {
    "release": message(
        "Name of the release; without it the current one. An address with a release never changes its answer."
    ),
    "as_of": message(
        "A day on which the release is looked at: what was in force and dated by then, as far as the release "
        "knows. From the day of its knowledge on it is the release itself."
    ),
    "page_limit": message("How many rows."),
    "limit": message("How many rows; all without it."),
    "offset": message("How many rows to leave out before."),
    "size": message("Size of the image."),
    "sizes": message("Sizes of the images. Several by repetition."),
    "theme": message("Ground of the image."),
    "scale": message("Pixels per point of a PNG; of no effect on SVG and PDF."),
}
DIALECT = message("CSV {excel}. Without it: {plain}.")
COUNT, RETURNED = message("How many rows fit."), message("How many of them stand here.")
NEXT = message("Address of the next rows.")
ALLOWED = message("What may be asked instead.")

# --- the dataset, for people, search engines and data portals

DATASET = message(
    "Europe’s public money for artificial intelligence, amount by amount: InvestAI, Digital Europe, "
    "Horizon Europe, InvestEU, EuroHPC, AI factories "
    "and gigafactories, from announced to paid, each amount with its stage, its basis, its source and "
    "its overlaps. Independent, not an official EU site."
)
KEYWORDS = (
    message("artificial intelligence"),
    message("European Union"),
    message("public funding"),
    message("InvestAI"),
    message("AI factories"),
    message("EuroHPC"),
    message("Digital Europe"),
    message("Horizon Europe"),
)
THEMES = {
    "GOVE": message("Government and public sector"),
    "TECH": message("Science and technology"),
    "ECON": message("Economy and finance"),
}
DATA_THEME = message("Data theme")
FILE = message("{title} ({format})")
FILE_OF_RELEASE = message("{title}, release {release}.")
EVERYTHING_AS_ZIP = message("Everything as one zip")
API_TITLE = message("{site}: API")
API_DESCRIPTION = message(
    "The lists and figures as files, images and pages of rows, and read-only SQL, by HTTP."
)
CATALOGUE_TITLE = message("{site}: catalogue")
CATALOGUE_DESCRIPTION = message("What the tracker publishes for others to use.")
UNION = message("European Union")
STABLE, ATTRIBUTION = message("stable"), message("Attribution")
PAGE_TITLE, PAGE_HEADING = message("Dataset"), message("{site}: the dataset")
RELEASE = message(
    "Release {release}. {dates} {licence}; sources keep their own licences, see the table "
    "sources. Cite as: {citation}"
)
FILES, TABLES, COLUMNS = message("Files"), message("Tables"), message("Columns")
LIST_TITLES = (message("List"), message("What it holds"), message("Files"))
TABLE_TITLES = (message("Table"), message("Rows"), message("What it holds"))
COLUMN_TITLES = (message("Column"), message("Unit"), message("Meaning"))
LINK_API, LINK_CATALOGUE, LINK_FEED = (
    message("the API (OpenAPI 3.1)"),
    message("DCAT-AP catalogue"),
    message("what changed (Atom)"),
)
FEED_TITLE = message("What changed")
# The fields of these are HTML.
LINKS = message("{bundle}, {api}, {catalogue}, {feed}.")
EXCEL = message("CSV for Excel in continental Europe: add {parameter}.")
FILTERS = message("Filters are those of the pages: {parameters}.")
LASTING = message("A link with {parameter} never changes.")
