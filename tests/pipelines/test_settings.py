"""Every setting is declared once, read as the environment has it now, and wrong values are named."""

import ast
import re
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.errors import Misconfigured
from tests.paths import ROOT
from tests.pipelines.cli.test_commands import run

NAMES = {settings.variable(name) for group in settings.GROUPS for name in group.model_fields}


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_table_in_the_documentation_is_that_of_the_declarations() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings.as_markdown()
    assert run("config", "--markdown") == (0, settings.as_markdown(), "")


def test_no_other_module_reads_a_setting_from_the_environment() -> None:
    """Only pipelines/settings.py names a TRACKER_ variable where it reads or sets the environment; messages
    may name all.
    """
    for path in (ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "pipelines").rglob("*.py")):
        code = path.read_text(encoding="utf-8")
        assert set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", code)) <= NAMES | {"TRACKER_OIDC"}, path
        for node in ast.walk(ast.parse(code)):
            is_lookup = isinstance(node, ast.Subscript | ast.Call) and re.match(
                r"(os\.)?(environ|getenv)\b", ast.unparse(node)
            )
            assert not is_lookup or "TRACKER_" not in ast.unparse(node), path


def test_a_setting_is_read_as_it_is_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert settings.read(settings.StoreSettings).store == ROOT / "data" / "store"
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path))
    assert settings.read(settings.StoreSettings).store == tmp_path
    monkeypatch.setenv("TRACKER_STORE", "")
    assert settings.read(settings.StoreSettings).store == ROOT / "data" / "store"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("TRACKER_FACE", "other", "TRACKER_FACE is “other”. It may be public, staff or both."),
        ("TRACKER_FOUR_EYES", "no", "TRACKER_FOUR_EYES is “no”. It may be on or off."),
        ("TRACKER_ADDRESS", "tracker.example", "TRACKER_ADDRESS must begin with https://"),
        (
            "TRACKER_OIDC_METADATA_URL",
            "http://login.example",
            "TRACKER_OIDC_METADATA_URL must begin with https://",
        ),
        (
            "TRACKER_OIDC_REDIRECT_URI",
            "https://x.example/",
            "TRACKER_OIDC_REDIRECT_URI must end in /oauth2callback.",
        ),
        ("TRACKER_OIDC_COOKIE_SECRET", "short-secret", "TRACKER_OIDC_COOKIE_SECRET is too weak"),
        (
            "TRACKER_OPERATOR_ROLES",
            "boss",
            "TRACKER_OPERATOR_ROLES names boss. Roles are contributor, approver, admin.",
        ),
    ],
)
def test_a_wrong_value_is_named_and_stops_its_group_alone(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    for group in settings.GROUPS:
        if name in map(settings.variable, group.model_fields):
            with pytest.raises(Misconfigured, match=re.escape(message)) as wrong:
                settings.read(group)
            assert "secret" not in name.lower() or value not in str(wrong.value)
        else:
            settings.read(group)
    code, out, err = run("config")
    assert code == 1 and err.startswith(message) and "Traceback" not in err
    assert f"  {name:28} wrong, see below  (environment, default " in out


@pytest.mark.parametrize(
    ("value", "roles"),
    [("", frozenset()), (" contributor,approver ", {"contributor", "approver"}), (None, None)],
)
def test_no_role_is_a_choice(
    value: str | None, roles: frozenset[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("TRACKER_OPERATOR_ROLES", value)
    assert settings.read(settings.DecisionSettings).operator_roles == roles


def test_config_prints_values_defaults_and_sources_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_FACE", "both")
    monkeypatch.setenv("TRACKER_FOUR_EYES", "OFF")
    monkeypatch.setenv("TRACKER_OIDC_CLIENT_SECRET", "hidden-from-all")
    code, out, err = run("config")
    assert (code, err) == (0, "") and "hidden-from-all" not in out
    assert f"  {'TRACKER_FACE':28} both  (environment, default public)\n" in out
    assert f"  {'TRACKER_FOUR_EYES':28} off  (environment, default on)\n" in out
    assert f"  {'TRACKER_OIDC_CLIENT_SECRET':28} ********  (environment, default not set)\n" in out
    assert f"  {'TRACKER_STORE':28} data/store  (default)\n" in out
    monkeypatch.setenv("TRACKER_OIDC_METADATA_URL", "ftp://x")
    assert "hidden-from-all" not in run("config")[1]
