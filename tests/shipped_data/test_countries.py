"""The names of countries are those of the EU's protocol; Babel names the member states alike."""

import duckdb

from pages.parts.text import cldr, formatting


def test_every_member_state_has_the_name_that_babel_gives_it(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("select code, label, iso2, is_member from countries").fetchall()
    english, german = (cldr.babel_locale(locale).territories for locale in ("en", "de"))
    alike = {code for code, label, iso2, _ in rows if english.get(iso2) == label}
    assert {code for code, _, _, is_member in rows if is_member} <= alike
    for code, label, iso2, _ in rows:
        name = formatting.country(code, label, "de")
        assert name == (german[iso2] if code in alike else label)
