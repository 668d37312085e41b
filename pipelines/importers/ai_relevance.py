"""Decides whether a published line is for artificial intelligence.

The rules are declared in data/reference/ai_definition.toml.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines import reference

OUTSIDE = ("outside", "")


@dataclass(frozen=True)
class Rule:
    """One rule of the definition.

    It reads one kind of words of a line; its name stands on every line that it matched.
    """

    name: str
    scope: str
    reads: str
    only_unclassified: bool
    contains: tuple[str, ...]
    pattern: re.Pattern[str] | None

    def matches(self, words: str) -> bool:
        """Whether the rule finds what it looks for."""
        return any(part in words for part in self.contains) or bool(
            self.pattern and self.pattern.search(words)
        )


@dataclass(frozen=True)
class Definition:
    """The rules in force, in the order in which they are tried, and the version that names them."""

    version: str
    rules: tuple[Rule, ...]

    def relevance(
        self, text: str = "", label: str = "", code: str = "", paths: str | None = None
    ) -> tuple[str, str]:
        """Scope (strict, broad, outside) and name of the rule that matched.

        text: subject or title. label: budget line or programme name. code: topic code. paths: the
        line's classification, one path a line, empty where the publisher has not classified this
        line; None where the publisher classifies none.
        """
        words = {"text": text, "label": label, "code": code, "classification": (paths or "").lower()}
        for rule in self.rules:
            if (
                not (rule.only_unclassified and paths is not None)
                and words[rule.reads]
                and rule.matches(words[rule.reads])
            ):
                return rule.scope, rule.name
        return OUTSIDE

    def relevances(
        self, lines: Iterable[tuple[str, str, str, str | None]]
    ) -> tuple[list[str | None], list[str | None]]:
        """Scopes and rules of many lines (text, label, code, paths). Equal lines are judged once."""
        judged = cache(self.relevance)
        both = [judged(*line) for line in lines]
        return [scope for scope, _ in both], [rule for _, rule in both]


def read_definition() -> Definition:
    """The definition in force.

    Raises OSError, KeyError or re.error where the file is not as its own head says.
    """
    declared = reference.read_declaration("ai_definition")
    return Definition(declared["version"], tuple(_rule(rule) for rule in declared["rule"]))


def _rule(rule: dict[str, Any]) -> Rule:
    parts = []
    if rule.get("words"):
        whole = "|".join(
            re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"[\s\-]+") for word in rule["words"]
        )
        parts.append(rf"(?i:(?<!\w)(?:{whole})(?!\w))")
    if rule.get("pattern"):
        parts.append(f"(?:{rule['pattern']})")
    pattern = re.compile("|".join(parts)) if parts else None
    return Rule(
        rule["name"],
        rule["scope"],
        rule["reads"],
        rule.get("only_unclassified", False),
        tuple(rule.get("contains", ())),
        pattern,
    )
