"""Runs the program as a stranger does: its commands, its server, its addresses.

Imports nothing of it, so that its parts may be renamed.
"""

import contextlib
import io
import json
import os
import runpy
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ARTEFACT = HERE / "store_of_version_0_1.tar.xz"
FILES = HERE / "files"
LONGEST_SECONDS = 240  # for the start of the server and for an answer, on a busy machine


class Command(NamedTuple):
    """The words of a command, and for whom it acts.

    user: name of a user of the operating system. roles: parted by commas; all roles if none are named.
    """

    words: Sequence[str]
    user: str = "cat"
    roles: str = ""


class Done(NamedTuple):
    """What a command did: its exit code and what it wrote."""

    code: int
    stdout: str
    stderr: str


def unpack(folder: Path) -> Path:
    """Unpack the artefact into a folder and return the folder of the store; bundle.zip lies beside it."""
    with tarfile.open(ARTEFACT) as packed:
        packed.extractall(folder, filter="data")
    return folder / "store"


def run(store: Path, *commands: Sequence[str] | Command) -> list[Done]:
    """Run commands one after another, each as `python -m pipelines` runs it.

    One process runs them all, because it takes seconds to load the program.
    """
    environment = {**os.environ, "TRACKER_STORE": str(store), "COLUMNS": "200"}
    given = [command if isinstance(command, Command) else Command(command) for command in commands]
    process = subprocess.run(
        [sys.executable, str(Path(__file__))],
        cwd=ROOT,
        env=environment,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, f"{process.stdout}\n{process.stderr}"
    return [Done(*each) for each in json.loads(process.stdout)]


def run_alone(store: Path, *words: str) -> Done:
    """Run one command in a process of its own, as a person types it."""
    command, environment = (
        [sys.executable, "-m", "pipelines", *words],
        {**os.environ, "TRACKER_STORE": str(store)},
    )
    process = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return Done(process.returncode, process.stdout, process.stderr)


@contextmanager
def serve(store: Path) -> Iterator[httpx.Client]:
    """Start a server with the public face on a store, and yield a client of it that follows no redirect."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        port,
        "--server.headless",
        "true",
    ]
    environment = {**os.environ, "TRACKER_STORE": str(store), "TRACKER_FACE": "public"}
    environment.pop("TRACKER_ADDRESS", None)
    with (
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server,
        httpx.Client(
            base_url=f"http://localhost:{port}", timeout=LONGEST_SECONDS, follow_redirects=False
        ) as client,
    ):
        try:
            end = time.monotonic() + LONGEST_SECONDS
            while not _is_ready(client):
                assert server.poll() is None, f"The server ended with {server.returncode}."
                assert time.monotonic() < end, f"The server was not ready within {LONGEST_SECONDS} seconds."
                time.sleep(0.2)
            yield client
        finally:
            server.terminate()


def ask(client: httpx.Client, method: str, address: str, content: str | None = None) -> httpx.Response:
    """Ask an address. A select has five seconds, too few on a busy machine: it is asked up to six times."""
    is_select = "/sql?" in address and "select" in (content or address)
    for _ in range(5 if is_select else 0):
        if (answer := client.request(method, address, content=content)).status_code == 200:
            return answer
    return client.request(method, address, content=content)


def _is_ready(client: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.get("/readyz").status_code == 200
    return False


def _run_here(command: Command) -> Done:
    """Run one command in this process."""
    sys.argv = ["pipelines", *command.words]
    os.environ["LOGNAME"] = command.user
    os.environ.pop("TRACKER_OPERATOR_ROLES", None)
    if command.roles:
        os.environ["TRACKER_OPERATOR_ROLES"] = command.roles
    written = io.BytesIO(), io.BytesIO()
    stdout, stderr = (io.TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in written)
    code: object = 0
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            runpy.run_module("pipelines", run_name="__main__", alter_sys=True)
        except SystemExit as end:
            code = end.code
    outputs = [stream.getvalue().decode() for stream in written]
    return Done(code if isinstance(code, int) else int(code is not None), *outputs)


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    json.dump([_run_here(Command(*command)) for command in json.load(sys.stdin)], sys.stdout)
