"""What stands on the Projects page: figures, calls, the list a page at a time, one project, one recipient."""

import streamlit as st

from pages.parts.text import calls as calls_text
from pages.parts.text import pages as page_text
from pages.parts.text import projects as text
from pages.parts.text import recipient_and_project as recipient_text
from pages.parts.text.translation import say
from pages.parts.ui import components, page_shell
from pages.parts.ui.figure_page import FigurePage
from pages.parts.views import calls, projects, recipient_and_project
from pipelines.queries.projects import PAGE_SIZE

PATH = "projects"


def show_figures(page: FigurePage) -> None:
    """AI by year, by the chosen dimension and by recipient; each says why where it has nothing."""
    ways = [(say(page_text.RESET), page.choices.reset)]
    for number, name in enumerate(("ai_series", "ai_lines", "recipients", "recipient_years")):
        if page.figure(name, has_gap=number > 0) is None:
            page_shell.empty(say(text.NOTHING[name]), say(text.NOTHING_WHY), ways, name)
    with components.unfolded(say(text.RECIPIENT_LIST), "recipient_list") as is_open:
        if is_open:
            rows, codes = page.words(projects.recipient_list)
            page_shell.line(say(text.CLICK_RECIPIENT))
            links = [page_shell.way(PATH, beneficiary=code) for code in codes]
            numbers = [say(text.RECIPIENT_COLUMNS[name]) for name in ("amount_eur", "strict_eur", "entries")]
            components.link_table(rows, links, alt=say(text.RECIPIENT_LIST), numbers=numbers)


def show_calls(page: FigurePage) -> None:
    """Calls by state with their budgets, and each of them."""
    listed = page.words(calls.listed)
    if page.figure("calls", has_gap=True) is None or not listed.rows.num_rows:
        page_shell.empty(
            say(calls_text.NO_CALL),
            say(calls_text.NO_CALL_WHY, number=listed.known),
            [
                (say(text.ALL_PROGRAMMES), page.choices.setter(programme="")),
                (say(text.ALL_STATES), page.choices.setter(state="")),
            ],
            "calls",
        )
        return
    title = say(calls_text.LIST_TITLE, number=listed.rows.num_rows)
    with components.unfolded(title, "call_list") as is_open:
        if is_open:
            components.twin(
                listed.rows,
                alt=say(calls_text.LIST_NAME),
                numbers=[listed.number],
                key="call_list",
                height=520,
            )
            components.download_csv(
                say(calls_text.WHOLE_LIST, number=listed.rows.num_rows),
                lambda: calls.list_csv(page.answers, page.values),
                page.file_name("call-list"),
                key="csv_call_list",
            )


def show_list(page: FigurePage, words: projects.Words) -> None:
    """Projects and commitments, the largest first, a page at a time, and the whole as a file."""
    page_shell.gap()
    page_shell.section(
        say(text.LISTED, number=words.fitting, known=words.known), say(text.LIST_WHY, size=PAGE_SIZE)
    )
    if not words.fitting:
        page_shell.empty(
            say(text.NO_PROJECT),
            say(text.NO_PROJECT_WHY, number=words.known),
            [
                (say(text.ALL_YEARS), page.choices.setter(year="")),
                (say(page_text.ALL_COUNTRIES), page.choices.setter(country="")),
                (say(text.ALL_READINGS), page.choices.setter(reading="")),
                (say(page_text.RESET), page.choices.reset),
            ],
            "projects",
        )
        return
    if page.values.get("country"):
        page_shell.line(say(text.COUNTRY_KNOWN))
    links = [page_shell.way(PATH, project=project_id) for project_id in words.ids]
    amount = [say(text.LIST_COLUMNS["eu_contribution_eur"])]
    components.link_table(words.listed, links, alt=say(text.LIST_NAME), numbers=amount)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="leaf"):
        for label, number in ((text.PREVIOUS, words.page - 1), (text.NEXT, words.page + 1)):
            st.button(
                say(label),
                key=f"leaf_{number - words.page}",
                on_click=page.choices.setter(page=str(number)),
                disabled=not 1 <= number <= words.pages,
            )
        page_shell.line(say(text.PAGE_OF, page=words.page, pages=words.pages))
    components.download_csv(
        say(text.WHOLE_LIST, number=words.fitting),
        lambda: projects.list_csv(page.answers, page.values),
        page.file_name("projects"),
        key="csv_projects",
    )


def show_recipient(page: FigurePage) -> None:
    """Everything that is known of one recipient."""
    words = page.words(recipient_and_project.recipient)
    page_shell.back(say(recipient_text.ALL_RECIPIENTS), page_shell.way(PATH))
    page_shell.headline(words.headline, words.standfirst)
    page.figure("recipient_years")
    page_shell.section(say(recipient_text.LINES))
    links = [page_shell.way(PATH, project=code) if code else "" for code in words.projects]
    components.link_table(words.lines, links, alt=say(recipient_text.LINES), numbers=words.numbers)
    components.download_csv(
        say(recipient_text.DOWNLOAD),
        lambda: recipient_and_project.lines_csv(page.answers, page.values),
        page.file_name("recipient"),
        key="csv_recipient",
    )


def show_project(page: FigurePage) -> None:
    """Everything that is known of one project."""
    words = page.words(recipient_and_project.project)
    page_shell.back(say(recipient_text.ALL_PROJECTS), page_shell.way(PATH))
    page_shell.headline(words.headline, words.standfirst)
    components.facts(words.facts)
    page_shell.section(say(recipient_text.WHO))
    if words.codes:
        links = [page_shell.way(PATH, beneficiary=code) for code in words.codes]
        components.link_table(words.partners, links, alt=say(recipient_text.WHO), numbers=words.numbers)
    else:
        page_shell.line(say(recipient_text.NOBODY))
    page_shell.section(say(recipient_text.SOURCES), level=3)
    components.sources_list(words.sources)
