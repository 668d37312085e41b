"""A strict reader of the text form of OpenMetrics 1.0, as far as counters, gauges and infos go."""

import re
from dataclasses import dataclass, field

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
_SAMPLE = re.compile(
    rf"({_NAME})(?:\{{({_LABEL}(?:,{_LABEL})*)?\}})? (-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)"
)
_SUFFIXES = {"counter": "_total", "gauge": "", "info": "_info"}


@dataclass
class Family:
    """kind, unit and meaning of a family; its values by their labels."""

    kind: str
    unit: str = ""
    meaning: str = ""
    values: dict[tuple[tuple[str, str], ...], float] = field(default_factory=dict)


def read(text: str) -> dict[str, Family]:
    """Name → family. Raises ValueError with the line that breaks a rule of the form."""
    if not text.endswith("# EOF\n") or text.count("# EOF") != 1:
        raise ValueError("The end is not # EOF.")
    families: dict[str, Family] = {}
    name = ""
    for line in text.split("\n")[:-2]:
        if line.startswith("# "):
            word, named, value = (*line[2:].split(" ", 2), "")[:3]
            if word == "TYPE":
                if named in families or value not in _SUFFIXES or not re.fullmatch(_NAME, named):
                    raise ValueError(line)
                name, families[named] = named, Family(value)
            elif named != name or families[name].values:
                raise ValueError(line)
            elif word == "UNIT":
                if not named.endswith(f"_{value}"):
                    raise ValueError(line)
                families[name].unit = value
            elif word == "HELP":
                families[name].meaning = value
            else:
                raise ValueError(line)
            continue
        match = _SAMPLE.fullmatch(line)
        if not match or not name or match[1] != name + _SUFFIXES[families[name].kind]:
            raise ValueError(line)
        labels = tuple(tuple(pair.split("=", 1)) for pair in re.findall(_LABEL, match[2] or ""))
        if labels in families[name].values or len(dict(labels)) != len(labels):
            raise ValueError(line)
        number = float(match[3])
        if families[name].kind == "counter" and number < 0:
            raise ValueError(line)
        families[name].values[tuple((key, value[1:-1]) for key, value in labels)] = number
    return families
