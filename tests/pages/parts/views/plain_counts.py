"""A release in memory, counted without the program's questions: rows by plain loops, euros by the rule
without SQL, which tests on random graphs hold equal to the rule in SQL.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from pipelines import double_counting_without_sql as recount
from pipelines import frame_rows
from pipelines.queries.choice import EU_BODIES, SHIPPED_SUMS, Choice
from pipelines.queries.release_answers import ReleaseData

Row = dict[Any, Any]

LEDGER = """
    select entry.*,
        level.is_summable and basis.is_summable as may_be_added, programme.is_tracked,
        coalesce(entry.year, project.year,
            cast(nullif(regexp_extract(project.topic, '-(20[0-9][0-9])(-|$)', 1), '') as integer)) as any_year
    from ledger as entry
    inner join levels as level on level.code = entry.level
    inner join bases as basis on basis.code = entry.basis
    inner join programmes as programme on programme.code = entry.programme
    left join projects as project on project.project_id = entry.project_id
"""


class Plain:
    """The tables of a release as rows: ledger (with may_be_added, is_tracked and any_year, that of its call
    if it has none of its own), and each other table when it is asked for.
    """

    def __init__(self, answers: ReleaseData) -> None:
        self._answers = answers
        self._tables: dict[str, list[Row]] = {}
        every = frame_rows.records(answers.ask(LEDGER))
        self.in_force = [row for row in every if row["superseded_on"] is None]
        self._current: dict[tuple[str, str, bool], list[Row]] = defaultdict(list)
        for row in self.in_force:
            if row["price_basis"] == "current":
                self._current[row["stage"], row["basis"], row["may_be_added"]].append(row)
        figures = {
            row["entry_id"]: recount.Figure(
                row["amount_eur"],
                row["stage"],
                row["basis"],
                row["price_basis"] == "current",
                row["superseded_on"] is None,
                row["qualifier"] in ("at-least", "over"),
            )
            for row in every
        }
        edges = (
            recount.Edge(row["container_entry_id"], row["contained_entry_id"], row["split"])
            for row in self.table("overlaps")
        )
        self.overlaps = recount.Overlaps(figures, tuple(edges))

    def table(self, name: str) -> list[Row]:
        """All rows of a table."""
        if name not in self._tables:
            self._tables[name] = frame_rows.records(self._answers.ask(f'select * from "{name}"'))  # noqa: S608
        return self._tables[name]

    def chosen(self, choice: Choice, may_be_added: bool = True, wide: bool = False) -> list[Row]:
        """The entries of a choice. may_be_added: False asks for those that fit and may not be added. wide:
        also what passes through any initiative.
        """
        return list(self._fitting(choice, may_be_added, wide or choice.located))

    def _fitting(self, choice: Choice, may_be_added: bool, wide: bool) -> Iterator[Row]:
        several = {
            name: set(codes)
            for name in ("programme", "initiative", "funder", "country", "year")
            if (codes := getattr(choice, name))
        }
        is_all = choice.tracked and not choice.programme and not choice.initiative
        for (stage, basis, added_up), rows in self._current.items():
            if added_up != may_be_added or choice.stage not in ("", stage) or choice.basis not in ("", basis):
                continue
            for row in rows:
                if choice.level and row["level"] != choice.level:
                    continue
                if is_all and not (row["is_tracked"] or (wide and row["initiative"])):
                    continue
                if several and any(row[name] not in codes for name, codes in several.items()):
                    continue
                if choice.located and not row["country"]:
                    continue
                if choice.bodies and is_of_eu_body(row) != (choice.bodies == "only"):
                    continue
                yield row

    def counted(self, rows: Iterable[Row], by: Callable[[Row], Any] = lambda row: None) -> dict[str, Any]:
        """What is counted of each entry of some rows, inside its stage and basis; entries that are removed
        are not there. by: what else parts the rows before they are counted.
        """
        groups: dict[Any, list[str]] = defaultdict(list)
        for row in rows:
            groups[row["stage"], row["basis"], by(row)].append(row["entry_id"])
        found: dict[str, Any] = {}
        for ids in groups.values():
            found |= recount.counted(ids, self.overlaps)
        return found

    def net(self, rows: Iterable[Row], by: Callable[[Row], Any] = lambda row: None) -> Decimal:
        """The sum of what is counted, EUR; unknown amounts add nothing."""
        return added(self.counted(rows, by).values())


def added(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of the amounts that are known."""
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def is_of_eu_body(row: Row) -> bool:
    """Whether an entry goes to a body of the EU: by its name, or in sums that name none, by its place."""
    name = (row["beneficiary"] or "").lower()
    for pattern in EU_BODIES:
        words = pattern.strip("%")
        if name.startswith(words) if not pattern.startswith("%") else words in name:
            return True
    return bool(
        row["source_id"] == SHIPPED_SUMS
        and row["stage"] == "committed"
        and row["country"] == "LU"
        and row["ai_scope"] == "broad"
    )
