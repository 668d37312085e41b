"""One recipient and one project: everything that is known of them, as values. Pure."""

import functools
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures, filter_labels
from pages.parts.design_tokens import Theme
from pages.parts.figure_model import Figure, Mark, Source, Value
from pages.parts.figures.bars import MOST_BARS
from pages.parts.finished_figure import as_text
from pages.parts.sharing import csv_export
from pages.parts.text import formatting, projects, tables
from pages.parts.text import recipient_and_project as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views import bars
from pipelines import frame_rows
from pipelines.queries import ai_project_sums as ask
from pipelines.queries import projects as ask_projects
from pipelines.queries import provenance
from pipelines.queries.release_answers import ReleaseData


def _code(values: Values) -> str:
    return next(iter(values.get("beneficiary", ())), "")


def _name(answers: ReleaseData, code: str) -> str:
    """The name behind a code; "" for none."""
    if not code:
        return ""
    return str(filter_labels.labels(answers, "beneficiary").get(code, code))


def recipient_years(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """What a recipient, or all that are named, are named for, by programme and year. None if no amount names
    it.
    """
    code = _code(values)
    name = _name(answers, code)
    rows = answers.read(ask.recipient_years, code)
    if rows.empty:
        return None
    records = frame_rows.records(rows)
    shown = rows.assign(
        group=[
            formatting.sentence(say(text.GROUP, locale, stage=row["stage_label"], basis=row["basis_label"]))
            for row in records
        ],
        name=[text.year_name(row, locale) for row in records],
        strict_eur=None,
    )
    drawn = pd.DataFrame(
        {
            "group": shown["group"],
            "name": shown["name"],
            "amount": rows["amount_eur"],
            "inner": None,
            "said": [formatting.euros(row["amount_eur"], locale=locale) for row in records],
            "more": shown["group"],
            "colour": "",
        },
        dtype=object,
    )
    title = text.years_title(name, rows, locale)
    limits = filter_labels.only(answers, values, "beneficiary", locale=locale)
    in_words = "; ".join(
        say(
            projects.NAMED_AMOUNT,
            locale,
            name=bars.full_name(row, locale),
            amount=formatting.euros(row["amount_eur"], locale=locale),
        )
        for row in frame_rows.records(shown)
    )
    credit = answers.read(ask.credit_of, code)
    total = {column: rows[column].sum() for column in ("entries", "entries_unknown")}
    has_hatch = bool(rows["amount_eur"].head(MOST_BARS["wide"]).isna().any())

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(text.HATCH, locale))] if has_hatch else []

    def value(row: dict[Any, Any]) -> Value:
        cells = {column: row[column] for column in ("programme", "stage", "basis", "year")}
        return Value(
            bars.full_name(row, locale),
            formatting.euros(row["amount_eur"], locale=locale),
            provenance.entries_with(ask.behind_recipient, code, is_removed=False, **cells),
            number=provenance.rows_with(ask.recipient_years, code, **cells),
        )

    return Figure(
        name="recipient_years",
        title=title,
        subtitle=formatting.paragraph(say(text.YEARS_SUBTITLE, locale), limits),
        alt=tables.alt(title, limits, in_words, locale=locale),
        source=tables.credit_line(credit, total, locale=locale),
        rows=rows,
        draw=functools.partial(figures.bars, drawn, locale=locale),
        table=tables.table(rows, text.YEAR_COLUMNS, euros=("amount_eur",), locale=locale),
        numbers=tuple(say(text.YEAR_COLUMNS[column], locale) for column in ("amount_eur", "entries")),
        sources=tuple(tables.sources(credit, locale)),
        key=key,
        questions=((ask.recipient_years, code),),
        taken_off=(ask.removed_of_recipient, code),
        values=tuple(bars.values(shown, value)),
    )


class Recipient(NamedTuple):
    """The page of one recipient beside its figure. lines: every line as a table; numbers: its right-aligned
    columns. projects: of each line, the project that has a page; "" for none.
    """

    name: str
    headline: str
    standfirst: str
    lines: pa.Table
    numbers: tuple[str, ...]
    projects: tuple[str, ...]


def recipient(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Recipient:
    """What is known of the recipient that is chosen; nothing if none is."""
    code = _code(values)
    if not code:
        return Recipient("", "", "", pa.table({}), (), ())
    rows = answers.read(ask.of_beneficiary, code)
    name = _name(answers, code)
    listed = set(answers.read(ask_projects.identities)["project_id"])
    numbers = (say(text.LINE_COLUMNS["amount_eur"], locale),)
    return Recipient(
        name,
        text.recipient_headline(name, rows, answers.read(ask.recipient_years, code), locale),
        formatting.paragraph(say(text.STANDFIRST, locale, number=len(rows)), say(text.NOT_ALL, locale)),
        as_text(text.line_table(rows, locale), numbers),
        numbers,
        tuple(str(code) if code in listed else "" for code in rows["project_id"]),
    )


def lines_csv(answers: ReleaseData, values: Values) -> bytes:
    """The lines of a recipient as a file."""
    return csv_export.csv(answers.read(ask.of_beneficiary, _code(values)), answers.release_id)()


class Project(NamedTuple):
    """The page of one project. partners: who receives what, as a table, and the code of each; source: the
    page of the publisher.
    """

    headline: str
    standfirst: str
    facts: list[tuple[str, str]]
    partners: pa.Table
    numbers: tuple[str, ...]
    codes: list[str]
    sources: list[Source]


def project(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Project:
    """What is known of the project that is chosen; nothing if none is."""
    project_id = next(iter(values.get("project", ())), "")
    if not project_id:
        return Project("", "", [], pa.table({}), (), [], [])
    row = answers.row(ask_projects.project, project_id)
    rows = answers.read(ask_projects.lines_of, project_id)
    named = rows[rows["name"].notna()]
    labels = filter_labels.labels(answers, "country", locale)
    numbers = (say(text.PARTNER_COLUMNS["amount_eur"], locale),)
    sources = [Source("", say(text.OPEN_SOURCE, locale), row["source_title"], row["source_url"] or "")]
    return Project(
        text.project_headline(row, locale),
        row["title"] or say(text.NO_TITLE, locale),
        text.project_facts(row, locale),
        as_text(text.partner_table(named, labels, locale), numbers),
        numbers,
        [str(code) for code in named["code"]],
        sources,
    )
