"""Where, and what was promised there? Map with its list, and the card of one site."""

import functools

import streamlit as st

from pages.parts import anatomy, card, controls, exports, figures, frame, headlines, reader, vocabulary, words
from pages.parts.link import Parameter
from pages.parts.queries import sites as ask
from pages.parts.style import kind_colour, kind_symbol

everything = reader.read(ask.sites())
kinds, statuses, countries = (vocabulary.labels(name) for name in ("site_kinds", "site_statuses", "countries"))
hosts = tuple(code for code in countries if code in set(everything["country"]))
choices = controls.Controls(
    "sites",
    [
        Parameter("kind", tuple(kinds), ("ai-factory", "antenna", "gigafactory"), several=True),
        Parameter("status", tuple(statuses), several=True),
        Parameter("country", hosts, several=True),
        Parameter("site", tuple(everything["site_id"])),
    ],
)
frame.notices(choices.notices)
answer = headlines.sites(everything)
frame.headline(answer.headline, answer.standfirst)
with controls.row():
    numbers = everything["kind"].value_counts()
    choices.pills("kind", "Kind", {code: f"{label[:1].upper()}{label[1:]} {numbers.get(code, 0)}" for code, label in kinds.items()})
    choices.many("status", "Status", statuses, "All statuses")
    choices.many("country", "Country", countries, "All countries")

chosen = choices.values["site"][0] if choices.values["site"] else ""
rows = reader.read(ask.sites(*(tuple(choices.values[name]) for name in ("kind", "status", "country"))))
if rows.empty:
    text = f"{words.count(len(everything), 'site')} are known in all. Kinds, statuses and countries must all fit."
    ways = [("All statuses", choices.setter(status="")), ("All countries", choices.setter(country="")), ("Reset", choices.reset)]
    frame.empty("No site fits the choice.", text, ways, "sites")
else:
    theme = frame.theme()
    placed = int(rows["lat"].notna().sum())
    left, right = st.columns([7, 5], gap="medium")
    with left:
        clicked = anatomy.figure(
            "sites",
            headlines.sites_title(rows, kinds),
            f"{words.count(len(rows), 'site')}, {placed} with a known place. Filled: open. Outline: selected, being built or only bid.",
            functools.partial(figures.sites_map, rows, chosen=chosen or None, named=tuple(rows[rows["is_open"].astype(bool)]["site_id"])),
            alt=f"Map of {words.count(len(rows), 'site')}. The list beside it holds the same sites.",
            source="Joint undertaking, hosts, ministries and press; each site card names its own. Points are cities, not addresses. Map: Natural Earth.",
            key=[
                anatomy.Mark(
                    kind_symbol(code, True), label, kind_colour(code, theme), is_filled=bool(rows[rows["kind"] == code]["is_open"].any())
                )
                for code, label in kinds.items()
                if code in set(rows["kind"])
            ],
            table=card.site_table(rows),
            numbers=["Total, euros"],
            csv=exports.csv(rows, reader.release()),
            is_clickable=True,
        )
    with right:
        frame.section(f"The same {words.count(len(rows), 'site')} as a list", "Choose a row to open its card.")
        listed = anatomy.twin(
            card.site_list(rows),
            alt="The sites as a list",
            numbers=["€ M"],
            widths=card.WIDTHS,
            key="site_list",
            height=560,
            is_clickable=True,
        )
    picked = rows["site_id"].iloc[listed[0]] if listed else clicked[0][0] if clicked else ""
    if picked and picked != chosen and picked != st.session_state.get("site_picked"):
        st.session_state["site_picked"] = picked
        choices.choose("site", picked)
        choices.finish()
        st.rerun()
    st.session_state["site_picked"] = picked

if chosen:
    site = everything[everything["site_id"] == chosen].iloc[0].to_dict()
    with st.container(border=True, key="site_card"):
        card.show(
            site,
            reader.read(ask.euros(chosen)),
            reader.read(ask.site_milestones(chosen)),
            reader.read(ask.claims(chosen)),
            reader.read(ask.inside(chosen)),
        )
        st.button("Close the card", on_click=choices.setter(site=""), key="close_card")
choices.finish()
