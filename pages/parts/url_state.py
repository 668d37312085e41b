"""The address of a view ↔ what is chosen in it. Pure: knows no widget. Codes only, never labels.

A link that says something unknown is answered with a sentence; nothing is dropped in silence.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pages.parts.text import address_notices
from pages.parts.text.cldr import ENGLISH
from pipelines import reference

RESERVED = frozenset({"embed", "embed_options", "release", "as_of"})


def renamed(
    folder: Path = reference.REFERENCE,
) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Old parameter → new one, and (parameter, old code) → new code: links keep their word when a name
    changes.

    folder: where renamed.csv is: name,old,new,since. `name` is the parameter whose code changed, or
        “parameter”
    where the parameter itself did. What was renamed twice is followed to its end.
    """
    rows = reference.read_rows("renamed", folder)
    parameters = {row["old"]: row["new"] for row in rows if row["name"] == "parameter"}
    codes = {(row["name"], row["old"]): row["new"] for row in rows if row["name"] != "parameter"}
    for old in parameters:
        for _ in parameters:
            parameters[old] = parameters.get(parameters[old], parameters[old])
    for name, old in codes:
        for _ in codes:
            codes[name, old] = codes.get((name, codes[name, old]), codes[name, old])
    return parameters, codes


RETIRED, RECODED = renamed()
LONGEST_LISTED = 500  # codes of one parameter
LONGEST_COMPARED = 5_000  # codes among which one is looked for that was perhaps meant


@dataclass(frozen=True)
class Parameter:
    """One word of an address.

    allowed: the codes it may have. default: the codes that it has when the address is silent. several:
        whether it may have more than one. is_text: it may have any text, such as what somebody searches for.
    """

    name: str
    allowed: tuple[str, ...]
    default: tuple[str, ...] = ()
    several: bool = False
    is_text: bool = False

    def allows(self, value: str) -> bool:
        """Whether it may have this value."""
        return value in self.allowed or (self.is_text and bool(value.strip()))

    @property
    def listed(self) -> tuple[str, ...]:
        """What descriptions of the API list of `allowed`: nothing where a list of the API has that many."""
        return self.allowed if len(self.allowed) <= LONGEST_LISTED else ()


Values = Mapping[str, tuple[str, ...]]


def read_link(
    query: Mapping[str, Sequence[str]], parameters: Iterable[Parameter], locale: str = ENGLISH
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """What an address asks for, and a sentence for each part of it that cannot be followed.

    query: parameter → its values, in the order of the address. An empty value means: none chosen.
    """
    parameters_by_name = {parameter.name: parameter for parameter in parameters}
    values = {name: parameter.default for name, parameter in parameters_by_name.items()}
    notices = []
    for name, query_values in query.items():
        if name in RESERVED:
            continue
        parameter = parameters_by_name.get(name) or parameters_by_name.get(RETIRED.get(name, name))
        if parameter is None:
            notices.append(address_notices.no_choice(name, sorted(parameters_by_name), locale))
            continue
        new = [
            value if parameter.allows(value) else RECODED.get((parameter.name, value), value)
            for value in query_values
        ]
        good = tuple(dict.fromkeys(value for value in new if parameter.allows(value)))
        for value in new:
            if value and not parameter.is_text and not parameter.allows(value):
                compared = parameter.allowed if len(parameter.allowed) <= LONGEST_COMPARED else ()
                near = difflib.get_close_matches(value.lower(), compared, n=1, cutoff=0.6)
                notices.append(address_notices.unknown(name, value, "".join(near), parameter.allowed, locale))
        if len(good) > 1 and not parameter.several:
            notices.append(address_notices.one_value(name, good, locale))
            good = good[-1:]
        if good or (parameter.several and list(query_values) == [""]):
            values[parameter.name] = good
    return values, notices


def write_link(values: Values, parameters: Iterable[Parameter], whole: bool = False) -> dict[str, list[str]]:
    """The address of what is chosen. whole: say every parameter, so that the link means the same when a
    default has changed.
    """
    written = {}
    for parameter in parameters:
        chosen = tuple(values.get(parameter.name, parameter.default))
        if whole or chosen != parameter.default:
            written[parameter.name] = list(chosen) or [""]
    return written
