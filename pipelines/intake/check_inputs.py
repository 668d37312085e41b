"""What a file is checked against: the recipes, the vocabularies, and the ledger that is published now.

Reads only.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines import releases
from pipelines.errors import NotPossible, explain
from pipelines.file_schemas import SHAPES, key_columns, key_text, uploadable
from pipelines.findings import nearest
from pipelines.intake.curated_checks import PUBLISHED
from pipelines.intake.recipes import Recipe, read_recipe, read_recipes
from pipelines.row_checks import Vocabularies
from pipelines.settings import DATA
from pipelines.source_reader import read_reference, vocabularies


def recipe_folders(store: Path | None = None) -> tuple[Path, Path]:
    """Where recipes lie: those that ship with the project, and those that were saved in the store."""
    return DATA / "recipes", releases.store_path(store) / "recipes"


def find_recipe(name: str, store: Path | None = None) -> Recipe:
    """A recipe by its name, or by the path of its TOML. Raises NotPossible with the names there are."""
    if name.endswith(".toml") and Path(name).is_file():
        return read_recipe(Path(name))
    recipes = read_recipes(*recipe_folders(store))
    if name not in recipes:
        raise NotPossible(
            f"There is no recipe {name}. {nearest(name, recipes)}"
            f"Recipes: {', '.join(sorted(recipes)) or 'none yet'}."
        )
    return recipes[name]


def read_vocabularies(store: Path | None = None) -> Vocabularies:
    """The words that a file may use: vocabulary → its codes; shape → the identities of its rows that are
    published now, as `site`; for every shape that can be uploaded the keys of its published rows; and
    `site_names`: what each site is called, as “id: name”.

    Without a release there are no words of shapes, so that what a file names is not checked here.
    """
    words = dict(vocabularies(read_reference(DATA / "reference")))
    try:
        release = releases.current(store)
        if release is not None:
            words |= _published(release, releases.store_path(store))
    except Exception as error:  # a store that cannot be read is no reason not to check the file
        if explain(error) is None:
            raise
    return words


def current_ledger(store: Path | None = None) -> pa.Table | None:
    """What is published now, to compare with; None before the first release."""
    release = releases.current(store)
    if release is None:
        return None
    with releases.open_read_only(release, store) as connection:
        return connection.execute(
            "select entry_id, programme, initiative, stage, basis, ledger.amount_eur, year, country, site_id, "
            "beneficiary, heading, level, superseded_on, source_id, sources.publisher, "
            "documents.publisher as document_publisher "
            "from ledger left join sources using (source_id) left join documents using (source_url)"
        ).to_arrow_table()


@lru_cache(maxsize=4)
def _published(release: str, store: Path) -> Mapping[str, frozenset[str]]:
    """The keys of the rows of a release, which never changes."""
    with releases.open_read_only(release, store) as connection:
        keys = published_keys(lambda sql: connection.execute(sql).fetchall())
        rows = connection.execute("select site_id, name from sites").fetchall()
        return keys | {"site_names": frozenset(f"{site}: {name}" for site, name in rows)}


def published_keys(rows_of: Callable[[str], list[tuple[Any, ...]]]) -> dict[str, frozenset[str]]:
    """The keys of the rows that are published: of every shape that can be uploaded as PUBLISHED + shape, and
    under the name of a shape what other rows may name of it. Published lines are never replaced one by one.

    rows_of: gives the rows of a select on the release.
    """
    found: dict[str, frozenset[str]] = {}
    for shape in uploadable()[1:]:
        chosen = ", ".join(f'"{column}"::varchar' for column in key_columns(shape).values())
        table, where = SHAPES[shape].fills[0].table, ""
        if SHAPES[shape].fills_ledger:
            where = " where superseded_on is null and level <> 'line'"
        rows = rows_of(f'select {chosen} from "{table}"{where}')  # noqa: S608 - names of our declarations
        found[f"{PUBLISHED}{shape}"] = frozenset(key_text(row) for row in rows)
    for name in {name for shape in SHAPES.values() for cell in shape.cells.values() for name in cell.names}:
        column = next(iter(key_columns(name).values()))
        rows = rows_of(f'select "{column}" from "{SHAPES[name].fills[0].table}"')  # noqa: S608 - the same
        found[name] = frozenset(str(identity) for (identity,) in rows)
    return found


def published_names(store: Path | None = None) -> dict[str, list[tuple[str, str]]]:
    """Shape → identity and name of each of its published rows that other rows may name, as the sites; none
    before the first release. Figures of the ledger are too many to choose from.
    """
    release = releases.current(store)
    if release is None:
        return {}
    with releases.open_read_only(release, store) as connection:
        return {
            "site": [
                (str(site), str(name))
                for site, name in connection.execute(
                    "select site_id, name from sites order by site_id"
                ).fetchall()
            ]
        }
