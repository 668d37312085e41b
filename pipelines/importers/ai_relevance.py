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
_LETTER = re.compile(r"\w")


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
    words: re.Pattern[str] | None
    pattern: re.Pattern[str] | None

    def matches(self, text: str, lowered: str) -> bool:
        """Whether the rule finds what it looks for. lowered: the text in small letters."""
        return (
            any(part in text for part in self.contains)
            or _holds_word(self.words, lowered)
            or bool(self.pattern and self.pattern.search(text))
        )


def _holds_word(words: re.Pattern[str] | None, lowered: str) -> bool:
    """Whether one of the words begins where no other word goes on.

    The pattern itself begins with a letter: so the search passes over most of a text without trying it.
    """
    match = words.search(lowered) if words else None
    while match and match.start() and _LETTER.match(lowered, match.start() - 1):
        match = words.search(lowered, match.start() + 1) if words else None
    return match is not None


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
        lowered = {name: word.lower() for name, word in words.items()}
        for rule in self.rules:
            if (
                not (rule.only_unclassified and paths is not None)
                and words[rule.reads]
                and rule.matches(words[rule.reads], lowered[rule.reads])
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
    words = pattern = None
    if rule.get("words"):
        whole = "|".join(
            re.escape(word.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"[\s\-]+")
            for word in rule["words"]
        )
        words = re.compile(rf"(?:{whole})(?!\w)")
    if rule.get("pattern"):
        pattern = re.compile(rule["pattern"])
    return Rule(
        rule["name"],
        rule["scope"],
        rule["reads"],
        rule.get("only_unclassified", False),
        tuple(rule.get("contains", ())),
        words,
        pattern,
    )
