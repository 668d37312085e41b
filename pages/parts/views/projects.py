"""The Projects page: what can be chosen, its answer, AI by year, by what it is for and by recipient, and the
list. Pure.
"""

import functools
from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa

from pages.parts import filter_labels
from pages.parts.figure_model import Figure, Value
from pages.parts.finished_figure import as_text
from pages.parts.sharing import csv_export
from pages.parts.text import formatting, tables
from pages.parts.text import projects as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import NOT_NAMED
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views import bars
from pipelines import frame_rows
from pipelines.queries import ai_project_sums as ask
from pipelines.queries import calls as ask_calls
from pipelines.queries import projects as ask_projects
from pipelines.queries import provenance
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData

PAGE = "projects"
STAGES = ("programmed", "committed", "contracted")
SERIES_OF = ("horizon-europe", "digital-europe")  # whose AI by year is asked, where no programme is chosen
MOST_RECIPIENTS = 10  # of each stage in the drawing
LONGEST_LIST = 20_000  # rows that can be leafed through; the files have all
WHOLE = 2**31 - 1  # rows of a list that is asked for as a whole


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Projects page's address.

    What a release has nothing of is no word of it: a release of old has no projects one by one.
    """
    known = set(answers.read(ask_projects.programmes_with_lines)["programme"])
    years = tuple(str(int(year)) for year in answers.read(ask.years_known)["year"])
    countries = set(answers.read(ask.beneficiaries)["country"])
    listed = int(answers.row(ask_projects.number)["projects"])
    pages = -(-min(listed, LONGEST_LIST) // ask_projects.PAGE_SIZE)
    found = [
        Parameter("stage", STAGES, ("contracted",)),
        Parameter("by", ask.DIMENSIONS, ("part",)),
        Parameter(
            "programme", tuple(code for code in answers.labels("programmes") if code in known), (), True
        ),
        Parameter(
            "country", tuple(code for code in answers.labels("countries") if code in countries), (), True
        ),
        Parameter("year", years, several=True),
        Parameter("bodies", ("out", "in"), ("out",)),
        Parameter("state", ask_calls.STATES, several=True),
        Parameter("reading", tuple(text.READINGS), ("strict", "broad"), several=True),
        Parameter("beneficiary", tuple(answers.read(ask.beneficiaries)["name_code"])),
        Parameter("project", tuple(answers.read(ask_projects.identities)["project_id"])),
        Parameter("page", tuple(map(str, range(1, pages + 1))), ("1",)),
    ]
    return [parameter for parameter in found if parameter.allowed]


def _choice(values: Values, stage: str = "") -> Choice:
    """The choice of an address as entries of the ledger. stage: "" for every stage."""
    return Choice(
        stage=stage,
        basis="eu-contribution",
        programme=tuple(values["programme"]),
        country=tuple(values.get("country", ())),
        tracked=False,
    )


def _years(values: Values) -> tuple[int, ...]:
    return bars.narrowed_numbers(values.get("year", ()))


# --- figures


def ai_series(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """AI by year, by programme and stage. None if nothing with a year is labelled as AI."""
    chosen = replace(_choice({"programme": values["programme"]}), country=())
    if not chosen.programme:
        chosen = replace(chosen, programme=SERIES_OF)
    rows = answers.read(ask.series, chosen)
    if rows.empty:
        return None
    stages = answers.labels("stages")
    covered = answers.read(ask.series_coverage, chosen)
    credit = answers.read(ask.credit, chosen)
    records = frame_rows.records(rows)
    shown = rows.assign(
        group=[
            say(text.GROUP, locale, programme=row["programme_label"], stage=row["stage_label"])
            for row in records
        ],
        name=[str(int(row["year"])) for row in records],
        more=[tables.stage_basis(row["stage"], row["basis"], locale) for row in records],
    )
    limits = filter_labels.only(answers, values, "programme", locale=locale)
    title = text.series_title(rows, locale)
    total = {"entries": covered["entries"].sum(), "entries_unknown": rows["entries_unknown"].sum()}

    def value(row: dict[Any, Any]) -> Value:
        cells = {"of_programme": row["programme"], "stage": row["stage"], "of_year": str(int(row["year"]))}
        return Value(
            bars.full_name(row, locale),
            formatting.euros(row["amount_eur"], locale=locale),
            provenance.entries_with(ask.behind_series, chosen, reading="broad", is_removed=False, **cells),
            number=provenance.rows_with(
                ask.series,
                chosen,
                programme=row["programme"],
                stage=row["stage"],
                year=int(row["year"]),
            ),
        )

    return Figure(
        name="ai_series",
        title=title,
        subtitle=formatting.paragraph(
            say(text.SERIES_SUBTITLE, locale),
            text.coverage(covered, answers.labels("programmes", locale), stages, locale),
            limits,
        ),
        alt=tables.alt(title, limits, bars.in_words(shown, locale), locale=locale),
        source=tables.credit_line(credit, total, locale=locale),
        rows=rows,
        draw=bars.both_readings(shown, locale=locale),
        table=tables.table(rows, text.SERIES_COLUMNS, euros=("amount_eur", "strict_eur"), locale=locale),
        numbers=tuple(
            say(text.SERIES_COLUMNS[name], locale) for name in ("amount_eur", "strict_eur", "entries")
        ),
        sources=tuple(tables.sources(credit, locale)),
        key=bars.key(rows, locale),
        questions=((ask.series, chosen),),
        taken_off=(ask.removed, chosen, (), True),
        values=tuple(bars.values(shown, value)),
    )


def ai_lines(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """AI at one stage by one dimension. None if nothing of it is labelled as AI."""
    by, stage, years = values["by"][0], values["stage"][0], _years(values)
    chosen = _choice(values, stage)
    rows = answers.read(ask.lines, chosen, by, years)
    if rows.empty:
        return None
    stage_label = answers.labels("stages", locale)[stage]
    known = filter_labels.labels(answers, by, locale) if by in ("programme", "country") else {}
    named = rows.assign(
        item_label=[text.item_label(by, item, known, locale) for item in rows["item"]],
        group="",
        more=tables.stage_basis(stage, "eu-contribution", locale),
    )
    shown = named.assign(name=named["item_label"])
    limits = filter_labels.only(answers, values, "programme", "country", "year", locale=locale)
    title = text.lines_title(named, by, stage_label, locale)
    credit = answers.read(ask.credit, chosen, years)
    total = {name: rows[name].sum() for name in ("entries", "entries_unknown")}
    behind = functools.partial(
        provenance.entries_with, ask.behind_lines, chosen, years, reading="broad", is_removed=False
    )

    def value(row: dict[Any, Any]) -> Value:
        return Value(
            str(row["name"]),
            formatting.euros(row["amount_eur"], locale=locale),
            behind(**{f"of_{by}": row["item"]}),
            number=provenance.rows_with(ask.lines, chosen, by, years, item=row["item"]),
        )

    known_amounts = [amount for amount in rows["amount_eur"] if amount is not None]
    whole = sum(known_amounts[1:], known_amounts[0]) if known_amounts else None
    together = Value(say(text.ALL_TOGETHER, locale), formatting.euros(whole, locale=locale), behind())
    return Figure(
        name="ai_lines",
        title=title,
        subtitle=formatting.paragraph(
            say(text.LINES_SUBTITLE, locale, stage=stage_label, by=say(text.DIMENSIONS[by], locale).lower()),
            limits,
        ),
        alt=tables.alt(title, limits, bars.in_words(shown, locale), locale=locale),
        source=tables.credit_line(credit, total, locale=locale),
        rows=rows,
        draw=bars.both_readings(shown, locale=locale),
        table=tables.table(named, text.LINES_COLUMNS, euros=("amount_eur", "strict_eur"), locale=locale),
        numbers=tuple(
            say(text.LINES_COLUMNS[name], locale) for name in ("amount_eur", "strict_eur", "entries")
        ),
        sources=tuple(tables.sources(credit, locale)),
        key=bars.key(rows, locale),
        questions=((ask.lines, chosen, by, years),),
        taken_off=(ask.removed, chosen, years),
        values=(together, *bars.values(shown, value)),
    )


def recipients(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """The largest named recipients of AI money at each stage. None if no line names one."""
    years, has_bodies = _years(values), values["bodies"] == ("in",)
    chosen = replace(_choice(values), bodies="" if has_bodies else "out")
    rows = answers.read(ask.recipients, chosen, years)
    if rows.empty:
        return None
    labels = filter_labels.labels(answers, "country", locale)
    named = rows.assign(
        country_label=[labels.get(code, "") for code in rows["country"]],
        group=[formatting.sentence(str(stage)) for stage in rows["stage_label"]],
        name=rows["beneficiary"],
        more=[tables.stage_basis(row.stage, row.basis, locale) for row in frame_rows.rows(rows)],
    )
    shown = named.groupby("stage", sort=False).head(MOST_RECIPIENTS)
    limits = filter_labels.only(answers, values, "programme", "country", "year", locale=locale)
    top = text.largest(rows)
    title = say(
        text.RECIPIENTS_TITLE,
        locale,
        name=top["beneficiary"] if top else say(NOT_NAMED, locale),
        stage=top["stage_label"] if top else "",
        amount=formatting.euros(top["amount_eur"] if top else None, locale=locale),
    )
    credit = answers.read(ask.credit, chosen, years, True)
    total = {name: rows[name].sum() for name in ("entries", "entries_unknown")}

    def value(row: dict[Any, Any]) -> Value:
        cells = {"stage": row["stage"], "name_code": row["name_code"]}
        return Value(
            bars.full_name(row, locale),
            formatting.euros(row["amount_eur"], locale=locale),
            provenance.entries_with(
                ask.behind_recipients, chosen, years, reading="broad", is_removed=False, **cells
            ),
            number=provenance.rows_with(ask.recipients, chosen, years, **cells),
        )

    return Figure(
        name="recipients",
        title=title,
        subtitle=formatting.paragraph(
            say(text.RECIPIENTS_SUBTITLE, locale),
            say(text.BODIES_IN if has_bodies else text.BODIES_OUT, locale),
            limits,
        ),
        alt=tables.alt(title, limits, bars.in_words(shown, locale), locale=locale),
        source=tables.credit_line(credit, total, locale=locale),
        rows=rows,
        draw=bars.both_readings(shown, len(rows) - len(shown), locale),
        table=tables.table(named, text.RECIPIENT_COLUMNS, euros=("amount_eur", "strict_eur"), locale=locale),
        numbers=tuple(
            say(text.RECIPIENT_COLUMNS[name], locale) for name in ("amount_eur", "strict_eur", "entries")
        ),
        sources=tuple(tables.sources(credit, locale)),
        key=bars.key(shown, locale),
        questions=((ask.recipients, chosen, years),),
        taken_off=(ask.removed, chosen, years),
        values=tuple(bars.values(shown, value)),
    )


# --- the page beside its figures


class Words(NamedTuple):
    """What the Projects page says beside its figures.

    options: word of the address → code → label. known, fitting: how many projects the release lists, and the
    choice leaves. listed: a page of the list; ids: of its rows; page, pages: which it is, and of how many.
    """

    headline: str
    standfirst: str
    options: dict[str, dict[str, str]]
    known: int
    fitting: int
    listed: pa.Table
    ids: list[str]
    page: int
    pages: int


def narrowed(values: Values) -> tuple[Any, ...]:
    """What the questions about the list take of a choice."""
    return (
        tuple(values.get("reading", ())),
        tuple(values["programme"]),
        tuple(values.get("country", ())),
        _years(values),
    )


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figures."""
    chosen = narrowed(values)
    known, fitting = (int(answers.row(ask_projects.number, *taken)["projects"]) for taken in ((), chosen))
    pages = max(1, -(-min(fitting, LONGEST_LIST) // ask_projects.PAGE_SIZE))
    page = min(int(values.get("page", ("1",))[0]), pages)
    rows = answers.read(ask_projects.listed, *chosen, page)
    shown = text.project_list(rows, locale)
    return Words(
        *_answer(answers, locale),
        {
            "stage": {code: formatting.sentence(label) for code, label in answers.labels("stages").items()},
            "programme": answers.labels("programmes", locale),
            "country": filter_labels.labels(answers, "country", locale),
            "state": filter_labels.labels(answers, "state", locale),
            "by": filter_labels.labels(answers, "by", locale),
            "reading": filter_labels.labels(answers, "reading", locale),
        },
        known,
        fitting,
        as_text(shown, (say(text.LIST_COLUMNS["eu_contribution_eur"], locale),)),
        list(rows["project_id"]),
        page,
        pages,
    )


def _answer(answers: ReleaseData, locale: str) -> tuple[str, str]:
    """Headline and standfirst: what of Horizon Europe is under contract for AI, and what is listed."""
    chosen = Choice("contracted", "eu-contribution", programme=("horizon-europe",), tracked=False)
    rows = frame_rows.records(answers.read(ask.lines, chosen, "programme", ()))
    lists = text.lists(answers.read(ask_projects.lists), locale)
    standfirst = formatting.paragraph(say(text.STANDFIRST, locale), lists)
    if not rows or rows[0]["amount_eur"] is None:
        return say(text.HEADLINE_NONE, locale), standfirst
    broad, strict = (formatting.euros(rows[0][name], locale=locale) for name in ("amount_eur", "strict_eur"))
    return say(text.HEADLINE, locale, broad=broad, strict=strict), standfirst


def recipient_list(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> tuple[pa.Table, list[str]]:
    """The recipients of a choice as a table, and the code of each row."""
    figure = recipients(answers, values, locale)
    if figure is None:
        return pa.table({}), []
    return as_text(figure.table, figure.numbers), list(figure.rows["name_code"])


def list_csv(answers: ReleaseData, values: Values) -> bytes:
    """The whole list of a choice as a file."""
    rows = answers.read(ask_projects.listed, *narrowed(values), 1, WHOLE)
    return csv_export.csv(rows, answers.release_id)()
