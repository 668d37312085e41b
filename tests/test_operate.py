"""docs/operate: the service can be installed from it, because every file, command, setting and number that it
names is there.
"""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from pages.http import deployment_mode, metrics
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pipelines import settings
from pipelines.__main__ import app as command_line
from tests.paths import ROOT

FOLDER = ROOT / "docs" / "operate"
DOCUMENTS = ("README.md", "runbook.md")
UNITS = sorted(path.name for path in (FOLDER / "systemd").iterdir())
SETTINGS = {settings.variable(name) for group in settings.GROUPS for name in group.model_fields}
COMMANDS = typer.main.get_command(command_line).commands  # type: ignore[attr-defined]


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def all_files() -> list[Path]:
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def anchors(document: str) -> set[str]:
    """The anchors of the headings of a document, as platforms make them."""
    headings = re.findall(r"^#+ (.+)$", read(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# --- what the documents name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_and_every_file_of_the_repository_is_there(document: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", read(document))
    assert links and [link for link in links if not (FOLDER / link).exists()] == []
    paths = re.findall(r"docs/operate/[\w./@*-]+", read(document))
    assert [path for path in paths if not list(ROOT.glob(path))] == []
    named = re.findall(r"`([\w-]+(?:/[\w.-]+)*\.(?:env|conf|yml|yaml|json))`", read(document))
    own = [name for name in named if name not in ("current.json",)]
    assert [name for name in own if not (FOLDER / name).is_file()] == []


def test_the_readme_names_every_file_and_every_file_stands_in_its_place() -> None:
    words = read("README.md")
    covered = "docs/operate/systemd/*"
    assert covered in words
    for path in all_files():
        name = path.relative_to(FOLDER).as_posix()
        is_named = name in words or name.startswith("systemd/") or name == "README.md"
        assert is_named or name == "prometheus/compose.yml", name
    assert "./prometheus/compose.yml" in read("compose.yaml")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_the_program_is_one_with_its_options(document: str) -> None:
    lines = [
        line.strip()
        for block in re.findall(r"^```\n(.*?)^```", read(document), re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    spans = re.findall(r"`([^`\n]+)`", read(document))
    found = 0
    for line in [*lines, *spans]:
        match = re.match(r"(?:tracker|python -m pipelines) ([a-z]+)(.*)", line)
        if not match:
            continue
        found += 1
        assert match[1] in COMMANDS, line
        known = {option for parameter in COMMANDS[match[1]].params for option in parameter.opts}
        given = [word for word in shlex.split(match[2]) if word.startswith("--")]
        assert set(given) <= known, line
    assert found >= 8


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_unit_that_is_started_is_there(document: str) -> None:
    named = re.findall(r"\btracker-(?:public|staff|backup)[\w@.-]*", read(document))
    for name in named:
        unit = re.sub(r"@\d+$", "@", name.rstrip("."))
        unit = unit if unit.endswith((".timer", ".service")) else f"{unit}.service"
        assert unit in UNITS, name


def test_the_runbook_has_ten_incidents_each_with_sight_command_and_outcome() -> None:
    incidents = re.split(r"^## (?=\d+\. )", read("runbook.md"), flags=re.MULTILINE)[1:]
    assert [int(part.split(".")[0]) for part in incidents] == list(range(1, 11))
    for part in incidents:
        assert "**You see:**" in part and "```" in part and "**Afterwards:**" in part, part[:40]


def test_the_sentences_that_the_runbook_quotes_are_those_of_the_program() -> None:
    words = " ".join(read("runbook.md").split())
    assert "There is no release yet" in say(text.NO_RELEASE) and "There is no release yet" in words
    assert "is not whole" in say(text.NOT_VERIFIED, release="R", problem="x")
    free = say(text.DISK_NEARLY_FULL, free=1, least=2)
    assert free.startswith("The disk of the store has") and "The disk of the store has" in words
    started = say(text.DOES_NOT_START, reason="x")
    assert "The tracker does not start" in started and "The tracker does not start" in words
    busy = (ROOT / "pipelines" / "releases.py").read_text(encoding="utf-8")
    assert "Another build or publication is running" in busy


# --- files of other programs


@pytest.mark.parametrize("name", ["public.env", "staff.env"])
def test_the_settings_of_the_services_are_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = dict(line.split("=", 1) for line in read(name).splitlines() if line and line[0] != "#")
    own = {key: value for key, value in values.items() if key.startswith("TRACKER_")}
    assert set(own) <= SETTINGS and set(values) - set(own) == {"HOME"}
    secrets = [key for key in own if "SECRET" in key]
    assert all(not own[key] for key in secrets), "no secret ships"
    for key, value in own.items():
        monkeypatch.setenv(key, value)
    for group in settings.GROUPS:
        settings.read(group)
    if name == "staff.env":
        assert set(deployment_mode.OIDC) <= set(own), "all five settings of OpenID Connect"


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_confined_and_starts_what_is_there(unit: str) -> None:
    content = read(f"systemd/{unit}")
    if unit.endswith(".timer"):
        assert "OnCalendar=" in content and unit.replace(".timer", ".service") in UNITS
        return
    (start,) = re.findall(r"^ExecStart=(.+)$", content, re.MULTILINE)
    if "/opt/tracker" not in start:
        return
    for word in ("User=tracker", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes",
                 "CapabilityBoundingSet=\n", "RestrictNamespaces=user net", "SystemCallFilter=@system-service"):  # fmt: skip
        assert word in content, word
    (file,) = re.findall(r"^EnvironmentFile=/etc/tracker/(.+)$", content, re.MULTILINE)
    assert (FOLDER / file).is_file()
    assert "app.py" in start or re.search(r"-m pipelines (\w+)", start)[1] in COMMANDS  # type: ignore[index]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_reads_every_unit_without_a_complaint() -> None:
    files = [str(FOLDER / "systemd" / unit) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if str(FOLDER) in line or "tracker" in line]
    # The program is not installed under /opt here.
    assert [
        line for line in complaints if "/opt/tracker/.venv/bin/python is not executable" not in line
    ] == []


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=x",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = read("nginx.conf").replace("/etc/ssl/tracker", str(tmp_path))
    site = site.replace("/etc/nginx/tracker-proxy.conf", str(FOLDER / "tracker-proxy.conf"))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {site} }}", encoding="utf-8")
    subprocess.run(["nginx", "-t", "-c", whole, "-e", "stderr"], check=True, capture_output=True)


def test_the_proxies_pass_websockets_keep_readers_and_bound_bodies() -> None:
    nginx, shared, caddy = read("nginx.conf"), read("tracker-proxy.conf"), read("Caddyfile")
    assert nginx.count("{") == nginx.count("}") and caddy.count("{") == caddy.count("}")
    directives = [line.split("#")[0].strip() for line in [*nginx.splitlines(), *shared.splitlines()]]
    assert [line for line in directives if line and not line.endswith((";", "{", "}"))] == []
    assert "proxy_set_header Upgrade $http_upgrade;" in shared and "proxy_set_header Host $host;" in shared
    assert "hash $binary_remote_addr consistent;" in nginx and "lb_policy client_ip_hash" in caddy
    for proxy in (nginx, caddy):
        assert proxy.count("/metrics") and proxy.count("/readyz") and "Strict-Transport-Security" in proxy
        assert "_stcore/upload_file" in proxy
    assert "client_max_body_size 64k;" in nginx and "client_max_body_size 65m;" in nginx
    assert "max_size 64KB" in caddy and "max_size 65MB" in caddy


def ports(content: str) -> set[str]:
    return set(re.findall(r"(?:127\.0\.0\.1|localhost):(\d+)", content))


def test_proxies_services_and_numbers_speak_of_the_same_ports() -> None:
    started = set(re.findall(r"tracker-public@(\d+)", read("README.md"))) | {"8511"}
    assert "--server.port 8511" in read("systemd/tracker-staff.service")
    assert ports(read("nginx.conf")) == ports(read("Caddyfile")) == started
    assert ports(read("prometheus/prometheus.yml")) == started


def test_the_image_holds_what_the_program_needs() -> None:
    lines = read("Containerfile").splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    needed = {"app.py", "pages", "pipelines", "static", ".streamlit", "data/reference", "data/sources",
              "pyproject.toml", "requirements.lock"}  # fmt: skip
    assert needed <= set(copied)
    assert "--require-hashes" in read("Containerfile") and "\nUSER tracker\n" in read("Containerfile")


def test_compose_names_files_settings_and_networks_that_are_there() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    services: dict[str, Any] = compose["services"]
    assert set(services) == {"build", "public", "proxy", "prometheus"}
    assert (FOLDER / services["public"]["build"]["context"]).resolve() == ROOT
    assert (ROOT / services["public"]["build"]["dockerfile"]).is_file()
    names = {name for name in services["public"]["environment"] if name.startswith("TRACKER_")}
    assert names <= SETTINGS
    for name in ("build", "public"):
        assert services[name]["read_only"] and services[name]["cap_drop"] == ["ALL"]
    mounted = [volume.split(":")[0] for volume in services["prometheus"]["volumes"]]
    assert all((FOLDER / path).is_file() for path in mounted if path.startswith("."))
    assert set(compose["volumes"]) == {"store", "certificates", "numbers"}


# --- numbers


@pytest.fixture(scope="module")
def series() -> set[str]:
    """The names under which Prometheus keeps what /metrics tells."""
    suffixes = {"counter": "_total", "gauge": "", "info": "_info"}
    return {f"{family.name}{suffixes[family.kind]}" for family in metrics.families()} | {"up"}


def series_in(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:tracker_|process_)\w+", expression))


def test_every_alert_asks_for_numbers_that_are_there_and_names_its_incident(series: set[str]) -> None:
    (group,) = yaml.safe_load(read("prometheus/alerts.yml"))["groups"]
    assert len(group["rules"]) >= 8
    for rule in group["rules"]:
        assert series_in(rule["expr"]) <= series, rule["alert"]
        assert rule["expr"].count("(") == rule["expr"].count(")")
        document, anchor = rule["annotations"]["runbook"].split("#")
        assert anchor in anchors(document), rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
    alerts = {rule["alert"] for rule in group["rules"]}
    assert set(re.findall(r"\bTracker[A-Z]\w+", read("runbook.md"))) <= alerts


def test_every_panel_of_the_board_asks_for_numbers_that_are_there(series: set[str]) -> None:
    board = json.loads(read("grafana/board.json"))
    asked = {
        name for panel in board["panels"] for target in panel["targets"] for name in series_in(target["expr"])
    }
    assert asked <= series
    own = {name for name in series if name.startswith("tracker_")}
    unseen = {"tracker_cache_limit_bytes", "tracker_journal_readable"}
    assert own - asked <= unseen, "the board shows everything that is measured"
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@pytest.mark.parametrize("name", ["prometheus/prometheus.yml", "prometheus/compose.yml"])
def test_prometheus_reads_the_alerts(name: str) -> None:
    content = yaml.safe_load(read(name))
    assert content["rule_files"] == ["alerts.yml"]
    (job,) = content["scrape_configs"]
    assert job["job_name"] == "tracker" and job["static_configs"][0]["targets"]
