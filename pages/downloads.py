"""Give me everything: the tables of this release as files, what their columns mean, licence and citation."""

import streamlit as st

from pages.parts.sharing import links, readme
from pages.parts.text import data_page as text
from pages.parts.text.translation import say
from pages.parts.ui import components, figure_block, filters, page_shell, session_release
from pages.parts.url_state import Parameter

answers = session_release.answers()
release_id, manifest = answers.release_id, answers.manifest
tables = text.tables(manifest)
parameters = [Parameter("table", tuple(tables), ("ledger",))]
choices = filters.Controls("data", parameters)
page_shell.notices(choices.notices)
page_shell.headline(say(text.HEADLINE, number=manifest["tables"]["ledger"]["rows"]), say(text.STANDFIRST))
left, right = st.columns([8, 4], gap="large")
with right:
    page_shell.section(say(text.THIS_RELEASE), level=3)
    components.facts(text.facts(manifest, release_id))
    page_shell.section(say(text.CITE), level=3)
    site = figure_block.site()
    link = links.permalink(site, "data", parameters, choices.values, release_id)
    st.code(readme.citation(release_id, link), language=None, wrap_lines=True)
    page_shell.line(say(text.LICENCES))
with left:
    components.links(say(text.WANTED), text.wanted_links(release_id), is_download=True)
    page_shell.line(say(text.WANTED_TEXT))
    page_shell.line(say(text.EVERYTHING_TEXT))
    page_shell.gap()
    page_shell.section(say(text.ONE_TABLE), say(text.ONE_TABLE_WHY))
    name = choices.one("table", say(text.TABLE), text.table_labels(tables))
    rows = manifest["tables"][name]["rows"]
    page_shell.line(say(text.TABLE_ROWS, meaning=tables[name].comment or "", number=rows))
    with st.container(horizontal=True, gap="small"):
        components.download_csv(
            say(text.AS_CSV),
            lambda: text.csv(session_release.parquet(release_id, name)),
            f"eu-ai-{name}-{release_id}.csv",
            key="csv_table",
        )
        components.download_file(
            say(text.AS_PARQUET),
            session_release.parquet(release_id, name),
            f"eu-ai-{name}-{release_id}.parquet",
            key="parquet_table",
        )
        st.download_button(
            say(text.README),
            readme.of_table(
                tables[name], rows, release_id, answers.newest_source, answers.known_on, site, link
            ),
            file_name=links.file_name(name, release_id, "txt", "readme"),
            mime="text/plain",
            key="readme_table",
            on_click="ignore",
        )
    with st.expander(say(text.COLUMNS_OF, table=name)):
        components.wrapped(text.dictionary(tables[name]), alt=say(text.COLUMNS_OF, table=name))
    with st.expander(say(text.ALL_TABLES)):
        page_shell.line(say(text.ALL_TABLES_WHY))
        components.wrapped(
            text.overview(tables, manifest),
            alt=say(text.ALL_TABLES),
            numbers=[say(text.TABLE_COLUMNS["rows"])],
        )
    components.links(say(text.FOR_MACHINES), text.machine_links(release_id))
choices.finish()
