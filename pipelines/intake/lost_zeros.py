"""Codes that lost their leading zeros in a spreadsheet: “2 04 03” beside “02 04 01”. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

_CODE = re.compile(r"\d+(?:[ .\-/]\d+)*(?=$|[\s:;,–—-]+[^\W\d])", re.ASCII)
_MOST_ZEROS = 3
_YEAR = re.compile(r"(19|20)\d\d")
_DAY = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}-\d\d?-\d\d?")


def code_in(text: str) -> str:
    """The code of digits that a text is, or begins with; empty where it has none, or is a year or a day."""
    match = _CODE.match(text.strip())
    return match[0] if match and not _YEAR.fullmatch(match[0]) and not _DAY.fullmatch(match[0]) else ""


def lost_zeros(texts: Iterable[str], known: Collection[str] = ()) -> Mapping[str, str]:
    """Text → the code that it would begin with, had it kept its zeros.

    texts: the different cells of one column. known: codes that are published. A code has lost its zeros where
    with them it is known and without them it is not, or where it is then as long, group by group, as most
    other codes of the column that begin with a zero.
    """
    codes = {text: code for text in texts if (code := code_in(text))}
    own = set(codes.values())
    shapes = Counter(_shape(code) for code in own)
    with_zero = Counter(_shape(code) for code in own if code[0] == "0")
    return {
        text: whole
        for text, code in codes.items()
        if code[0] != "0" and (whole := _whole(code, own, shapes, with_zero, known))
    }


def _whole(
    code: str,
    own: Collection[str],
    shapes: Mapping[tuple[int, ...], int],
    with_zero: Mapping[tuple[int, ...], int],
    known: Collection[str],
) -> str:
    """The code with the zeros that it lost; empty where it seems to have lost none."""
    longer = ["0" * zeros + code for zeros in range(1, _MOST_ZEROS + 1)]
    if code not in known and (found := next((one for one in longer if one in known), "")):
        return found
    if with_zero[_shape(code)] or code in known:
        return ""
    return next(
        (
            one
            for one in longer
            if with_zero[_shape(one)] and shapes[_shape(one)] >= shapes[_shape(code)] and one not in own
        ),
        "",
    )


def _shape(code: str) -> tuple[int, ...]:
    """How many digits each group of a code has."""
    return tuple(len(group) for group in re.split(r"[ .\-/]", code))
