"""The how-tos of CONTRIBUTING.md, followed in a copy of the repository: the files that they name are enough.

A walk may write only the files that its how-to names. *Change a requirement* and *Release the code* are
checked in test_documentation.py, by comparing the files that they name.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.file_schemas import BUDGET_LINE
from tests.conftest import Small
from tests.documents import Step, how_tos
from tests.paths import FIXTURES, ROOT

COPIED = ("app.py", "pages", "pipelines", "static", ".streamlit", "data/reference", "pyproject.toml")


class Walk:
    """A copy of the repository with the fixtures as its sources, in which one how-to is followed."""

    def __init__(self, root: Path, steps: list[Step]) -> None:
        self.root = root
        self._steps = steps
        self._walked: set[str] = set()

    def write(self, path: str, text: str) -> None:
        """Put a file there. Fails if the how-to does not name it."""
        named = [step for step in self._steps if re.fullmatch(_pattern(step.path), path)]
        step = min(named, key=lambda step: step.is_new, default=None)
        assert step, f"no step names {path}"
        assert step.is_new or (self.root / path).is_file(), f"{path} was to be there"
        self._walked.add(step.path)
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def put(self, path: str, after: str, text: str) -> None:
        """Put text behind the first match of a pattern in a file that is there."""
        whole = self.read(path)
        match = re.search(after, whole, re.MULTILINE)
        assert match, f"{after} is not in {path}"
        self.write(path, f"{whole[: match.end()]}{text}{whole[match.end() :]}")

    def add_line(self, path: str, line: str) -> None:
        """One more line at the end of a file that is there."""
        self.write(path, f"{self.read(path).rstrip()}\n{line}\n")

    def add_code(self, path: str, code: str) -> None:
        """More code at the end of a module that is there."""
        self.write(path, f"{self.read(path).rstrip()}\n\n{textwrap.dedent(code)}")

    def left(self) -> set[str]:
        """Paths of the steps that were not walked."""
        return {step.path for step in self._steps} - self._walked

    def run(self, *command: str, store: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env={**os.environ, "TRACKER_STORE": str(store or self.root / "store"), "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def tell(self, code: str, store: Path | None = None) -> object:
        """What a piece of Python in the copy prints, read as JSON."""
        done = self.run("-c", textwrap.dedent(code), store=store)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def build(self) -> None:
        """Build a release in the copy."""
        done = self.run("-m", "pipelines", "build")
        assert done.returncode == 0, done.stderr

    def ask(self, *questions: str) -> list[list[dict[str, object]]]:
        """For each question in SQL, the rows that the release of the copy answers with."""
        code = f"""\
            import json
            from pipelines import releases
            from pipelines.user_sql import run_query

            release = releases.require_current()
            answers = [run_query.ask(sql, release).to_pylist() for sql in {questions!r}]
            print(json.dumps(answers, default=str))
            """
        answers: list[list[dict[str, object]]] = self.tell(code)  # type: ignore[assignment]
        return answers


def _pattern(path: str) -> str:
    return "[^/]+".join(re.escape(part) for part in re.split(r"<[^>]+>", path))


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """A walk of the how-to that the mark `how_to` of the test names."""
    marker = request.node.get_closest_marker("how_to")
    root = tmp_path / "repository"
    for name in COPIED:
        source = ROOT / name
        target = root / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    shutil.copytree(FIXTURES / "sources", root / "data" / "sources")
    shutil.copytree(ROOT / "tests", root / "tests", ignore=shutil.ignore_patterns("__pycache__", "long"))
    yield Walk(root, how_tos()[marker.args[0]])
    shutil.rmtree(root)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- data


@pytest.mark.slow
@pytest.mark.how_to("Add a law")
def test_a_law_is_a_file(walk: Walk) -> None:
    path = "pipelines/sql/laws/law_99_a_test.sql"
    walk.write(
        path,
        """
        -- law_99_a_test: Nothing is paid twice in a test.
        -- The rows are entries. Reads ledger.
        select entry_id from ledger where amount_eur < 0
        """,
    )
    walk.add_line(
        "data/reference/finding_codes.csv",
        "law-99-a-test,error,Nothing is paid twice in a test.,Look at the payments.,build",
    )
    walk.build()
    (law,) = walk.ask("select title, breaking_rows from laws where law = 'law_99_a_test'")
    assert law == [{"title": "Nothing is paid twice in a test.", "breaking_rows": 0}]
    assert walk.left() == {"tests/pipelines/test_laws.py"}  # whose own tests ask for a break of every law


TEMPLATE = ",".join(BUDGET_LINE)
PAGE = "https://budget.example.eu/2027"


@pytest.mark.how_to("Add a source")
def test_a_source_is_a_folder(walk: Walk) -> None:
    lines = f"{TEMPLATE}\nhorizon-europe,,,bewilligt,eu-contribution,1234.56,2027,,,,A test,,{PAGE},\n"
    walk.write("data/sources/a-test/lines.csv", lines)
    walk.write(
        "data/sources/a-test/source.toml",
        f"""
        title = "A test"
        publisher = "Testers"
        url = "{PAGE}"
        retrieved_on = 2026-11-24
        licence = "CC BY 4.0"

        [file."lines.csv"]
        shape = "budget_line"
        sha256 = "{sha256(lines)}"

        [file."lines.csv".words.stage]
        "bewilligt" = "committed"

        [file."lines.csv".expect]
        rows = 1
        amount_eur = "1234.56"
        """,
    )
    walk.add_line("data/reference/publishers.csv", "budget.example.eu,Testers of Europe,press")
    change = "2026-11-24,a-test,added,A test,,€1 234.56,A test was added.,,"
    walk.add_line("data/reference/changes.csv", change)
    walk.build()
    entries, documents, changes = walk.ask(
        "select stage, amount_eur::varchar as euros from ledger where source_id = 'a-test'",
        "select source_url, tier from documents where publisher = 'Testers of Europe'",
        "select after from changes where change_id = 'a-test'",
    )
    assert entries == [{"stage": "committed", "euros": "1234.56"}]
    assert documents == [{"source_url": PAGE, "tier": "press"}]
    assert changes == [{"after": "€1 234.56"}]
    assert walk.left() == set()


@pytest.mark.slow
@pytest.mark.how_to("Add a bulk import")
def test_a_bulk_import_is_a_module_and_a_name(walk: Walk) -> None:
    walk.write(
        "pipelines/importers/testers.py",
        '''
        """Grants of the testers, as they publish them."""

        import csv
        from collections.abc import Sequence
        from pathlib import Path

        from pipelines.importers.base import Imported, Progress, shaped
        from pipelines.file_schemas import SHAPES


        def read(paths: Sequence[Path], progress: Progress) -> Imported:
            """Every grant of every file."""
            with paths[0].open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            columns = {name: [None] * len(rows) for name in SHAPES["commitment_line"].cells}
            columns |= {
                "dataset": ["testers/2027"] * len(rows),
                "project_id": [row["number"] for row in rows],
                "programme": ["digital-europe"] * len(rows),
                "programme_name": ["Digital Europe"] * len(rows),
                "title": [row["subject"] for row in rows],
                "amount_eur": [row["euros"] for row in rows],
                "year": ["2027"] * len(rows),
                "ai_scope": ["outside"] * len(rows),
            }
            return Imported(
                title="Grants of the testers",
                publisher="Testers",
                url="https://testers.example.eu/grants",
                licence="CC BY 4.0",
                files={"grants.csv": shaped("commitment_line", columns)},
                shapes={"grants.csv": "commitment_line"},
            )
        ''',
    )
    walk.put("pipelines/importers/__init__.py", r"^from pipelines\.importers import ", "testers, ")
    walk.put("pipelines/importers/__init__.py", r"^IMPORTERS.*= \{", '"testers": testers, ')
    walk.write(
        "tests/fixtures/imports/testers.csv", "number,subject,euros\n1,A grant,10.50\n2,Another,0.25\n"
    )
    done = walk.run("-m", "pipelines", "import", "testers", "tests/fixtures/imports/testers.csv")
    assert done.returncode == 0, done.stderr
    (sums,) = walk.ask(
        "select count(*) as n, sum(amount_eur)::varchar as e from ledger where dataset = 'testers/2027'"
    )
    assert sums == [{"n": 2, "e": "10.75"}]
    again = walk.run(
        "-m", "pipelines", "import", "testers", "tests/fixtures/imports/testers.csv", "--no-build"
    )
    assert "nothing new" in again.stderr
    assert walk.left() == {
        "data/reference/finding_codes.csv",
        "tests/pipelines/importers/test_<publisher>.py",
    }


@pytest.mark.slow
@pytest.mark.how_to("Add a finding code")
def test_a_finding_code_is_a_line(walk: Walk) -> None:
    line = "filler-text,error,Filler text,Write what the money is for.,upload"
    walk.add_line("data/reference/finding_codes.csv", line)
    code = """\
        import json
        from pipelines.finding_codes import make_finding

        finding = make_finding("filler-text", "lines.csv", "is filler text.", row=7, column="heading")
        print(json.dumps([finding.severity, finding.remedy, str(finding)]))
        """
    severity, remedy, text = walk.tell(code)  # type: ignore[misc]
    assert (severity, remedy) == ("error", "Write what the money is for.")
    assert text.startswith("error: lines.csv, row 7, heading: is filler text.")
    # every code is provoked by a file: without one, the test of that code fails
    test = "tests/pipelines/intake/test_finding_codes.py"
    done = walk.run("-m", "pytest", "-q", "-p", "no:cacheprovider", test, "-k", "filler or garbled")
    assert re.search(r"1 failed, 1 passed", done.stdout), done.stdout
    assert "test_every_kind_of_finding_is_provoked_by_its_file[filler-text]" in done.stdout


# --- pages

READ = """\
    import json
    from starlette.applications import Starlette
    from starlette.testclient import TestClient
    from pages.http import routes

    client = TestClient(Starlette(routes=routes.ROUTES))
    """
VISIT = """\
    import json
    from pathlib import Path
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file("tests/fixtures/front_door.py", default_timeout=120).run()
    """


@pytest.mark.slow
@pytest.mark.how_to("Add a figure")
def test_a_figure_is_four_functions_and_an_entry(walk: Walk, small: Small) -> None:
    walk.add_code(
        "pipelines/queries/timeline.py",
        """
        def newest_plan() -> Rows:
            return select(schema.milestones).where(schema.milestones.c.is_planned).limit(1)
        """,
    )
    walk.add_code(
        "pages/parts/text/timeline.py",
        """
        NEWEST_PLAN = message("The newest plan is: {title}")

        def newest_plan_title(title: str, locale: str = ENGLISH) -> str:
            return say(NEWEST_PLAN, locale, title=title)
        """,
    )
    walk.add_code(
        "pages/parts/figures/timeline.py",
        """
        def newest_plan(rows: pd.DataFrame, theme: Theme, width: Width) -> Drawing:
            figure = house(theme, 200)
            figure.add_scatter(x=list(rows["dated_on"]), y=list(rows["title"]))
            return figure
        """,
    )
    exports = "pages/parts/figures/__init__.py"
    walk.put(exports, r"^from pages\.parts\.figures\.timeline import ", "newest_plan, ")
    walk.put(exports, r"^__all__ = \[", '"newest_plan", ')
    walk.add_code(
        "pages/parts/views/timeline.py",
        """
        def newest_plan(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
            rows = answers.read(ask.newest_plan())
            return Figure(
                name="newest-plan",
                title=text.newest_plan_title(rows["title"].iloc[0], locale),
                subtitle="Plans.",
                alt="The newest plan.",
                source="Source: a test.",
                rows=rows[["milestone_id", "dated_on"]],
                draw=functools.partial(figures.newest_plan, rows),
                table=rows[["title"]],
                questions=((ask.newest_plan,),),
            )
        """,
    )
    entry = """
    "newest-plan": View(
        "timeline", timeline.parameters, timeline.newest_plan, (), has_euros=False
    ),"""
    walk.put("pages/parts/views/__init__.py", r"^FIGURES.*= \{", entry)
    code = f"""\
{textwrap.dedent(READ)}
rows = client.get("/api/v1/figures/newest-plan.json").json()
listed = client.get("/api/v1/figures.json").json()
embed = client.get("/embed/newest-plan").text
print(json.dumps([len(rows["rows"]), "newest-plan" in str(listed), "The newest plan is: " in embed]))
"""
    assert walk.tell(code, small.store) == [1, True, True]
    # A column that no table has needs its meaning; the tests of all figures ask for choices of this one.
    assert walk.left() == {
        "pages/<page>.py",
        "pages/http/column_docs.py",
        "pages/parts/text/api.py",
        "tests/pages/parts/views/test_views.py",
    }


@pytest.mark.slow
@pytest.mark.how_to("Add a filter")
def test_a_filter_is_a_parameter_with_labels(walk: Walk, small: Small) -> None:
    parameter = """
        Parameter("precision", tuple(answers.labels("date_precisions")), several=True),"""
    walk.put("pages/parts/views/timeline.py", r"^def parameters\((.|\n)*?return \[", parameter)
    figures = walk.read("pages/parts/views/__init__.py")
    assert '("show", "initiative", "country", "event")' in figures
    obeys = figures.replace('"country", "event")', '"country", "event", "precision")')
    walk.write("pages/parts/views/__init__.py", obeys)
    walk.put("pages/parts/filter_labels.py", r"^VOCABULARIES.*= \{", '\n    "precision": "date_precisions",')
    code = f"""\
{textwrap.dedent(READ)}
address = "/api/v1/figures/milestones.json"
taken = client.get(address, params={{"precision": "day"}})
refused = client.get(address, params={{"precision": "hour"}})
described = client.get("/api/v1/openapi.json").text
is_offered = "quarter" in refused.text
print(json.dumps([taken.status_code, refused.status_code, is_offered, "precision" in described]))
"""
    assert walk.tell(code, small.store) == [200, 400, True, True]
    assert walk.left() == {
        "pages/<page>.py",
        "pages/parts/text/api.py",
        "tests/pages/parts/test_filter_labels.py",
    }


@pytest.mark.slow
@pytest.mark.how_to("Add a page")
def test_a_page_is_a_file_and_an_entry(walk: Walk, small: Small) -> None:
    walk.write(
        "pages/testers.py",
        '''
        """Who tests?"""

        from pages.parts.ui import page_shell

        page_shell.headline("Testers test.", "Nobody else does.")
        ''',
    )
    words = """
    "testers": PageWords(message("Testers"), message("Who tests?"), message("Those who test.")),"""
    walk.put("pages/parts/text/pages.py", r"^PAGES.*= \{", words)
    entry = '\n    Entry("testers", "pages/testers.py", text.PAGES["testers"]),'
    walk.put("pages/parts/page_registry.py", r"^PAGES = \(", entry)
    code = f"""\
{textwrap.dedent(VISIT)}
app.switch_page(str(Path("pages/testers.py").resolve())).run()
print(json.dumps(" ".join(str(element.proto) for element in app.get("html"))))
"""
    text = str(walk.tell(code, small.store))
    assert "Testers test." in text
    assert "Who tests?" in text
    assert "could not be finished" not in text
    sitemap = textwrap.dedent(READ) + 'print(json.dumps(client.get("/sitemap.xml").text))'
    assert "/testers</loc>" in str(walk.tell(sitemap, small.store))
    assert walk.left() == set()


# --- words


def commands_of(title: str) -> list[list[str]]:
    """The commands in the blocks of a how-to, each as its words."""
    whole = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = whole.split(f"\n### {title}\n", 1)[1].split("\n### ", 1)[0]
    blocks = re.findall(r"^```\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return [line.split() for block in blocks for line in block.splitlines()]


@pytest.mark.slow
@pytest.mark.how_to("Add a language")
def test_a_language_is_a_file_of_translations(walk: Walk) -> None:
    translations = walk.root / "pages/parts/text/locales/pl/LC_MESSAGES/messages.po"
    commands = commands_of("Add a language")
    assert [command[:2] for command in commands] == [
        [".venv/bin/pybabel", word] for word in ("extract", "init", "compile")
    ]
    for _, *words in commands:
        if words[0] == "compile":
            begun = translations.read_text(encoding="utf-8")
            english = 'msgid "not published"\nmsgstr ""'
            assert english in begun
            polish = english.replace('msgstr ""', 'msgstr "nie opublikowano"')
            translations.write_text(begun.replace(english, polish), encoding="utf-8")
        done = walk.run("-m", "babel.messages.frontend", *words)
        assert done.returncode == 0, done.stderr
    walk.put("pages/parts/text/cldr.py", r"^OWN.*= \{", '"pl": Forms(region="pl", minus="\\u2212"), ')
    code = """\
        import json
        from decimal import Decimal
        from pages.parts.text import formatting

        said = formatting.not_published("pl"), formatting.no_data("pl")
        print(json.dumps([*said, formatting.euros(Decimal(-1_200_000_000), locale="pl")]))
        """
    translated, untranslated, amount = walk.tell(code)  # type: ignore[misc]
    assert translated == "nie opublikowano"
    assert untranslated == "no data"
    assert amount == "\u22121,2\u00a0mld\u00a0€"
    assert walk.left() == {"tests/pages/parts/text/test_translation.py"}


# --- look


@pytest.mark.slow
@pytest.mark.how_to("Add or change a colour")
def test_a_colour_is_a_token_in_two_files(walk: Walk) -> None:
    old, new = '"#0B5A6A"', '"#0A5567"'
    for path in ("pages/parts/design_tokens.py", ".streamlit/config.toml"):
        assert old in walk.read(path)
        walk.write(path, walk.read(path).replace(old, new))
    done = walk.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/pages/parts/test_design_tokens.py")
    assert done.returncode == 0, done.stdout
    assert walk.left() == {"tests/pages/parts/test_design_tokens.py"}
