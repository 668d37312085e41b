"""The declaration: every table of a release, its columns, types, units, meanings and keys.

Imports SQLAlchemy only and runs nothing. The build creates the tables from it, the pages select from it, the
data dictionary is printed from it.
"""

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, String, Table

from pipelines.column_factories import (
    code,
    count,
    day,
    decimal,
    euros,
    flag,
    key,
    later_name_of,
    number,
    words,
    year,
)

metadata = MetaData()


def vocabulary(name: str, meaning: str, *columns: Column[Any]) -> Table:
    """A list of words that may be used, from data/reference/<name>.csv; `position` is the order of the
    file."""
    return Table(
        name,
        metadata,
        words("code", "The word in data, links and queries. Never changes.", **key()),
        words("label", "The word on screen."),
        words("plain", "What it means, in plain words."),
        words("official", "What it means in the words of the law or institution.", optional=True),
        words("source_url", "Where the official meaning stands.", optional=True),
        count("position", "Order in lists and charts."),
        *columns,
        comment=meaning,
        info={"kind": "vocabulary"},
    )


# --- vocabularies

stages = vocabulary("stages", "How far the money has come.")
bases = vocabulary(
    "bases", "What the euros are.", flag("is_summable", "Whether amounts of this basis may be added at all.")
)
instruments = vocabulary("instruments", "The legal or financial form in which the money comes.")
levels = vocabulary(
    "levels",
    "How much of a thing an amount covers: the whole, a part of it, one year, one call, one site, one award.",
    flag("is_summable", "Whether amounts of this level may be added at all."),
)
qualifiers = vocabulary("qualifiers", "How exactly the source states the amount.")
confidences = vocabulary("confidences", "Whether the amount was stated, calculated or estimated.")
price_bases = vocabulary("price_bases", "The prices in which an amount is expressed.")
ai_scopes = vocabulary("ai_scopes", "Whether the money is for artificial intelligence, and by which reading.")
source_tiers = vocabulary("source_tiers", "How well a figure is supported by its source.")
site_kinds = vocabulary("site_kinds", "Kinds of site.")
site_statuses = vocabulary(
    "site_statuses", "How far a site has come.", flag("is_open", "Whether it serves users.")
)
milestone_events = vocabulary("milestone_events", "Kinds of event on the timeline.")
date_precisions = vocabulary("date_precisions", "How exactly a date is known.")
funders = vocabulary("funders", "Who ultimately pays.")
programmes = vocabulary(
    "programmes",
    "The programmes and budgets that carry the money.",
    code("funder", "Who ultimately pays for the programme.", of="funders"),
    words("period", "The budget period of the programme.", optional=True),
    words("legal_basis", "The act that sets up the programme.", optional=True),
    flag("is_tracked", "One of the programmes that the initiatives draw on, shown first."),
)
initiatives = vocabulary(
    "initiatives",
    "The labels and vehicles under which money is announced or passes. "
    "Never a bar beside the programmes that pay for them.",
    words("parent", "The initiative it is part of.", optional=True),
    words("legal_basis", "The act or announcement that sets it up.", optional=True),
)
countries = vocabulary(
    "countries",
    "Countries by EU code, in protocol order.",
    words("iso2", "ISO 3166-1 alpha-2 code.", optional=True),
    words("iso3", "ISO 3166-1 alpha-3 code, as the map uses it.", optional=True),
    flag("is_member", "Member state of the European Union."),
    flag("is_eurohpc", "Participating state of the EuroHPC Joint Undertaking."),
)
indicators = vocabulary(
    "indicators",
    "What countries are measured by, so that amounts can be compared between large and small ones.",
    words("unit", "What its values count."),
)


def checked() -> list[Column[Any]]:
    """When somebody last looked at a curated row, and the second document that bears it out."""
    return [
        day("checked_on", "Day on which somebody last looked whether it is still true.", optional=True),
        words(
            "witness_url",
            "A second document that says the same, or in which the text of the first was read.",
            optional=True,
        ),
    ]


# --- where figures come from

sources = Table(
    "sources",
    metadata,
    words("source_id", "Folder of the source.", **key()),
    words("title", "The publisher's or our title."),
    words("publisher", "Who published or compiled it."),
    words("url", "The page where a reader can find it.", optional=True),
    day(
        "retrieved_on",
        "Day of its knowledge: when it was read, or the day that its files give.",
        optional=True,
    ),
    day("approved_on", "Day on which it was approved, if it came in as an upload.", optional=True),
    words(
        "approved_by",
        "“a second person”, or “the same person” where that is allowed. The journal knows the names.",
        optional=True,
    ),
    words("sha256", "Fingerprint over source.toml and the files."),
    words("licence", "Licence of the source."),
    words("shapes", "Shapes of its files."),
    words("origin", "Names of the publisher's files that were imported.", optional=True),
    words("note", "What a reader must know.", optional=True),
    words(
        "extract",
        "Which lines of a published list the source holds, if it holds not all of them.",
        optional=True,
    ),
    words("definition", "Version of the AI relevance definition that was applied, if any.", optional=True),
    count("rows", "Rows in its files."),
    count("entries", "Ledger entries drawn from it."),
    count("entries_unknown", "Of these, entries whose amount is not published."),
    euros(
        "amount_eur",
        "Sum of the ledger entries drawn from it, whatever their stage and basis: for checking the read, not for quoting.",
    ),
    day("checked_on", "Day on which somebody last looked whether it is the newest.", optional=True),
    comment="One row per source folder.",
)

publishers = Table(
    "publishers",
    metadata,
    words("host", "Internet host, or host and path, of the documents.", **key()),
    words("publisher", "Who publishes there."),
    code("tier", "How well a figure from there is supported.", of="source_tiers"),
    comment="Who publishes where, from data/reference/publishers.csv and from the uploads that were published.",
    info={"kind": "reference", "is_added_to": True},
)

documents = Table(
    "documents",
    metadata,
    words("source_url", "Address of the document.", **key()),
    words("publisher", "Who published it."),
    code("tier", "How well a figure from it is supported.", of="source_tiers"),
    comment="One row per document that a figure, site, milestone or overlap cites.",
)

# --- the money

ledger = Table(
    "ledger",
    metadata,
    words("entry_id", "Identity: source, and the source's own key.", **key()),
    words("source_id", "The source folder."),
    words("source_file", "File in the source folder."),
    count("source_row", "Row of the file as a spreadsheet shows it (header = 1)."),
    code("programme", "The programme that carries the money.", of="programmes"),
    code(
        "initiative",
        "The label or vehicle it is announced under or passes through.",
        of="initiatives",
        optional=True,
    ),
    code("funder", "Who ultimately pays.", of="funders"),
    code("stage", "How far the money has come.", of="stages"),
    code("basis", "What the euros are.", of="bases"),
    code("instrument", "Form of the money.", of="instruments", optional=True),
    code(
        "level",
        "Whether the amount is a whole envelope, a part, a year, a call, a site or an award.",
        of="levels",
    ),
    euros("amount_eur", "The amount as published. Missing means not published, never zero."),
    code("qualifier", "How exactly the amount is stated.", of="qualifiers"),
    year("year", "Budget year, where the amount belongs to one.", optional=True),
    day("period_start", "First day of the period that the amount covers.", optional=True),
    day("period_end", "Last day of the period that the amount covers.", optional=True),
    code("country", "Country that receives or hosts.", of="countries", optional=True),
    words("site_id", "Site that the amount is for.", optional=True),
    words("project_id", "Project or commitment that the amount is for.", optional=True),
    words("dataset", "The published list that the line comes from, as fts/2021/CNECT.", optional=True),
    words("beneficiary", "Who receives it.", optional=True),
    words("heading", "What the source calls it."),
    code("ai_scope", "Whether it is for AI, and by which reading.", of="ai_scopes"),
    code("confidence", "Stated, calculated or estimated.", of="confidences"),
    words("formula", "How a calculated amount was made.", optional=True),
    code("price_basis", "Prices of the amount.", of="price_bases"),
    decimal(
        "amount_original",
        "units of currency",
        "The amount in the source's own currency, if not euros.",
        optional=True,
    ),
    words("currency", "ISO 4217 code of the original amount.", optional=True),
    decimal("rate", "units of currency per euro", "The rate used to convert it.", optional=True),
    day("superseded_on", "Day on which a newer figure took its place.", optional=True),
    words("superseded_by", "The entry that took its place.", optional=True),
    day(
        "dated_on",
        "Date that the source gives to the amount; the first day of it, if it is a month or year.",
        optional=True,
    ),
    code("dated_precision", "How exactly that date is known.", of="date_precisions", optional=True),
    words("source_url", "The document."),
    words("dossier_row", "Row of the research dossier it was carried over from.", optional=True),
    words("note", "What a reader must know.", optional=True),
    *checked(),
    comment="One row per published amount.",
)

overlaps = Table(
    "overlaps",
    metadata,
    Column(
        "container_entry_id",
        String(),
        ForeignKey("ledger.entry_id"),
        primary_key=True,
        comment="Entry A.",
        info={"unit": "text"},
    ),
    Column(
        "contained_entry_id",
        String(),
        ForeignKey("ledger.entry_id"),
        primary_key=True,
        comment="Entry B, inside A.",
        info={"unit": "text"},
    ),
    words("reason", "Why A includes B."),
    words("source_url", "Who says so."),
    words(
        "split",
        "The way of dividing A that B belongs to, as objectives or years; - if there is only one.",
        optional=True,
    ),
    *checked(),
    comment="Amount A includes amount B: the edges of a directed acyclic graph.",
)

overlap_paths = Table(
    "overlap_paths",
    metadata,
    words("container_entry_id", "Entry A.", **key()),
    words("contained_entry_id", "Entry B, inside A directly or through others.", **key()),
    words(
        "via_entry_id", "The entry that includes B directly on the shortest way from A; A itself if A does."
    ),
    count("steps", "Edges on the shortest way from A to B."),
    comment="Everything that is inside something: the transitive closure of overlaps. Net leaves out what a chosen entry contains.",
)

overlap_splits = Table(
    "overlap_splits",
    metadata,
    words("container_entry_id", "The whole.", **key()),
    words("split", "The way of dividing the whole; - if there is only one.", **key()),
    words("contained_entry_id", "What is inside the whole in this way, directly or through others.", **key()),
    count("height", "Place among the wholes that can bind, each above those inside it; 0 if it never binds."),
    flag("is_in_force", "Whether the whole is in force: a figure that was replaced bounds nothing."),
    euros(
        "bound_eur",
        "What the parts may come to: the amount of the whole. Missing in other prices, or if only a minimum is stated.",
    ),
    comment="How each whole is divided. Several ways divide the same money: net counts one of them.",
)

corrections = Table(
    "corrections",
    metadata,
    Column(
        "entry_id",
        String(),
        ForeignKey("ledger.entry_id"),
        primary_key=True,
        comment="The figure that was corrected.",
        info={"unit": "text"},
    ),
    Column(
        "replaced_by",
        String(),
        ForeignKey("ledger.entry_id"),
        nullable=False,
        comment="What took its place.",
        info={"unit": "text"},
    ),
    Column(
        "latest_entry_id",
        String(),
        ForeignKey("ledger.entry_id"),
        nullable=False,
        comment="What stands in its place now, after any further correction.",
        info={"unit": "text"},
    ),
    day("replaced_on", "Day on which the upload came in."),
    words("reason", "Why."),
    comment="One row per figure that a published upload corrected. The old figure stays; overlaps, ladders and totals of funders follow to the new one.",
)

stated_totals = Table(
    "stated_totals",
    metadata,
    words("total_key", "Identity.", **key()),
    words("title", "What the source gives a total for."),
    code("initiative", "The initiative whose total it is.", of="initiatives", optional=True),
    code("stage", "Stage of the total and of its parts.", of="stages"),
    code("basis", "Basis of the total and of its parts.", of="bases"),
    euros("stated_eur", "The total as the source states it."),
    euros("parts_eur", "The sum of the parts in the ledger."),
    euros(
        "gap_eur",
        "stated_eur less parts_eur. Declared with the total where the source itself does not add up; 0.00 otherwise.",
    ),
    count("parts", "Parts in the ledger."),
    day("dated_on", "Date that the source gives to the total.", optional=True),
    day("superseded_on", "Day on which a newer total took its place.", optional=True),
    words("source_url", "The document."),
    words("dossier_row", "Row of the research dossier.", optional=True),
    words("note", "What a reader must know.", optional=True),
    *checked(),
    comment="Totals over several programmes, beside the sum of their parts. The parts are in the ledger, the total is not: it would be counted twice.",
)

stated_total_parts = Table(
    "stated_total_parts",
    metadata,
    Column(
        "total_key",
        String(),
        ForeignKey("stated_totals.total_key"),
        primary_key=True,
        comment="The total.",
        info={"unit": "text"},
    ),
    Column(
        "entry_id",
        String(),
        ForeignKey("ledger.entry_id"),
        primary_key=True,
        comment="A part.",
        info={"unit": "text"},
    ),
    comment="Which entries make up a stated total.",
)

claims = Table(
    "claims",
    metadata,
    words("claim_id", "Identity.", **key()),
    words("entry_id", "The entry that the claim rivals, if it rivals one.", optional=True),
    words("site_id", "The site it speaks of.", optional=True),
    words("subject", "What it speaks of."),
    words("said", "What the rival source says, in our words."),
    euros("amount_eur", "The rival amount, if the claim is one."),
    code("qualifier", "How exactly it is stated.", of="qualifiers", optional=True),
    words("source_url", "Who says so."),
    day("dated_on", "When it was said.", optional=True),
    words("resolution", "Which figure is used and why."),
    *checked(),
    comment="Rival claims: figures that disagree with the one used.",
)

flows = Table(
    "flows",
    metadata,
    words("flow_id", "Identity.", **key()),
    words("from_node", "Where the money comes from: a programme, an initiative or a group of funders."),
    words("to_node", "Where it goes."),
    code("stage", "How far the money has come.", of="stages"),
    code("basis", "What the euros are.", of="bases"),
    euros("amount_eur", "The amount, or missing where none is published."),
    day("period_start", "First day of the period.", optional=True),
    day("period_end", "Last day of the period.", optional=True),
    flag(
        "is_first_booking", "The money enters the picture here: counting these once counts every euro once."
    ),
    code("confidence", "Stated, calculated or estimated.", of="confidences"),
    day("superseded_on", "Day on which a newer figure took its place.", optional=True),
    words("source_url", "The document."),
    words("dossier_row", "Row of the research dossier.", optional=True),
    words("note", "What a reader must know.", optional=True),
    *checked(),
    comment="Who passes how much to whom. Not entries of the ledger: the same euros seen as movements.",
)

# --- sites and time


def moment(name: str, meaning: str) -> list[Column[Any]]:
    """A date that may be known only to the month, quarter or year: first day, last day and precision."""
    return [
        day(f"{name}_on", f"{meaning} First day of the stated period.", optional=True),
        day(f"{name}_until", f"{meaning} Last day of the stated period.", optional=True),
        code(f"{name}_precision", f"{meaning} How exactly it is known.", of="date_precisions", optional=True),
    ]


sites = Table(
    "sites",
    metadata,
    words("site_id", "Identity.", **key()),
    words("name", "Name of the site."),
    code("kind", "Kind of site.", of="site_kinds"),
    code("status", "How far it has come.", of="site_statuses"),
    words("wave", "Selection round.", optional=True),
    words("host_entity", "Hosting entity.", optional=True),
    words("city", "City.", optional=True),
    code("country", "Host country.", of="countries"),
    words("participating_countries", "EU codes of the countries that take part, parted by ;.", optional=True),
    number("lat", "degrees north", "Latitude of the city or campus, not of a building.", optional=True),
    number("lon", "degrees east", "Longitude of the city or campus.", optional=True),
    words("system_name", "Machine.", optional=True),
    *moment("selected", "Selection."),
    *moment("operational", "Start of service."),
    *moment("expected_operational", "Start of service as promised now."),
    words("accelerators", "AI accelerators, as stated.", optional=True),
    number("peak_pflops", "petaflops", "Peak speed as stated.", optional=True),
    number("power_mw", "MW", "Power as stated.", optional=True),
    words(
        "part_of",
        "The site that this one belongs to; overlaps say which of its amounts hold this one’s.",
        optional=True,
    ),
    words("source_url", "The document."),
    day("dated_on", "Date of the document.", optional=True),
    words("dossier_row", "Row of the research dossier.", optional=True),
    words("note", "What a reader must know.", optional=True),
    *checked(),
    comment="One row per AI factory, antenna, gigafactory bid, supercomputer or quantum computer.",
)

milestones = Table(
    "milestones",
    metadata,
    words("milestone_id", "Identity.", **key()),
    day("dated_on", "First day of the stated period."),
    day("dated_until", "Last day of the stated period."),
    code("date_precision", "How exactly the date is known.", of="date_precisions"),
    code("event", "Kind of event.", of="milestone_events"),
    words("title", "What happened or is planned."),
    words("site_id", "The site it concerns.", optional=True),
    code("initiative", "The initiative it concerns.", of="initiatives", optional=True),
    code("programme", "The programme it concerns.", of="programmes", optional=True),
    code("country", "Country of the site.", of="countries", optional=True),
    euros("amount_eur", "Amount named with the event. Shown, never summed."),
    flag(
        "is_planned",
        "A plan: no source confirms that it happened. After dated_until it is due, not confirmed.",
    ),
    words("source_url", "The document."),
    words("dossier_row", "Row of the research dossier.", optional=True),
    words("note", "What a reader must know.", optional=True),
    words("source_id", "The source folder; empty in releases that did not say it.", optional=True),
    *checked(),
    comment="What happened and what is planned, 2018 to 2033.",
)

promises = Table(
    "promises",
    metadata,
    words("promise_id", "What was promised.", **key()),
    count("statement", "1 for the first statement found, 2 for the next.", **key()),
    words("title", "What was promised, for readers."),
    words("site_id", "The site it concerns.", optional=True),
    code("initiative", "The initiative it concerns.", of="initiatives", optional=True),
    *moment("said", "When the date was stated."),
    *moment("promised", "The date that was stated."),
    *moment("happened", "When it happened, if a source says so."),
    words("source_url", "The document."),
    words("note", "What a reader must know.", optional=True),
    words("source_id", "The source folder; empty in releases that did not say it.", optional=True),
    *checked(),
    comment="Each promised date as it was stated at the time.",
)

# --- published bulk files

projects = Table(
    "projects",
    metadata,
    words(
        "project_id",
        "Identity: cordis:<project number>, fts:<reference of the budgetary commitment> or, of a recovery plan, "
        "<list>:<measure>/<project code>/<local code>.",
        **key(),
    ),
    words("source_id", "The import it comes from."),
    code("programme", "The programme.", of="programmes"),
    words("programme_part", "Part of the programme by its unique legal basis.", optional=True),
    words("acronym", "Acronym.", optional=True),
    words("title", "Title or subject.", optional=True),
    words("status", "Status as published.", optional=True),
    year("year", "Year of signature or budget year.", optional=True),
    day("signed_on", "Day of signature.", optional=True),
    day("period_start", "First day.", optional=True),
    day("period_end", "Last day.", optional=True),
    words("topic", "Topic code.", optional=True),
    words("country", "EU code of the coordinator's country.", optional=True),
    euros(
        "eu_contribution_eur",
        "EU contribution of the grant or contract. Missing means not published in the tables read.",
    ),
    euros("total_cost_eur", "Total cost. Missing where the publisher gives none or 0 for a lump sum."),
    count(
        "beneficiaries",
        "Participations or beneficiary rows. Missing where the table of participations was not read.",
        optional=True,
    ),
    code("ai_scope", "Strict, broad or outside, by the declared definition.", of="ai_scopes"),
    words("ai_rule", "The rule of the definition that matched.", optional=True),
    words("source_url", "Page of the project.", optional=True),
    comment="One row per project (CORDIS, recovery plans) or commitment (FTS).",
)

participations = Table(
    "participations",
    metadata,
    words("source_id", "The import it comes from.", **key()),
    count("source_row", "Row of the file.", **key()),
    words("project_id", "The project."),
    words("organisation_id", "Participant identification code (PIC).", optional=True),
    words("name", "Name of the organisation.", optional=True),
    words("role", "Role as published.", optional=True),
    words("country", "EU code.", optional=True),
    words("city", "City.", optional=True),
    words("nuts", "NUTS code as published.", optional=True),
    euros("net_eu_contribution_eur", "Own share of the EU contribution, without linked third parties."),
    comment="One row per participation in a CORDIS project. Parts of the projects' amounts: never added to them.",
)

plan_measures = Table(
    "plan_measures",
    metadata,
    words("source_id", "The import it comes from.", **key()),
    count("source_row", "Row of the file.", **key()),
    words("dataset", "The published list: money declared as spent, or what counts as digital."),
    words("measure", "Code of the measure or sub-measure as published."),
    words("measure_title", "Title of the measure as published.", optional=True),
    code("programme", "The programme.", of="programmes"),
    code("country", "Country of the plan.", of="countries"),
    words("support", "Grant or loan, as published.", optional=True),
    euros("total_eur", "What the plan sets aside for the measure, or for this part of it."),
    euros("declared_eur", "Expenditure that the bodies in charge have declared. Not payments to them."),
    euros("digital_eur", "What of it counts towards the digital target, by the coefficients of the law."),
    euros("climate_eur", "What of it counts towards the climate target, by the coefficients of the law."),
    day("extracted_on", "Day of the data, where the table gives it.", optional=True),
    comment="Measures of a national recovery plan. They hold the projects of the same measure: never added to them.",
)

country_totals = Table(
    "country_totals",
    metadata,
    words("source_id", "The import it comes from.", **key()),
    count("source_row", "Row of the file.", **key()),
    words("dataset", "The published list: by year of call, or by part of the programme."),
    words("framework", "Framework programme."),
    words("part", "Part of the programme.", optional=True),
    year("year", "Year of the call.", optional=True),
    words("stage", "As published: evaluated, successful or signed."),
    code("country", "Country of the participants.", of="countries", optional=True),
    words("group_name", "The countries together, where the row is not of one country.", optional=True),
    euros("eu_contribution_eur", "EU contribution asked for, granted or signed."),
    count("projects", "Projects with a participant there.", optional=True),
    count("participations", "Participations.", optional=True),
    count("coordinations", "Projects coordinated there.", optional=True),
    comment="What another publisher gives for countries, from eCORDA: a cross-check of the projects, never added to them.",
)

calls = Table(
    "calls",
    metadata,
    words("call_id", "Identity: topic code, and title where a topic has several calls.", **key()),
    words("source_id", "The newest import that lists it."),
    words("topic", "Topic code as published."),
    words("title", "Title."),
    code("programme", "The programme, read from the topic code.", of="programmes", optional=True),
    day("opens_on", "Opening day.", optional=True),
    day("closes_on", "Closing day.", optional=True),
    euros("budget_eur", "Indicative budget of the call as published."),
    day("first_listed_on", "Day of the oldest list that has it."),
    day("last_listed_on", "Day of the newest list that has it."),
    code("ai_scope", "Strict, broad or outside, by the declared definition.", of="ai_scopes"),
    words("ai_rule", "The rule that matched.", optional=True),
    words("link", "Page of the call.", optional=True),
    words("reference", "The portal's own number of the call.", optional=True),
    words("kind", "Kind of call as published: grant, cascade funding, …", optional=True),
    words("call", "The call that the topic belongs to.", optional=True),
    words("call_title", "Title of that call.", optional=True),
    words("status", "Status in the newest list that has it, as published.", optional=True),
    words("status_history", "Its statuses, the oldest first, parted by >.", optional=True),
    words("closes_history", "Its closing days, the oldest first, parted by >.", optional=True),
    words("budget_history", "Its budgets in euros, the oldest first, parted by >.", optional=True),
    count(
        "budget_topics",
        "How many topics of the call give this budget. They may share one budget line, each giving the whole.",
        optional=True,
    ),
    euros(
        "budget_once_eur",
        "budget_eur, given on one of these topics only: its sum counts a shared budget once, as a lower bound.",
    ),
    comment="Topics of the Funding & Tenders portal. Lists shrink when calls close; what was once listed stays here.",
)

# --- the overview

mart_ladder = Table(
    "mart_ladder",
    metadata,
    words("ladder", "Which ladder: an initiative or a programme.", **key()),
    count("position", "Order of the step.", **key()),
    code("stage", "How far the money of this step has come.", of="stages"),
    code("basis", "What the euros of this step are.", of="bases"),
    words("label", "What the step counts."),
    words("basis_label", "What the euros are, for readers."),
    euros("amount_eur", "Sum of the step's entries. Missing means not published."),
    code(
        "qualifier",
        "How exactly it is stated; the weakest qualifier of its entries. Missing where the amount is.",
        of="qualifiers",
        optional=True,
    ),
    count("entries", "Entries of the step."),
    count("entries_unknown", "Of these, entries without amount."),
    flag("is_of_which", "The step is a part of the step that inside_position names."),
    words("note", "What a reader must know.", optional=True),
    count(
        "inside_position",
        "The nearest step before it that contains all its entries. Missing where none does.",
        optional=True,
    ),
    code(
        "ai_scope",
        "The reading of AI that all entries of the step have. Missing where they differ, or there is none.",
        of="ai_scopes",
        optional=True,
    ),
    flag("is_recorded", "No source names the step; it follows from the ledger and its overlaps."),
    comment="The funding ladder: what is announced, programmed, committed, contracted and paid. Steps are compared, never added.",
)

mart_ladder_entries = Table(
    "mart_ladder_entries",
    metadata,
    words("ladder", "The ladder.", **key()),
    count("position", "The step.", **key()),
    Column(
        "entry_id",
        String(),
        ForeignKey("ledger.entry_id"),
        primary_key=True,
        comment="An entry of the step.",
        info={"unit": "text"},
    ),
    comment="Which entries make up a step of the funding ladder.",
)

mart_purses = Table(
    "mart_purses",
    metadata,
    code("purse", "The old name of the column funder; the same values.", of="funders"),
    later_name_of(
        "purse",
        code(
            "funder",
            "Who pays in the end: EU budget, member states, EIB Group or private.",
            of="funders",
            **key(),
        ),
    ),
    code("stage", "How far the money has come.", of="stages", **key()),
    code("basis", "What the euros are.", of="bases", **key()),
    count("position", "Order on the page."),
    words("basis_label", "What the euros are, for readers."),
    euros("amount_eur", "Sum of the entries."),
    code("qualifier", "How exactly it is stated.", of="qualifiers"),
    count("entries", "Entries of the total."),
    words("limits", "What the total does not say, in one sentence."),
    comment="Totals of the four funders, side by side and never added.",
)

mart_purse_entries = Table(
    "mart_purse_entries",
    metadata,
    code("purse", "The old name of the column funder; the same values.", of="funders"),
    later_name_of(
        "purse",
        code(
            "funder",
            "Who pays in the end: EU budget, member states, EIB Group or private.",
            of="funders",
            **key(),
        ),
    ),
    Column(
        "entry_id",
        String(),
        ForeignKey("ledger.entry_id"),
        primary_key=True,
        comment="An entry of the total.",
        info={"unit": "text"},
    ),
    comment="Which entries make up each of the four totals.",
)

mart_euros = Table(
    "mart_euros",
    metadata,
    words("view", "What is put together: `whole` envelopes, or `all` levels that may be added.", **key()),
    code("stage", "How far the money has come.", of="stages", **key()),
    code("basis", "What the euros are.", of="bases", **key()),
    code("programme", "The programme.", of="programmes", **key()),
    words("initiative", "The label or vehicle, or - for the programme itself.", **key()),
    euros("gross_eur", "Sum of the entries. Missing means not published."),
    euros(
        "removed_eur", "The part of it that another entry of the same view, stage and basis already contains."
    ),
    euros("net_eur", "gross_eur less removed_eur: counted once."),
    count("entries", "Entries."),
    count("entries_unknown", "Of these, entries without amount."),
    comment="The EU-budget view: programmes that the initiatives draw on, in force, current prices, gross and net. Net counts every euro once.",
)

facts = Table(
    "facts",
    metadata,
    words("fact_id", "Identity.", **key()),
    words("subject", "What is counted."),
    decimal("value", "as unit", "The number."),
    words("unit", "What it counts."),
    day("dated_on", "When it was said.", optional=True),
    words("source_url", "The document."),
    words("note", "What a reader must know.", optional=True),
    *checked(),
    comment="Published numbers that are not euros: countries, chips, machines, years.",
)

call_states = Table(
    "call_states",
    metadata,
    words("call", "The call, as gigafactories-2026.", **key()),
    Column(
        "country",
        String(),
        ForeignKey("countries.code"),
        primary_key=True,
        comment="EU code of the state.",
        info={"unit": "code of countries"},
    ),
    flag("has_signed", "Whether the state signed what the call asks of a host state."),
    words("source_url", "The document."),
    words("note", "What a reader must know.", optional=True),
    *checked(),
    comment="Which states back a call for sites. A state that did not sign was not rejected: nobody asked it to host.",
)

# --- yardsticks

rates = Table(
    "rates",
    metadata,
    words("rate_id", "Identity.", **key()),
    words("rate_type", "Daily fixing, average, deflator or rate implied by a source."),
    year("year", "Year.", optional=True),
    day("period_start", "First day.", optional=True),
    day("period_end", "Last day.", optional=True),
    words("base", "One unit of this …"),
    words("quote", "… is worth `rate` of this."),
    decimal("rate", "quote per base", "The rate."),
    words("source_url", "The document."),
    words("dossier_row", "Row of the research dossier.", optional=True),
    words("note", "What a reader must know.", optional=True),
    comment="Exchange rates (currency per euro) and the deflator of the EU budget.",
)

machines_elsewhere = Table(
    "machines_elsewhere",
    metadata,
    words("machine_id", "Identity.", **key()),
    words("name", "Name."),
    words("place", "Country, outside Europe."),
    words("operator", "Who owns it."),
    words("chips", "Its AI accelerators.", optional=True),
    count("accelerators", "How many AI accelerators it has."),
    decimal("power_mw", "MW", "Power as reported.", optional=True),
    decimal("cost_usd", "USD", "Cost as reported, in dollars of the United States."),
    day("operational_on", "The day on which it began to work."),
    words("source_url", "The document."),
    words("note", "What a reader must know.", optional=True),
    comment="Machines on other continents with their reported cost: context, never added to anything.",
)

country_indicators = Table(
    "country_indicators",
    metadata,
    code("country", "Country.", of="countries", **key()),
    code("indicator", "What is measured.", of="indicators", **key()),
    year("year", "Year.", **key()),
    decimal(
        "value",
        "as the indicator's unit",
        "The value. A country without one has no row; that does not mean zero.",
    ),
    day("published_on", "Day of the publication that it was taken from."),
    words("source_url", "The document."),
    words("note", "What a reader must know.", optional=True),
    comment="Size of countries, the denominators of amounts per person and of shares of GDP.",
)

# --- what was left out, what changed

dossier_rows = Table(
    "dossier_rows",
    metadata,
    words("dossier_row", "File and row of the research dossier, as envelopes:23.", **key()),
    words("outcome", "carried, merged or left-out."),
    words("carried_to", "Table and identity it went to.", optional=True),
    words("reason", "Why it was merged or left out.", optional=True),
    comment="What became of each row of the research dossier. Nothing vanishes.",
)

replaced_rows = Table(
    "replaced_rows",
    metadata,
    words("shape", "Shape of the row, as site or milestone.", **key()),
    words(
        "row_key", "What told the row from every other of its shape; several parts are parted by /.", **key()
    ),
    words(
        "source_id",
        "The source folder that the row came from; reference, if it is a line of a list.",
        **key(),
    ),
    words("source_file", "Its file in the source folder."),
    count("source_row", "Its row in the file, as a spreadsheet shows it."),
    words("replaced_by", "The key of the row that took its place."),
    words("replaced_by_source", "The upload that holds the row that took its place."),
    day("replaced_on", "Day on which that upload came in."),
    words("reason", "Why."),
    words("cells", "What the row said, as JSON: column → cell as text."),
    comment="Curated rows that a published upload replaced: they are in no other table, and nothing of them is lost. "
    "Figures that were replaced stay in the ledger instead.",
)

row_outcomes = Table(
    "row_outcomes",
    metadata,
    words("source_file", "File in the source folder.", **key()),
    words("target", "The table that must hold the rows.", **key()),
    words("outcome", "in-release, replaced (by a newer import or an upload) or left-out.", **key()),
    words(
        "because",
        "The newer import or the upload, or the reason for leaving out; - if the table holds the rows.",
        **key(),
    ),
    words("source_id", "The source folder."),
    words("shape", "Shape of the file."),
    count("rows", "How many rows."),
    comment="What became of the rows of each file, for each table that they fill. Every row has one outcome.",
)

changes = Table(
    "changes",
    metadata,
    day("changed_on", "Day.", **key()),
    words("change_id", "Identity within the day.", **key()),
    words("kind", "added, raised, moved, corrected or replaced."),
    words("subject", "What changed, for readers."),
    words("before", "As it was.", optional=True),
    words("after", "As it is."),
    words("reason", "Why."),
    words("source_url", "Who says so.", optional=True),
    words("site_id", "The site it concerns.", optional=True),
    comment="What changed for a reader, when and why, from data/reference/changes.csv and from the uploads that were published.",
    info={"kind": "reference", "is_added_to": True},
)

article = Table(
    "article",
    metadata,
    words("statement_id", "Identity.", **key()),
    words("statement", "What the founding article says, in our words."),
    words("unit", "EUR, or what is counted."),
    decimal("stated", "as unit", "The article's figure."),
    decimal("found", "as unit", "The same figure read from this release."),
    decimal("usd_quoted", "USD", "Dollars as quoted by the article.", optional=True),
    decimal("usd_at_ecb_rate", "USD", "The euros at the dated ECB rate.", optional=True),
    day("rate_on", "Day of the ECB rate.", optional=True),
    words("reads", "Where in the release it is found."),
    words("later", "What became of it.", optional=True),
    *checked(),
    comment="The founding article of February 2025, statement by statement, against the ledger.",
)

laws = Table(
    "laws",
    metadata,
    words("law", "Name of the law.", **key()),
    words("title", "What it says."),
    count("breaking_rows", "Rows that break it. A release is published only if this is 0."),
    comment="The eleven laws of money, as counted in this release.",
)
