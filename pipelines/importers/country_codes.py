"""Country names and codes of published files → our codes, by data/reference/countries.csv."""

from collections import Counter
from dataclasses import dataclass, field

from pipelines import reference
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.cell_values import is_missing
from pipelines.importers.tabular_files import plain

# Spellings of the Financial Transparency System and of CORDIS beside the names in countries.csv.
_ALSO = {
    "EL": ("Greece", "GR", "Hellas"),
    "UK": ("United Kingdom", "GB", "Great Britain", "United Kingdom of Great Britain and Northern Ireland"),
    "CZ": ("Czech Republic", "Czechia"),
    "TR": ("Turkey", "Türkiye"),
    "MK": (
        "North Macedonia",
        "The former Yugoslav Republic of Macedonia",
        "Macedonia, The former Yugoslav Republic of",
        "FYROM",
    ),
    "MD": ("Moldova", "Moldova, Republic of", "Republic of Moldova"),
    "XK": ("Kosovo", "Kosovo * UN resolution", "Kosovo * UNSCR 1244/99", "Kosovo*", "KO"),
    "BA": ("Bosnia and Herzegovina", "Bosnia & Herzegovina"),
    "US": ("United States", "United States of America", "USA"),
    "KR": ("South Korea", "Korea, Republic of", "Republic of Korea", "Korea (Republic of)"),
    "RU": ("Russia", "Russian Federation"),
    "VN": ("Vietnam", "Viet Nam"),
    "CI": ("Ivory Coast", "Côte d'Ivoire"),
    "CV": ("Cape Verde", "Cabo Verde"),
    "CD": (
        "Congo, Democratic Republic of the",
        "Democratic Republic of the Congo",
        "Congo (Democratic Republic)",
    ),
    "TZ": ("Tanzania", "Tanzania, United Republic of", "United Republic of Tanzania"),
    "PS": (
        "Palestine",
        "Palestine *",
        "Occupied Palestinian Territory",
        "Palestinian Territory, Occupied",
        "West Bank and Gaza Strip",
    ),
    "TW": ("Taiwan", "Taiwan, Province of China", "Chinese Taipei"),
    "NL": ("Netherlands", "The Netherlands", "Netherlands (the)"),
    "SZ": ("Eswatini", "Swaziland"),
    "MM": ("Myanmar", "Myanmar/Burma", "Burma"),
    "LA": ("Laos", "Lao People's Democratic Republic"),
    "SY": ("Syria", "Syrian Arab Republic"),
    "IR": ("Iran", "Iran, Islamic Republic of"),
    "BO": ("Bolivia", "Bolivia, Plurinational State of"),
    "VE": ("Venezuela", "Venezuela, Bolivarian Republic of"),
    "HK": ("Hong Kong", "China, Hong Kong"),
}


@dataclass
class CountryCodes:
    """Looks countries up and counts the names that it does not know.

    codes: plain name → our code.
    """

    codes: dict[str, str]
    unknown: Counter[str] = field(default_factory=Counter)
    _by_name: dict[str, str] = field(default_factory=dict)

    def code(self, name: str) -> str:
        """Our code of a country, or empty text where none is given or known."""
        if name not in self._by_name:
            code = self.codes.get(plain(name)) or self.codes.get(name.strip().lower(), "")
            self._by_name[name] = "" if is_missing(name) else code
        code = self._by_name[name]
        if not code and not is_missing(name):
            self.unknown[name] += 1
        return code

    def findings(self, file: str, column: str) -> list[Finding]:
        """A note for each country that is not in our list: its rows are kept, without a country."""
        remedy = (
            "Its rows are kept without a country. Add it to data/reference/countries.csv if it should be "
            "shown."
        )
        return [
            make_finding(
                "unknown-country",
                file,
                f"is not in our list of countries ({rows:,} rows).",
                column=column,
                value=name,
                remedy=remedy,
            )
            for name, rows in sorted(self.unknown.items())
        ]


def read_country_codes() -> CountryCodes:
    """The countries of the reference list under every name that published files give them."""
    codes: dict[str, str] = {}
    for row in reference.read_rows("countries"):
        for name in (
            row["code"],
            row["label"],
            row["plain"],
            row["official"],
            row["iso2"],
            row["iso3"],
            *_ALSO.get(row["code"], ()),
        ):
            if name:
                codes.setdefault(plain(name) or name.strip().lower(), row["code"])
    return CountryCodes(codes)
