"""One file that one person works on, until it is handed in or discarded: its bytes, how it is read, what was
found. Draws nothing.

Streamlit keeps uploads in memory; here they lie in a file of the store (see draft_store.py), so that a new
session goes on where the last one ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pages.parts.text import staff as text
from pages.parts.text.translation import say
from pipelines import files, releases
from pipelines.errors import NoRelease, TrackerError
from pipelines.intake.check_inputs import current_ledger, read_vocabularies, recipe_folders
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.recipe_result import Question
from pipelines.intake.recipes import Recipe, parse_recipe, read_recipes, write_recipe
from pipelines.intake.validate import Verdict, judge
from pipelines.publishing.checked_upload import checked
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.submission import BUDGET_LINE, Submission, submission


class Unreadable(TrackerError, ValueError):
    """What was typed cannot be used. The message says why."""


@dataclass
class Work:
    """A file being worked on. recipe_text: the recipe as TOML, empty as long as the intake proposes one.

    seen: warnings that were acknowledged. names: beneficiaries that may be natural persons and are to be
    shown by name.

    answers, decided: question → the choice, and the choice in words. edition: how often the recipe was
    written anew as text; the forms then begin anew too, instead of keeping what they said before. words: the
    source line as it was typed: title, publisher, licence, url. effect, handed_in: of the last dry run, and
    what it was made of.
    """

    name: str
    size: int
    sha256: str
    path: Path
    recipe_text: str = ""
    edition: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    words: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    effect: Effect | None = None
    handed_in: Submission | None = None
    read_as: tuple[str, tuple[tuple[str, str], ...], str | None, tuple[str, ...]] | None = None
    result: tuple[Reading, Verdict] | None = None

    @property
    def content(self) -> bytes:
        """The bytes as they came."""
        return self.path.read_bytes()

    def check(self) -> tuple[Reading, Verdict]:
        """The file under its recipe and answers, judged against the current release; read anew only if one of
        them changed.

        Raises Refused if the recipe is wrong.
        """
        wanted = (self.recipe_text, tuple(sorted(self.answers.items())), releases.current(), self.names)
        if self.result is None or self.read_as != wanted:
            recipe = parse_recipe(self.recipe_text, "edited") if self.recipe_text else None
            recipes = () if recipe else tuple(read_recipes(*recipe_folders()).values())
            file = read(self.path, recipe, self.answers, recipes, self.name, read_vocabularies)
            verdict = judge(file, read_vocabularies(), _ledger(), self.names)
            self.result, self.read_as = (file, verdict), wanted
            self.effect = self.handed_in = None
        return self.result

    def answer(self, question: Question, choice: str) -> None:
        """Decide a question of the intake."""
        self.answers[question.key], self.decided[question.key] = choice, question.choices[choice]

    def ask_again(self) -> None:
        """Have every question asked anew; what the rows are stays as it was chosen."""
        self.answers = {code: choice for code, choice in self.answers.items() if code == "shape"}
        self.decided.clear()

    def take_as(self, shape: str) -> None:
        """Read the rows as this shape from now on."""
        self.answers["shape"] = shape

    def change(self, recipe: Recipe) -> None:
        """Read by another recipe from now on."""
        self.recipe_text = write_recipe(recipe)

    def rewrite(self, toml: str) -> None:
        """Read by another recipe, written as TOML, from now on; by a proposed one if it is empty."""
        self.recipe_text, self.edition = toml, self.edition + 1


def handed_in(reading: Reading, verdict: Verdict, received_on: date, words: Mapping[str, str]) -> Submission:
    """What would become public. words: title, publisher, licence, url, as far as they were typed."""
    more = {"url": words["url"]} if words.get("url") else {}
    return submission(
        checked(reading, verdict),
        received_on,
        words.get("title", ""),
        words.get("publisher", ""),
        words.get("licence", ""),
        **more,
    )


def stored(path: Path, name: str, recipe_name: str, shape: str) -> tuple[Reading, Verdict]:
    """The file of a request, read anew by its recipe or shape, so that an approver sees what the contributor
    saw.
    """
    recipes = read_recipes(*recipe_folders())
    proposals = () if recipe_name in recipes else tuple(recipes.values())
    answers = {} if shape == BUDGET_LINE else {"shape": shape}
    file = read(path, recipes.get(recipe_name), answers, proposals, name, read_vocabularies)
    return file, judge(file, read_vocabularies(), _ledger())


def save_recipe(toml: str, name: str) -> Path:
    """Keep a recipe in the store under a name.

    Raises Refused for a wrong recipe, Unreadable for a wrong name.
    """
    slug = name.strip().lower()
    if (
        not slug
        or not all(character.isascii() and (character.isalnum() or character in "-_") for character in slug)
        or len(slug) > 80
    ):
        raise Unreadable(say(text.RECIPE_NAME))
    parse_recipe(toml, slug)
    path = recipe_folders()[1] / f"{slug}.toml"
    files.write(path, toml)
    return path


def _ledger() -> Any:
    try:
        return current_ledger()
    except (NoRelease, OSError):
        return None
