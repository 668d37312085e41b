"""The address of a view says what is chosen, in codes; nothing is dropped in silence."""

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.url_state import RESERVED, Parameter, read_link, write_link

CODES = ("programmed", "committed", "eu-contribution", "digital-europe", "horizon-europe", "DE", "2024")
ONE = Parameter("stage", ("programmed", "committed", "paid"), ("programmed",))
MANY = Parameter("programme", ("digital-europe", "horizon-europe", "cef-digital"), (), several=True)
PRESET = Parameter("kind", ("ai-factory", "antenna", "quantum"), ("ai-factory", "antenna"), several=True)


@st.composite
def parameters_and_choices(draw: st.DrawFn) -> tuple[list[Parameter], dict[str, tuple[str, ...]]]:
    names = draw(
        st.lists(
            st.from_regex(r"[a-z]{2,8}", fullmatch=True).filter(lambda name: name not in RESERVED),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    parameters, chosen = [], {}
    for name in names:
        allowed = tuple(draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True)))
        several = draw(st.booleans())
        most = len(allowed) if several else 1
        subset = st.lists(
            st.sampled_from(allowed), min_size=0 if several else 1, max_size=most, unique=True
        ).map(tuple)
        parameters.append(Parameter(name, allowed, draw(subset), several))
        chosen[name] = draw(subset)
    return parameters, chosen


@pytest.mark.slow
@given(parameters_and_choices(), st.booleans())
def test_what_is_written_is_read_again(
    drawn: tuple[list[Parameter], dict[str, tuple[str, ...]]], whole: bool
) -> None:
    parameters, chosen = drawn
    address = urlencode(write_link(chosen, parameters, whole), doseq=True)
    values, notices = read_link(parse_qs(address, keep_blank_values=True), parameters)
    assert values == chosen
    assert notices == []


@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3), max_size=4))
def test_every_part_of_an_address_is_followed_or_answered(query: dict[str, list[str]]) -> None:
    parameters = [ONE, MANY, PRESET]
    values, notices = read_link(query, parameters)
    said = " ".join(notices)
    for name, given_values in query.items():
        if name in RESERVED:
            continue
        if name not in values:
            assert f"“{name}” is not a choice on this page." in said
            continue
        for value in filter(None, given_values):
            assert (
                value in values[name]
                or f"“{name}={value}” is unknown." in said
                or f"“{name}” takes one value" in said
            )
    for parameter in parameters:
        assert set(values[parameter.name]) <= set(parameter.allowed)


def test_an_unknown_parameter_is_named_with_the_choices_there_are() -> None:
    values, notices = read_link({"stgae": ["paid"]}, [ONE, MANY])
    assert values == {"stage": ("programmed",), "programme": ()}
    assert notices == [
        "“stgae” is not a choice on this page. It was ignored. Choices are programme and stage."
    ]


def test_an_unknown_value_is_named_with_the_nearest_and_the_allowed() -> None:
    _, notices = read_link({"stage": ["Comitted"]}, [ONE])
    assert notices == [
        "“stage=Comitted” is unknown. It was ignored. Did you mean committed? Allowed: programmed, committed or paid."
    ]


def test_known_values_beside_unknown_ones_stay() -> None:
    values, notices = read_link({"programme": ["digital-europe", "digital", "digital-europe"]}, [MANY])
    assert values["programme"] == ("digital-europe",)
    assert len(notices) == 1


def test_two_values_where_one_may_stand_are_answered() -> None:
    values, notices = read_link({"stage": ["paid", "committed"]}, [ONE])
    assert values["stage"] == ("committed",)
    assert notices == ["“stage” takes one value. The link gives paid and committed; committed is used."]


def test_a_label_is_never_read_as_a_code() -> None:
    values, notices = read_link({"programme": ["Digital Europe"]}, [MANY])
    assert values["programme"] == ()
    assert "Did you mean digital-europe?" in notices[0]


def test_what_is_as_preset_leaves_the_address_short_and_none_chosen_can_be_said() -> None:
    assert (
        write_link(
            {"stage": ("programmed",), "programme": (), "kind": ("ai-factory", "antenna")},
            [ONE, MANY, PRESET],
        )
        == {}
    )
    assert write_link({"kind": ()}, [PRESET]) == {"kind": [""]}
    assert read_link({"kind": [""]}, [PRESET]) == ({"kind": ()}, [])


def test_a_whole_link_keeps_its_meaning_when_a_preset_changes() -> None:
    written = write_link({"stage": ("programmed",)}, [ONE], whole=True)
    changed = Parameter("stage", ONE.allowed, ("paid",))
    assert read_link(written, [changed])[0] == {"stage": ("programmed",)}


def test_words_of_the_frame_are_no_choices() -> None:
    assert read_link({"embed": ["true"], "release": ["2026-11-23-0000000000"]}, [ONE]) == (
        {"stage": ("programmed",)},
        [],
    )
