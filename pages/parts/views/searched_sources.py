"""How far a release looked, as a value that all pages share. Pure."""

from pages.parts.text.where_we_looked import Search
from pipelines.queries import searched_until as ask
from pipelines.queries.release_answers import ReleaseData


def search(answers: ReleaseData) -> Search:
    """Where the release looked for payments and news, and until when."""
    tiers = tuple(answers.read(ask.searched_tiers)["tier"])
    return Search(tiers, answers.row(ask.searched_until)["searched_until"])
