"""Give me everything: the tables of this release as files, what their columns mean, licence and citation."""

import streamlit as st

from pages.parts import anatomy, controls, exhibit, frame, library, reader, readme, share, words
from pages.parts.link import Parameter

answers = reader.answers()
tables = library.tables(answers.manifest)
parameters = [Parameter("table", tuple(tables), ("ledger",))]
choices = controls.Controls("data", parameters)
frame.notices(choices.notices)
ledger = answers.manifest["tables"]["ledger"]["rows"]
frame.headline(
    f"{words.count(ledger, 'published amount')}, every one with its source, in files that stay as they are.",
    "A release never changes. Its name is made from its content, so that a figure can be checked next year.",
)
text, contents = st.columns([8, 4], gap="large")
with contents:
    frame.section("This release", level=3)
    anatomy.facts(library.facts(answers.manifest, answers.release_id))
    frame.section("Cite it", level=3)
    site = exhibit.site()
    link = share.permalink(site, "data", parameters, choices.values, answers.release_id)
    st.code(readme.citation(answers.release_id, link), language=None, wrap_lines=True)
    frame.line(
        "Data: CC BY 4.0. Sources keep their own licences; each is named under About. Not an official EU site."
    )
with text:
    frame.section("One table", "Euros are exact decimals. An empty cell means not published, never zero.")
    name = choices.one("table", "Table", library.table_labels(tables))
    frame.line(f"{tables[name].comment} {words.count(answers.manifest['tables'][name]['rows'], 'row')}.")
    with st.container(horizontal=True, gap="small"):
        anatomy.download_csv(
            "Download as CSV",
            lambda: library.csv(reader.parquet(answers.release_id, name)),
            f"eu-ai-{name}-{answers.release_id}.csv",
            key="csv_table",
        )
        anatomy.download_file(
            "Download as Parquet",
            reader.parquet(answers.release_id, name),
            f"eu-ai-{name}-{answers.release_id}.parquet",
            key="parquet_table",
        )
        rows = answers.manifest["tables"][name]["rows"]
        st.download_button(
            "README and citation",
            readme.of_table(tables[name], rows, answers.release_id, answers.known_on, site, link),
            file_name=share.file_name(name, answers.release_id, "txt", "readme"),
            mime="text/plain",
            key="readme_table",
            on_click="ignore",
        )
    anatomy.wrapped(library.dictionary(tables[name]), alt=f"Columns of {name}")
    frame.section("Everything", library.EVERYTHING)
    anatomy.links("This release as one file", library.bundle_links(answers.release_id))
    anatomy.links("For programs and feed readers", library.machine_links(answers.release_id))
    frame.section("All tables", "What is in the release, table by table.")
    anatomy.wrapped(library.overview(tables, answers.manifest), alt="All tables", numbers=["Rows"])
choices.finish()
