"""Likely choices: every single change, and two kinds of changes at once."""

from pages.parts.choices_to_answer_ahead import MOST_OPTIONS, likely
from pages.parts.url_state import Parameter

STAGE = Parameter("stage", ("announced", "paid"), ("paid",))
PROGRAMME = Parameter("programme", ("digital", "horizon"), several=True)


def test_the_page_as_it_opens_comes_first_then_each_single_change_then_two_at_once() -> None:
    assert list(likely([STAGE, PROGRAMME])) == [
        {"stage": ("paid",), "programme": ()},
        {"stage": ("announced",), "programme": ()},
        {"stage": ("paid",), "programme": ("digital",)},
        {"stage": ("paid",), "programme": ("horizon",)},
        {"stage": ("announced",), "programme": ("digital",)},
    ]


def test_a_long_list_is_not_gone_through() -> None:
    sites = Parameter("site", tuple(f"site-{number}" for number in range(500)))
    assert len(list(likely([sites]))) == 1 + MOST_OPTIONS


def test_a_parameter_without_options_changes_nothing() -> None:
    assert list(likely([Parameter("country", ())])) == [{"country": ()}]
