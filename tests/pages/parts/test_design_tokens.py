"""The colours: contrast on both grounds, distance for every kind of colour vision, and the same values where
Streamlit needs them.
"""

import csv
import tomllib
from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert

from pages.parts import design_tokens
from pages.parts.design_tokens import TOKENS, Theme
from tests.paths import ROOT

THEMES: tuple[Theme, Theme] = ("light", "dark")
SETS = {
    "programmes": {**design_tokens.PROGRAMMES, "not-allocated": design_tokens.CONTEXT},
    "kinds": design_tokens.KINDS,
    "stages": design_tokens.STAGES,
    "funders": design_tokens.FUNDERS,
}
VISIONS = {"normal": None, "deutan": "deuteranomaly", "protan": "protanomaly", "tritan": "tritanomaly"}


def codes(vocabulary: str) -> set[str]:
    with (ROOT / "data" / "reference" / f"{vocabulary}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def seen(colour: str, vision: str | None) -> np.ndarray:
    """A colour in CAM02-UCS as a kind of colour vision sees it (Machado 2009, full severity)."""
    rgb = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    if vision:
        rgb = np.clip(
            cspace_convert(rgb, {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}, "sRGB1"), 0, 1
        )
    return cspace_convert(rgb, "sRGB1", "CAM02-UCS")


@pytest.mark.parametrize("theme", THEMES)
def test_marks_reach_three_to_one_on_both_grounds(theme: Theme) -> None:
    tokens = TOKENS[theme]
    marks = [pair.on(theme) for pairs in SETS.values() for pair in pairs.values()] + [
        tokens.hatch,
        tokens.context,
        tokens.accent,
    ]
    low = {
        (mark, ground)
        for mark in marks
        for ground in (tokens.background, tokens.surface)
        if design_tokens.contrast(mark, ground) < 3
    }
    assert not low


@pytest.mark.parametrize("theme", THEMES)
def test_text_reaches_four_and_a_half_to_one(theme: Theme) -> None:
    tokens = TOKENS[theme]
    pairs = [
        (ink, ground)
        for ink in (tokens.text, tokens.muted, tokens.accent)
        for ground in (tokens.background, tokens.surface)
    ]
    pairs += [
        (tokens.error, tokens.error_ground),
        (tokens.warning, tokens.warning_ground),
        (tokens.good, tokens.good_ground),
    ]
    pairs += [(tokens.accent, tokens.note_ground), (tokens.muted, tokens.land), (tokens.text, tokens.land)]
    assert not {pair for pair in pairs if design_tokens.contrast(*pair) < 4.5}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("name", "least"), [("programmes", 12), ("kinds", 12), ("stages", 8), ("funders", 7)]
)
@pytest.mark.parametrize("vision", VISIONS)
def test_colours_of_a_set_stay_apart_for_every_colour_vision(
    theme: Theme, name: str, least: float, vision: str
) -> None:
    colours = {code: seen(pair.on(theme), VISIONS[vision]) for code, pair in SETS[name].items()}
    distances = {(a, b): float(np.linalg.norm(colours[a] - colours[b])) for a, b in combinations(colours, 2)}
    closest = min(distances, key=distances.__getitem__)
    assert distances[closest] >= least, (closest, distances[closest])


def test_more_real_means_more_ink() -> None:
    for theme in THEMES:
        contrasts = [
            design_tokens.contrast(pair.on(theme), TOKENS[theme].background)
            for pair in design_tokens.STAGES.values()
        ]
        assert contrasts == sorted(contrasts)


def test_every_stage_and_kind_of_the_vocabulary_has_its_colour_and_shape() -> None:
    assert list(design_tokens.STAGES) == [
        "announced",
        "programmed",
        "committed",
        "contracted",
        "paid",
    ] and set(design_tokens.STAGES) == codes("stages")
    assert set(design_tokens.KINDS) == set(design_tokens.SYMBOLS) == codes("site_kinds")
    assert set(design_tokens.PROGRAMMES) <= codes("programmes") and set(design_tokens.FUNDERS) <= codes(
        "funders"
    )
    assert len(set(design_tokens.SYMBOLS.values())) == len(design_tokens.SYMBOLS)


def test_streamlit_is_told_the_same_colours() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for theme in THEMES:
        tokens, told = TOKENS[theme], config[theme]
        expected = {
            "primaryColor": tokens.accent,
            "linkColor": tokens.accent,
            "backgroundColor": tokens.background,
            "secondaryBackgroundColor": tokens.surface,
            "textColor": tokens.text,
            "borderColor": tokens.border,
            "redTextColor": tokens.error,
            "redBackgroundColor": tokens.error_ground,
            "yellowTextColor": tokens.warning,
            "yellowBackgroundColor": tokens.warning_ground,
            "greenTextColor": tokens.good,
            "greenBackgroundColor": tokens.good_ground,
            "blueBackgroundColor": tokens.note_ground,
            "dataframeHeaderTextColor": tokens.muted,
        }
        assert {key: told[key] for key in expected} == expected


def test_text_on_a_mark_is_readable_or_stands_outside() -> None:
    marks = [pair.on(theme) for pairs in SETS.values() for pair in pairs.values() for theme in THEMES]
    assert all(
        ink is None or design_tokens.contrast(ink, mark) >= 4.5
        for mark in marks
        for ink in [design_tokens.ink_on(mark)]
    )
