"""Room for words in images: no line is wider than its sheet in the widest font that readers fall back to, and
addresses end lines where they may.
"""

import pytest

from pages.parts.figures import text_metrics

LINK = "example.org/euros?programme=digital-europe&programme=horizon-europe&prices=constant-2018&release=2026-11-23-463a4317d0"


@pytest.mark.parametrize("room", [150, 330, 700])
@pytest.mark.parametrize(
    "text",
    [
        LINK,
        "Amounts that belong to one year, programmed · EU contribution, net of what is inside.",
        "x" * 300,
        "",
    ],
)
def test_no_line_is_wider_than_its_room_and_no_letter_is_lost(text: str, room: int) -> None:
    found = text_metrics.lines(text, room, 12.5)
    assert all(text_metrics.width(line, 12.5) <= room for line in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_an_address_ends_a_line_only_after_its_signs() -> None:
    found = text_metrics.lines(LINK, 330, 12.5)
    assert len(found) > 2 and all(line[-1] in "&?/" for line in found[:-1])
    assert text_metrics.lines("Sources: A and/or B.", 60, 12)[0] == "Sources:"


def test_bold_titles_take_more_room_than_small_words() -> None:
    assert (
        text_metrics.width("Release", 10, text_metrics.BOLD_SERIF)
        > text_metrics.width("Release", 10)
        > 7 * 10 * 0.4
    )
    assert text_metrics.width("ffi", 10) < text_metrics.width("MMM", 10)
