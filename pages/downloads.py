"""Give me everything: the tables of this release as files, what their columns mean, licence and citation."""

import streamlit as st

from pages.parts.sharing import links, readme
from pages.parts.text import data, formatting
from pages.parts.ui import figure_block, filters, page_shell, release_cache, widgets
from pages.parts.url_state import Parameter

answers = release_cache.answers()
tables = data.tables(answers.manifest)
parameters = [Parameter("table", tuple(tables), ("ledger",))]
choices = filters.Controls("data", parameters)
page_shell.notices(choices.notices)
ledger = answers.manifest["tables"]["ledger"]["rows"]
page_shell.headline(
    f"{formatting.count(ledger, 'published amount')}, every one with its source, in files that stay as they are.",
    "A release never changes. Its name is made from its content, so that a figure can be checked next year.",
)
text, contents = st.columns([8, 4], gap="large")
with contents:
    page_shell.section("This release", level=3)
    widgets.facts(data.facts(answers.manifest, answers.release_id))
    page_shell.section("Cite it", level=3)
    site = figure_block.site()
    link = links.permalink(site, "data", parameters, choices.values, answers.release_id)
    st.code(readme.citation(answers.release_id, link), language=None, wrap_lines=True)
    page_shell.line(
        "Data: CC BY 4.0. Sources keep their own licences; each is named under About. Not an official EU site."
    )
with text:
    page_shell.section(
        "One table", "Euros are exact decimals. An empty cell means not published, never zero."
    )
    name = choices.one("table", "Table", data.table_labels(tables))
    page_shell.line(
        f"{tables[name].comment} {formatting.count(answers.manifest['tables'][name]['rows'], 'row')}."
    )
    with st.container(horizontal=True, gap="small"):
        widgets.download_csv(
            "Download as CSV",
            lambda: data.csv(release_cache.parquet(answers.release_id, name)),
            f"eu-ai-{name}-{answers.release_id}.csv",
            key="csv_table",
        )
        widgets.download_file(
            "Download as Parquet",
            release_cache.parquet(answers.release_id, name),
            f"eu-ai-{name}-{answers.release_id}.parquet",
            key="parquet_table",
        )
        rows = answers.manifest["tables"][name]["rows"]
        st.download_button(
            "README and citation",
            readme.of_table(tables[name], rows, answers.release_id, answers.known_on, site, link),
            file_name=links.file_name(name, answers.release_id, "txt", "readme"),
            mime="text/plain",
            key="readme_table",
            on_click="ignore",
        )
    widgets.wrapped(data.dictionary(tables[name]), alt=f"Columns of {name}")
    page_shell.section("Everything", data.EVERYTHING)
    widgets.links("This release as one file", data.bundle_links(answers.release_id))
    widgets.links("For programs and feed readers", data.machine_links(answers.release_id))
    page_shell.section("All tables", "What is in the release, table by table.")
    widgets.wrapped(data.overview(tables, answers.manifest), alt="All tables", numbers=["Rows"])
choices.finish()
