"""The map of sites: shapes by kind, filled when open.

Land without names, points at city level, no request to anybody else.
"""

import re
from collections.abc import Collection, Sequence

import pandas as pd

from pages.parts.design_tokens import KINDS, TOKENS, Theme, Width, kind_colour, kind_symbol
from pages.parts.figures.common import house, hover, require
from pages.parts.text import figure_refusals as refusals
from pages.parts.text import formatting
from pages.parts.text import sites as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

STEP = 1.0  # degrees of longitude between sites of one place
DEGREES_A_LETTER = 0.75  # width of a letter of a label, in degrees of longitude in the middle of the wide map
Box = tuple[float, float, float]  # west, east, latitude of a label


def sites_map(
    rows: pd.DataFrame,
    theme: Theme,
    width: Width = "wide",
    *,
    chosen: str | None = None,
    named: Collection[str] = (),
    locale: str = ENGLISH,
) -> Drawing:
    """Sites on a map of Europe; the chosen one has a ring and its name, those in `named` their names (wide
    only, and where there is room).

    rows: site_id, name, kind (code), kind_label, status_label, is_open, lat, lon (degrees, missing where no
        place is known), city, country; optional country_label.
    Sites without a place are not drawn: the page counts and lists them. The customdata of a point is
    [site_id].
    Draw with config topojsonURL="/app/static/topojson/". Raises ValueError if a column is missing, there are
    no rows or a kind is unknown.
    """
    require(
        rows,
        "site_id",
        "name",
        "kind",
        "kind_label",
        "status_label",
        "is_open",
        "lat",
        "lon",
        "city",
        "country",
    )
    unknown = sorted(set(rows["kind"]) - set(KINDS))
    if unknown:
        raise ValueError(say(refusals.NO_SHAPE, kinds=unknown))
    with_place = _side_by_side(rows[rows["lat"].notna() & rows["lon"].notna()])
    tokens = TOKENS[theme]
    is_wide = width == "wide"
    figure = house(theme, 545 if is_wide else 320, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    figure.update_layout(uirevision="map", clickmode="event+select")
    figure.update_geos(
        scope="world",
        resolution=50,
        fitbounds=False,
        projection={"type": "conic conformal", "parallels": [40, 62], "rotation": {"lon": 12}},
        lonaxis={"range": [-19, 34.5]},
        lataxis={"range": [34.6, 67.2]},
        bgcolor="rgba(0,0,0,0)",
        showland=True,
        landcolor=tokens.land,
        showcountries=True,
        countrycolor=tokens.background,
        countrywidth=0.8,
        showcoastlines=False,
        showlakes=False,
        showocean=False,
        showrivers=False,
        showframe=False,
    )
    size = {"circle": 10, "triangle-up": 11, "diamond": 11, "square": 9, "pentagon": 11}
    for (kind, is_open), own in with_place.groupby(["kind", "is_open"], sort=False):
        symbol = kind_symbol(str(kind), bool(is_open))
        shape = symbol.removesuffix("-open")
        figure.add_scattergeo(
            lon=own["x"].tolist(),
            lat=own["lat"].tolist(),
            mode="markers",
            customdata=own[["site_id"]].values.tolist(),
            marker={
                "symbol": symbol,
                "size": size[shape] if is_wide else size[shape] - 2.5,
                "color": kind_colour(str(kind), theme),
                "opacity": 1,
                "line": {"width": 2 if is_wide else 1.6, "color": kind_colour(str(kind), theme)}
                if symbol.endswith("-open")
                else {"width": 0},
            },
            # Plotly fades what was not clicked; the choice is shown by the ring instead.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            hovertemplate=[
                hover(
                    row.name,
                    say(text.KIND_STATUS, locale, kind=row.kind_label, status=row.status_label),
                    text.place(row.city, getattr(row, "country_label", row.country), locale),
                )
                for row in frame_rows.rows(own)
            ],
        )
    _labels(figure, with_place, chosen, named if is_wide else (), theme, is_wide)
    return figure


def _side_by_side(rows: pd.DataFrame) -> pd.DataFrame:
    """Adds x: the longitude, moved so that sites of one place stand beside one another, centred on it."""
    sites = rows.astype({"lat": float, "lon": float})
    point = [sites["lat"].round(1), sites["lon"].round(1)]
    number = sites.groupby(point).cumcount()
    size = sites.groupby(point)["site_id"].transform("size")
    return sites.assign(x=sites["lon"] + STEP * (number - (size - 1) / 2))


def _labels(
    figure: Drawing,
    rows: pd.DataFrame,
    chosen: str | None,
    named: Collection[str],
    theme: Theme,
    is_wide: bool,
) -> None:
    tokens = TOKENS[theme]
    halo = ", ".join(f"{x}px {y}px 1px {tokens.land}" for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y)
    taken: list[Box] = []
    points = list(zip(rows["x"], rows["lat"], strict=True))
    drawn: dict[bool, list[tuple[float, float, str, str]]] = {
        True: [],
        False: [],
    }  # chosen or not → longitude, latitude, name, side
    wanted = rows[rows["site_id"].isin([*named, *([chosen] if chosen else [])])]
    for site in sorted(frame_rows.rows(wanted), key=lambda site: (site.site_id != chosen, site.site_id)):
        is_chosen = site.site_id == chosen
        name = re.sub(r"\s*\([^)]*\)$", "", str(site.name))
        side, box = _free_side(site.x, site.lat, DEGREES_A_LETTER * len(name) + 1, points, taken)
        if side or is_chosen:
            taken.append(box)
            drawn[is_chosen].append((site.x, site.lat, name, side))
    ring = {
        "symbol": "circle-open",
        "size": 22 if is_wide else 17,
        "color": tokens.text,
        "line": {"width": 2},
    }
    for is_chosen, names in drawn.items():
        if names:
            figure.add_scattergeo(
                lon=[x for x, *_ in names],
                lat=[lat for _, lat, *_ in names],
                mode="markers+text",
                marker=ring if is_chosen else {"size": 10, "color": "rgba(0,0,0,0)"},
                text=[
                    f"{formatting.NBSP}<b>{name}</b>{formatting.NBSP}" if is_chosen else name
                    for *_, name, _ in names
                ],
                textposition=["middle left" if side == "left" else "middle right" for *_, side in names],
                textfont={"color": tokens.text, "size": 14 if is_chosen else 12, "shadow": halo},
                hoverinfo="skip",
            )


def _free_side(
    x: float, lat: float, length: float, points: Sequence[tuple[float, float]], taken: list[Box]
) -> tuple[str, Box]:
    """The side on which a name of a length has room, "right" or "left" or "" for neither, and the box it then
    fills.

    points: longitude and latitude of every site.
    """
    sides: dict[str, Box] = {"right": (x + 0.01, x + length, lat), "left": (x - length, x - 0.01, lat)}
    for side, (start, end, _) in sides.items():
        is_on_a_site = any(
            abs(other_lat - lat) < 0.65 and start <= other <= end for other, other_lat in points
        )
        if not is_on_a_site and not any(
            start < other_end and other_start < end and abs(lat - at) < 1
            for other_start, other_end, at in taken
        ):
            return side, sides[side]
    return "", sides["right"]
