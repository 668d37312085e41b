"""What a file is checked against: the recipes, the vocabularies, and the ledger that is published now.

Reads only.
"""

from pathlib import Path

import pyarrow as pa

from pipelines import releases
from pipelines.errors import NotPossible, explain
from pipelines.findings import nearest
from pipelines.intake.recipes import Recipe, read_recipe, read_recipes
from pipelines.settings import DATA
from pipelines.source_checks import Vocabularies
from pipelines.sources import read_reference, vocabularies


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
    """The words that a file may use: vocabulary → its codes; `site`: the sites that are published now, and
    `site_names`: what each is called, as “id: name”.

    Without a release there is no word `site`, so that a site is not checked here.
    """
    words = dict(vocabularies(read_reference(DATA / "reference")))
    try:
        release = releases.current(store)
        if release is not None:
            with releases.open_read_only(release, store) as connection:
                rows = connection.execute("select site_id, name from sites").fetchall()
            words["site"] = frozenset(str(site) for site, _ in rows)
            words["site_names"] = frozenset(f"{site}: {name}" for site, name in rows)
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
