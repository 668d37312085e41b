"""Which countries stand beside one another: as the map draws their borders, and across the nearest sea."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipelines import reference
from pipelines.neighbouring_countries import neighbours
from tests.paths import ROOT

ACROSS_THE_SEA = ({"CY", "EL"}, {"DK", "SE"}, {"EE", "FI"}, {"IT", "MT"}, {"IS", "NO"})
COUNTRIES = reference.read_rows("countries")
SHOWN = {row["code"] for row in COUNTRIES if "true" in (row["is_member"], row["is_eurohpc"])}


def arcs(nested: list[Any]) -> Iterator[int]:
    for part in nested:
        if isinstance(part, list):
            yield from arcs(part)
        else:
            yield part if part >= 0 else ~part


def land_borders() -> set[tuple[str, str]]:
    """Pairs of countries that share a line of the map."""
    codes = {row["iso3"]: row["code"] for row in COUNTRIES if row["iso3"]}
    drawn = json.loads((ROOT / "static" / "topojson" / "world_50m.json").read_text())
    sharers: dict[int, set[str]] = defaultdict(set)
    for shape in drawn["objects"]["countries"]["geometries"]:
        for arc in arcs(shape["arcs"]):
            sharers[arc].add(codes.get(shape["id"], ""))
    return {
        (one, other)
        for group in sharers.values()
        for one in group & SHOWN
        for other in group & SHOWN
        if one != other
    }


def test_neighbours_are_those_of_the_map_and_across_the_sea() -> None:
    listed = {(code, other) for code in SHOWN for other in neighbours(code)}
    sea = {pair for one, other in map(sorted, ACROSS_THE_SEA) for pair in ((one, other), (other, one))}
    assert listed == land_borders() | sea


def test_every_member_state_has_a_neighbour_and_an_unknown_country_none() -> None:
    assert all(neighbours(row["code"]) for row in COUNTRIES if row["is_member"] == "true")
    assert neighbours("US") == neighbours("") == ()
