"""What each page but Euros says of a choice, against counts of the same choice."""

import functools
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pages.parts.text import countries as countries_text
from pages.parts.text import formatting
from pages.parts.url_state import Values
from pages.parts.views import (
    FIGURES,
    calls,
    comparison,
    countries,
    euros,
    flows,
    overlaps,
    overview,
    projects,
    site_page,
    sites,
)
from pipelines import frame_rows
from pipelines.queries import timeline as timeline_questions
from pipelines.queries.choice import Choice
from tests import planned_dates
from tests.pages.parts.views.plain_counts import Plain, Row, added

if TYPE_CHECKING:
    from tests.pages.parts.views.agreement import Agreement

AI = ("strict", "broad")
TOGETHER = ("eu-and-states", "several")  # payers of amounts that no source splits


def _overview(agreement: "Agreement", values: Values) -> None:
    """The headline, the title and the last rung say what the steps of the ladder hold."""
    answers, plain, (code,) = agreement.answers, agreement.plain, values["ladder"]
    steps = [row for row in plain.table("mart_ladder") if row["ladder"] == code]
    known = [row for row in steps if row["amount_eur"] is not None]
    said = overview.answer(answers, values)
    paid = [row for row in known if row["stage"] == "paid"]
    of_ladder = [
        row
        for row in plain.in_force
        if row["stage"] == "paid" and code in (row["programme"], row["initiative"])
    ]
    assert ("no published payment" in said.standfirst) == (not paid), values
    assert paid or not of_ladder, (values, of_ladder)
    assert ("no source gives an amount" in said.headline) == (not known), values
    amounts = [formatting.euros(row["amount_eur"], row["qualifier"]) for row in known]
    assert not known or any(amount in said.headline for amount in amounts), (values, said)
    if " amounts are published" in said.title:
        counted = f"{formatting.sentence(formatting.number(len(known)))} of {formatting.number(len(steps))} "
        assert said.title.startswith(counted), (values, said.title)
    for stage, beyond in {
        "announced": "beyond announcements",
        "programmed": "beyond laws",
        "committed": "beyond budget",
        "contracted": "beyond signed",
    }.items():
        if beyond in said.title:
            order = [row["code"] for row in plain.table("stages")]
            assert max(order.index(row["stage"]) for row in known) == order.index(stage), values
    table = FIGURES["ladder"].make(answers, values)
    assert table is not None
    empty = sum("none" in str(cell) or "not published" in str(cell) for cell in table.table["Euros"])
    assert empty == len(steps) - len(known), (values, table.table["Euros"])
    planned_dates.compare_with_the_overview(answers)


def _chosen_sites(plain: Plain, values: Values) -> list[Row]:
    wanted = {word: values.get(word, ()) for word in ("kind", "status", "country")}
    return [
        site
        for site in plain.table("sites")
        if all(not codes or site[word] in codes for word, codes in wanted.items())
    ]


def _money_of(plain: Plain, site_ids: set[str]) -> tuple[list[Row], list[Row]]:
    """What may be added for some sites, and the rival bids for them."""
    of_sites = [row for row in plain.in_force if row["site_id"] in site_ids]
    current = [row for row in of_sites if row["price_basis"] == "current"]
    bids = [row for row in current if not row["may_be_added"] and row["level"] == "bid"]
    return [row for row in current if row["may_be_added"]], bids


def _payers(agreement: "Agreement", name: str, values: Values, site_ids: set[str]) -> None:
    """Sums by payer are those of the entries; what is said not to be published has no amount."""
    plain, figure = agreement.plain, FIGURES[name].make(agreement.answers, values)
    entries, bids = _money_of(plain, site_ids)
    assert (figure is None) == (not entries and not bids), (name, values)
    if figure is None:
        return
    records = frame_rows.records(figure.rows)
    summed, listed = ([row for row in records if row["is_bid"] == is_bid] for is_bid in (False, True))
    assert added(row["amount_eur"] for row in summed) == plain.net(entries), (name, values)
    assert added(row["amount_eur"] for row in listed) == added(row["amount_eur"] for row in bids), values
    counted = plain.counted(entries)
    known = [row for row in entries if counted.get(row["entry_id"]) is not None]
    said = {
        "nothing is granted": not entries,
        "no amount is published": bool(entries) and not known,
        "who pays how much": bool(known) and all(row["funder"] in TOGETHER for row in known),
    }
    for phrase, is_true in said.items():
        assert (phrase in figure.title) == is_true, (name, values, phrase, figure.title)


def _sites(agreement: "Agreement", values: Values) -> None:
    answers, plain = agreement.answers, agreement.plain
    every, shown = plain.table("sites"), _chosen_sites(plain, values)
    words, figure = sites.words(answers, values), FIGURES["sites"].make(answers, values)
    assert words.known == len(every), values
    assert len(words.listed) == len(words.ids) == len(shown), values
    assert (figure is None) == (not shown), values
    if figure is not None:
        assert len(figure.rows) == len(shown), values
        with_place = sum(site["lat"] is not None for site in shown)
        assert str(with_place) in figure.subtitle and str(len(shown)) in figure.subtitle, values
    open_codes = {row["code"] for row in plain.table("site_statuses") if row["is_open"]}
    factories = [site for site in every if site["kind"] == "ai-factory"]
    is_open = sum(site["status"] in open_codes for site in factories)
    number = formatting.sentence(formatting.number(is_open))
    assert words.answer.headline.startswith(f"{number} of {len(factories)} AI factories"), values
    selected = [s for s in every if s["kind"] == "gigafactory" and s["status"] != "announced"]
    assert ("No gigafactory site" in words.answer.headline) == (not selected), values
    site_id = next(iter(values["site"]), "")
    parts = {site["site_id"] for site in every if site_id in (site["site_id"], site["part_of"])}
    _payers(agreement, "site_payers", values, parts if site_id else {site["site_id"] for site in shown})
    promised = FIGURES["site_promises"].make(answers, values)
    wanted = parts if site_id else {site["site_id"] for site in shown}
    dated = any(row["site_id"] in wanted for row in _dated(agreement))
    assert (promised is None) == (not dated), values
    page = site_page.words(answers, values)
    listed = sum(row["site_id"] in parts for row in plain.in_force) if site_id else 0
    assert page.amounts.num_rows == listed, values


def _dated(agreement: "Agreement") -> list[Row]:
    """All statements of a promised date, whatever is chosen."""
    rows = frame_rows.records(agreement.answers.read(timeline_questions.promises))
    return [row for row in rows if row["promised_on"] is not None]


def _countries(agreement: "Agreement", values: Values) -> None:
    answers, plain = agreement.answers, agreement.plain
    words, code = countries.words(answers, values), next(iter(values["country"]), "")
    narrowed: Values = {"kind": values["kind"], "country": values["country"]}
    hosted = _chosen_sites(plain, narrowed)
    ids = {site["site_id"] for site in hosted}
    _payers(agreement, "state_payers", values, ids)
    _size(agreement, values)
    if not code:
        _hosts(words, hosted)
        return
    entries, _ = _money_of(plain, ids)
    every = _chosen_sites(plain, {"country": (code,)})
    assert ("hosts no" in words.headline) == (not hosted), (values, words.headline)
    if "hosts no AI factory, machine or bid" in words.headline:
        assert not every, (values, words.headline)
    lacks_all = bool(hosted) and all(row["amount_eur"] is None for row in entries)
    assert ("no source gives an amount" in words.headline) == lacks_all, (values, words.headline)
    assert len(words.ids) == len(hosted), values
    assert len(words.amount_ids) == sum(row["site_id"] in ids for row in plain.in_force), values
    pledged = [
        row
        for row in plain.in_force
        if (row["country"], row["funder"]) == (code, "member-states") and row["level"] != "line"
    ]
    assert words.pledges.num_rows == len(pledged), values
    named = plain.chosen(Choice("", "eu-contribution", country=(code,), tracked=False, bodies="out"))
    assert bool(words.codes) == any(row["beneficiary"] and row["ai_scope"] in AI for row in named), values
    dated = [row for row in _dated(agreement) if row["country"] == code]
    assert words.promises.num_rows == len({row["promise_id"] for row in dated}), values


def _hosts(words: countries.Words, hosted: list[Row]) -> None:
    """The headline over all states counts the sites that are chosen, and names who has the most of them."""
    sites = Counter(site["country"] for site in hosted)
    assert set(words.states_codes) == set(sites)
    if not sites:
        assert "o country hosts a site" in words.headline
        return
    assert f"{len(sites)}\u00a0countr" in words.headline
    most = max(sites.values())
    leading = [words.options["country"][code] for code, number in sites.items() if number == most]
    if len(leading) <= countries_text.MOST_LEADING:
        assert all(name in words.headline for name in leading), (leading, words.headline)
    else:
        assert "none has more than" in words.headline
    assert formatting.number(most) in words.headline


def _size(agreement: "Agreement", values: Values) -> None:
    """The comparison of states adds to the net of what names them; who is not shown has no entry."""
    plain, figure = agreement.plain, FIGURES["state_size"].make(agreement.answers, values)
    chosen = Choice(
        values["stage"][0],
        values["basis"][0],
        country=countries.shown_beside(values),
        located=True,
        bodies="out",
    )
    entries = plain.chosen(chosen)
    assert (figure is None) == (not entries), values
    if figure is not None:
        assert added(figure.rows["amount_eur"]) == plain.net(entries), values
        assert set(figure.rows["country"]) == {row["country"] for row in entries}, values


def _compare(agreement: "Agreement", values: Values) -> None:
    for what in comparison.FIGURE_OF:
        chosen = {**values, "what": (what,)}
        _SIDE_BY_SIDE.get(what, functools.partial(_each_by_itself, what))(agreement, chosen)


def _countries_side_by_side(agreement: "Agreement", values: Values) -> None:
    answers, plain = agreement.answers, agreement.plain
    words, figure = comparison.words(answers, values), FIGURES["compare"].make(answers, values)
    chosen = Choice(values["stage"][0], values["basis"][0], located=True, bodies="out")
    entries = plain.chosen(chosen)
    counted = plain.counted(entries)
    known: dict[str, Decimal] = {}
    for row in entries:
        if row["country"] in values["country"] and counted.get(row["entry_id"]) is not None:
            known[row["country"]] = known.get(row["country"], Decimal(0)) + counted[row["entry_id"]]
    if figure is None:
        assert not 1 <= len(values["country"]) <= comparison.MOST, values
        return
    shown = {
        row["country"]: row["amount_eur"]
        for row in frame_rows.records(figure.rows)
        if row["amount_eur"] is not None
    }
    assert shown == known, values
    assert ("No published amount" in figure.title) == (not known), (values, figure.title)
    assert ("No amount is published" in words.answer.headline) == (not known), (values, words.answer)


def _each_by_itself(what: str, agreement: "Agreement", values: Values) -> None:
    """Of programmes, initiatives and sites each is counted by itself, whatever stands beside it."""
    answers, plain = agreement.answers, agreement.plain
    words, figure = (
        comparison.words(answers, values),
        FIGURES[comparison.FIGURE_OF[what]].make(answers, values),
    )
    assert (figure is None) == (not 1 <= len(values[what]) <= comparison.MOST), values
    if figure is None:
        return
    kind = {"stage": values["stage"][0], "basis": values["basis"][0]}
    sites = plain.table("sites") if what == "site" else []
    known = {}
    for code in values[what]:
        if what == "site":
            inside = {site["site_id"] for site in sites if code in (site["site_id"], site["part_of"])}
            entries = [row for row in plain.chosen(Choice(**kind, tracked=False)) if row["site_id"] in inside]
            entries = entries or _only_bid(plain, kind, code)
        else:
            entries = plain.chosen(Choice(**kind, **{what: (code,)}))
        amounts = [row["amount_eur"] for row in entries if row["amount_eur"] is not None]
        known[code] = plain.net(entries) if amounts else None
    rows = frame_rows.records(figure.rows)
    shown = {row[comparison.COLUMN[what]]: row["amount_eur"] for row in rows}
    assert shown == known, (what, values)
    is_none = not any(amount is not None for amount in known.values())
    assert ("No published amount" in figure.title or "never added" in figure.title) == is_none, values
    assert (words.nothing is not None) == ("No published amount" in figure.title), values


def _only_bid(plain: Any, kind: dict[str, str], site: str) -> list[Row]:
    """The entry of a bid, if it has one only: several are never added."""
    bids = [
        row
        for row in plain.chosen(Choice(**kind, tracked=False), may_be_added=False)
        if row["site_id"] == site and row["level"] == "bid"
    ]
    return bids if len(bids) == 1 else []


_SIDE_BY_SIDE = {"country": _countries_side_by_side}


def _flows(agreement: "Agreement", values: Values) -> None:
    answers, plain = agreement.answers, agreement.plain
    words, figure = flows.words(answers, values), FIGURES["flows"].make(answers, values)
    chosen = flows.choice(answers, values)
    entries = plain.chosen(chosen)
    net, is_followed = plain.net(entries), bool(values["node"])
    assert (figure is None) == (words.nothing is not None), values
    if not is_followed:
        assert (figure is None) == (net == 0), values
    assert ("can be followed" in words.answer.headline) == (net == 0), (values, words.answer)
    assert not net or formatting.euros(net) in words.answer.headline, (values, words.answer)
    counted = plain.counted(entries)
    if "None of our sources ties any of it" in words.answer.headline:
        assert not any(row["site_id"] and counted.get(row["entry_id"]) for row in entries), values
    if figure is None or is_followed:
        return
    for layer in ("funder", "programme", "initiative"):
        through = figure.rows[figure.rows["layer"] == layer]
        assert added(through["amount_eur"]) == net, (values, layer)
    tied = figure.rows[
        (figure.rows["layer"] == "initiative") & ~figure.rows["to_node"].isin(["rest", "mixed"])
    ]
    assert ("None of our sources ties any of it" in words.answer.headline) == (
        not added(tied["amount_eur"])
    ), values


def _projects(agreement: "Agreement", values: Values) -> None:
    answers, plain = agreement.answers, agreement.plain
    words, years = projects.words(answers, values), {int(year) for year in values.get("year", ())}
    chosen = Choice("", "eu-contribution", programme=tuple(values["programme"]), country=(), tracked=False)
    own = [row for row in plain.chosen(chosen) if row["ai_scope"] in AI]
    series = [row for row in own if values["programme"] or row["programme"] in projects.SERIES_OF]
    _summed(agreement, "ai_series", values, [row for row in series if row["any_year"]], _by_year)
    countries = values.get("country", ())
    fitting = [
        row
        for row in own
        if (not countries or row["country"] in countries) and (not years or row["any_year"] in years)
    ]
    _summed(agreement, "ai_lines", values, [row for row in fitting if row["stage"] == values["stage"][0]])
    known = plain.table("projects")
    assert words.known == len(known), values
    assert words.fitting <= len(known) and len(words.ids) == min(
        50, max(0, words.fitting - 50 * (words.page - 1))
    ), values
    _calls(agreement, values)


def _by_year(row: Row) -> Any:
    return row["programme"], row["any_year"]


def _summed(
    agreement: "Agreement",
    name: str,
    values: Values,
    entries: list[Row],
    by: Callable[[Row], Any] = lambda row: None,
) -> None:
    """A figure of both readings of AI adds to the net of each."""
    plain, figure = agreement.plain, FIGURES[name].make(agreement.answers, values)
    assert (figure is None) == (not entries), (name, values)
    if figure is None:
        return
    strict = [row for row in entries if row["ai_scope"] == "strict"]
    assert added(figure.rows["amount_eur"]) == plain.net(entries, by), (name, values)
    assert added(figure.rows["strict_eur"]) == plain.net(strict, by), (name, values)
    is_known = any(amount is not None for amount in figure.rows["amount_eur"])
    assert is_known or "€" not in figure.title, (name, values, figure.title)


def _calls(agreement: "Agreement", values: Values) -> None:
    """The calls that are counted are those of the list, and none is said of those that are chosen alone."""
    answers, plain = agreement.answers, agreement.plain
    figure, listed = FIGURES["calls"].make(answers, values), calls.listed(answers, values)
    wanted = [
        call
        for call in plain.table("calls")
        if (not values["programme"] or call["programme"] in values["programme"])
        and (not values["state"] or _state(call, answers.known_on) in values["state"])
    ]
    assert listed.rows.num_rows == len(wanted), values
    if figure is None:
        assert not wanted, values
        return
    is_ai = [call for call in wanted if call["ai_scope"] in AI]
    assert int(figure.rows["calls"].sum()) == len(wanted), values
    assert int(figure.rows["ai_calls"].sum()) == len(is_ai), values
    once = added(call["budget_once_eur"] for call in is_ai)
    assert added(figure.rows["budget_once_eur"]) == once, values
    assert ("None of the calls shown here has a published budget" in figure.title) == (not once), values


def _state(call: Row, day: Any) -> str:
    if call["closes_on"] is not None and call["closes_on"] < day:
        return "closed"
    is_to_come = call["status"] == "Forthcoming" and (call["opens_on"] is None or call["opens_on"] > day)
    return "coming" if is_to_come else "open"


def _timeline(agreement: "Agreement", values: Values) -> None:
    planned_dates.compare(agreement.answers, values)


def _overlaps(agreement: "Agreement", values: Values) -> None:
    """Every pair is an overlap of the release; what is taken off a sum is what gross and net differ by."""
    answers, plain = agreement.answers, agreement.plain
    said, chosen = overlaps.words(answers, values), euros.choice(answers, values)
    figure = FIGURES["amounts_inside"].make(answers, values)
    assert (figure is None) == ("no amount is known to be inside" in said.answer.headline), (values, said)
    if figure is not None:
        pairs = frame_rows.records(figure.rows)
        edges = {(row["container_entry_id"], row["contained_entry_id"]) for row in plain.table("overlaps")}
        named = [row for row in pairs if row["entry_id"]]
        assert {(row["container_entry_id"], row["entry_id"]) for row in named} <= edges, values
        parts = len({row["entry_id"] for row in named}) + sum(int(row["published_lines"]) for row in pairs)
        assert f": {parts:,}\u00a0amount" in said.answer.headline, (values, parts, said.answer.headline)
    entries, taken = plain.chosen(chosen), FIGURES["counted_twice"].make(answers, values)
    removed = added(taken.rows["amount_eur"]) if taken is not None else Decimal(0)
    assert removed == added(row["amount_eur"] for row in entries) - plain.net(entries), values
    assert (said.nothing is None) == (taken is not None), values
    if said.nothing is not None:
        assert ("No amount fits" in said.nothing[0]) == (not entries), (values, said.nothing)


SAID_OF: dict[str, Callable[[Any, Values], None]] = {
    "": _overview,
    "sites": _sites,
    "countries": _countries,
    "compare": _compare,
    "flows": _flows,
    "projects": _projects,
    "timeline": _timeline,
    "overlaps": _overlaps,
}
