"""What people read is written in pages/parts/text, and code compares codes: read off the syntax trees of the
rooms that keep to it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

ROOMS = (
    "app.py",
    "pages",
    "pages/parts/auth",
    "pages/parts/figures",
    "pages/parts/sharing",
    "pages/parts/staff",
    "pages/parts/ui",
    "pages/parts/views",
    "pages/http",
    "pages/parts/figure_request.py",
    "pages/parts/filter_labels.py",
    "pages/parts/finished_figure.py",
    "pages/parts/page_registry.py",
)
# Rooms that draw: what begins like a label there is one.
DRAWING_ROOMS = ("app.py", "pages", "pages/parts/ui")
NAMES = {"Words", "Mobi", "User-Agent"}  # of a type, in a browser's name, of a header
# Modules of these rooms whose sentences are still to be moved.
NOT_YET: frozenset[str] = frozenset()
CODE = re.compile(r"[<>{}]|;.*:|=\"|^\s*(select|insert|update|delete|create) ")  # HTML, CSS, policies and SQL
FIELD = "§"  # stands for what an f-string fills in
WORDS = re.compile(rf"(?:[A-Za-z’“”]+|{FIELD})(?:,? (?:[A-Za-z’“”]+|{FIELD}))+")
UNIT = re.compile(
    r"true or false|code of \w+|EUR per person"
)  # of columns: the API names them so for programs
LABEL = re.compile(r"^[A-Z][a-z]|\s")
TAG = re.compile(r"<(style|script|code)[^>]*>.*?</\1>|<[^<>]*>?", re.DOTALL)
READ_ALOUD = re.compile(r'(?:aria-label|title|alt)="([^"]*)"')  # attributes that are heard
DRAWN = {  # what these draw is read
    "choices",
    "figure_block",
    "figure_page",
    "number_details",
    "page_shell",
    "st",
    "widgets",
}
MADE = {"Mark": 1, "Value": 0, "Item": 0, "Total": 0, "Source": 1, "label": 0, "hover": 0}
"""What a reader sees of a figure, made of words: function → the place of the first argument that is words."""
WORD = re.compile(r"[A-Za-z]{2}")
SAFE_ARGUMENTS = {
    "key",
    "icon",
    "mime",
    "type",
    "width",
    "on_click",
    "language",
    "file_name",
    "label_visibility",
}


def modules(rooms: tuple[str, ...]) -> list[Path]:
    paths = [
        path
        for room in rooms
        for path in ([ROOT / room] if room.endswith(".py") else (ROOT / room).glob("*.py"))
    ]
    return [path for path in sorted(paths) if str(path.relative_to(ROOT)) not in NOT_YET]


def docstrings(tree: ast.Module) -> set[int]:
    """The strings that stand as statements: docstrings, and what is said of a constant under it."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every text that code makes: line, and the constant or the constant parts of an f-string."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    logged = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "logger"
        for argument in node.args
    }
    skipped = docstrings(tree) | inside | logged
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else FIELD for part in node.values]
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def is_sentence(text: str) -> bool:
    """Three words in a row, or two and a field; a list of names with commas is none."""
    if CODE.search(text) or UNIT.fullmatch(text):
        return False
    for run in WORDS.findall(text):
        words = [word for word in run.replace(",", "").split() if word != FIELD]
        if len(words) + (FIELD in run) >= 3 and len(words) >= 2 and re.search(r"[^,] ", run):
            return True
    return False


def sentences(tree: ast.Module) -> list[str]:
    return [f"{line}: {text}" for line, text in texts(tree) if is_sentence(text)]


def words_in_html(tree: ast.Module) -> list[str]:
    """Words that stand between the tags of HTML, or in an attribute that is heard, and come from no field."""
    replaced = {  # what others wrote and ours takes the place of
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "replace"
        and isinstance(node.args[0], ast.Constant)
    }
    bare = []
    for line, text in texts(tree):
        if text in replaced:
            continue
        if text.startswith("<") and re.search(r"</?[a-z]", text):
            shown = " ".join([TAG.sub(" ", text), *READ_ALOUD.findall(text)])
            bare += [f"{line}: {word}" for word in re.findall(r"[A-Za-z]{3,}[A-Za-z ]*", shown)]
    return bare


def labels(tree: ast.Module) -> list[str]:
    """Text that begins like a label, wherever it stands."""
    return [
        f"{line}: {text}"
        for line, text in texts(tree)
        if re.match(r"[A-Z][a-z]", text) and text not in NAMES and not CODE.search(text)
    ]


def drawn_literals(tree: ast.Module) -> list[str]:
    """Text that a page draws without asking the catalogue for it."""
    found = []
    for node in ast.walk(tree):
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and getattr(function.value, "id", "") in DRAWN:
            assert isinstance(node, ast.Call)
            named = [word.value for word in node.keywords if word.arg not in SAFE_ARGUMENTS]
            for argument in (*node.args, *named):
                if (
                    isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and LABEL.search(argument.value)
                    and not CODE.search(argument.value)
                ):
                    found.append(f"{argument.lineno}: {argument.value}")
    return found


def made_literals(tree: ast.Module) -> list[str]:
    """Words of a key, a card, a list or a drawing that are not asked of the catalogue, a single word too."""
    found = []
    for node in ast.walk(tree):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name not in MADE:
            continue
        assert isinstance(node, ast.Call)
        for argument in node.args[MADE[name] :]:
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            found += [
                f"{part.lineno}: {part.value}"
                for part in parts
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and WORD.search(part.value)
            ]
    return found


def undeclared(tree: ast.Module) -> list[str]:
    """Sentences of the catalogue's own modules that are not declared: put together, or said in English alone.

    What tells a programmer of a mistake is none.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    declared = [node for node in calls if getattr(node.func, "id", "") in ("message", "plural")]
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    inside = {id(part) for node in (*declared, *raised) for part in ast.walk(node)}
    rest = docstrings(tree) | inside
    return [
        f"{node.lineno}: {text}"
        for node in ast.walk(tree)
        if id(node) not in rest and isinstance(node, ast.Constant | ast.JoinedStr)
        for text in (_constant_text(node),)
        if is_sentence(text)
    ]


def _constant_text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else FIELD for part in node.values)


def compared_labels(tree: ast.Module) -> list[str]:
    """Comparisons with a label, and columns that are called by their English title."""
    found = []
    for node in ast.walk(tree):
        constants: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            constants = [
                part
                for side in sides
                for part in (side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side])
            ]
            if any(isinstance(side, ast.Subscript) and _key(side).endswith("_label") for side in sides):
                found.append(f"{node.lineno}: a column of labels is compared")
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "isin":
            constants = [part for argument in node.args for part in getattr(argument, "elts", [])]
        elif isinstance(node, ast.Subscript):
            constants = [node.slice]
        elif isinstance(node, ast.MatchValue):
            constants = [node.value]
        found += [
            f"{constant.lineno}: {constant.value}"
            for constant in constants
            if isinstance(constant, ast.Constant)
            and isinstance(constant.value, str)
            and re.search(r"^[A-Z][a-z]|\w \w", constant.value)
        ]
    return found


def _key(node: ast.Subscript) -> str:
    return str(node.slice.value) if isinstance(node.slice, ast.Constant) else ""


@pytest.mark.parametrize("path", modules(ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_takes_its_sentences_from_the_catalogue(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert sentences(tree) == []
    assert drawn_literals(tree) == []
    assert words_in_html(tree) == []
    assert made_literals(tree) == []


@pytest.mark.parametrize("path", modules(DRAWING_ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_that_draws_has_no_label_of_its_own(path: Path) -> None:
    assert labels(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", modules(("pages/parts/text",)), ids=lambda path: path.name)
def test_the_catalogue_declares_all_that_it_says(path: Path) -> None:
    assert undeclared(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "path", modules((*ROOMS, "pages/parts/text")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_room_compares_codes_and_calls_columns_by_their_names(path: Path) -> None:
    assert compared_labels(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_what_is_still_to_be_moved_exists_and_does_need_it() -> None:
    for name in NOT_YET:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        assert sentences(tree), f"{name} says nothing of its own any more: take it out of NOT_YET."


@pytest.mark.parametrize(
    ("code", "check"),
    [
        ("x = 'Nothing public has changed.'", sentences),
        ("raise E(f'The file {name} cannot be read')", sentences),
        ("st.button('Sign in')", drawn_literals),
        ("page_shell.line(x, 'Entries')", drawn_literals),
        ("choices.one('stage', 'Stage', labels)", drawn_literals),
        ("facts = [('Host', site)]", labels),
        ("st.html(f'<p><b>Sources</b> {sources}</p>')", words_in_html),
        ('x = f\'<div role="region" aria-label="Table of {name}">{rows}</div>\'', words_in_html),
        ("st.text_input(x, placeholder='May stay empty')", drawn_literals),
        ("Mark('hatch', 'planned')", made_literals),
        ("Value(f'{name}, total', amount)", made_literals),
        ("label('removed', theme)", made_literals),
        ("x = f'{number} of {known} steps'", undeclared),
        ("x = 'Nothing public has changed.'", undeclared),
        ("x = row['tier_label'] == y", compared_labels),
        ("x = rows[rows['tier'].isin(['EU law or institution'])]", compared_labels),
        ("x = name == 'InvestAI'", compared_labels),
        ("x = table['Our code']", compared_labels),
    ],
)
def test_the_checks_find_what_they_look_for(code: str, check) -> None:  # type: ignore[no-untyped-def]
    assert len(check(ast.parse(code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        '"""A sentence that says what a module is for."""',
        "logger.warning('No card for this address', exc_info=error)",
        "st.button(say(text.SIGN_IN), type='primary', key='sign in')",
        "x = request.method == 'OPTIONS'",
        "x = row['amount_eur'] if row['stage'] == 'paid' else None",
        "x = f'<p class=\"t-sub\">{escape(say(text.KNOWN_ON, day=day))}</p>'",
        "st.html('<div class=\"t-gap\"></div>')",
        "x = Mark('hatch', say(text.PLANNED), colour)",
    ],
)
def test_the_checks_let_code_be(code: str) -> None:
    tree = ast.parse(code)
    checks = (sentences, labels, drawn_literals, words_in_html, compared_labels, made_literals)
    assert not any(check(tree) for check in checks)
