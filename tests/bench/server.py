"""Servers to measure: the tracker on a release of the shipped data, and plain Streamlit pages.

Linux only: processor times and memory come from /proc.
"""

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
START_SECONDS = 60
TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the name of the program, which may hold spaces: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _clock(pid: int) -> float:
    """Processor seconds of a process, user and system, with all threads that run or have ended.

    The clock of the process counts in nanoseconds, /proc/PID/stat in hundredths of a second.
    """
    return time.clock_gettime((~pid << 3) | 2)


def descendants(pid: int) -> list[int]:
    """Processes that a process has started, directly or not, and that run now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
            except OSError:  # it has ended
                continue
    listed = [pid]
    for one in listed:
        listed += parents.get(one, [])
    return listed[1:]


@dataclass(frozen=True)
class Server:
    """A running server. address: http://127.0.0.1:PORT."""

    pid: int
    address: str

    def cpu_seconds(self) -> float:
        """Processor time since its start, with that of every process it has started."""
        total = _clock(self.pid) + sum(int(ticks) for ticks in _stat(self.pid)[13:15]) / TICK
        for child in descendants(self.pid):
            try:
                total += _clock(child)
            except OSError:  # it ended meanwhile
                continue
        return total

    def memory_bytes(self) -> int:
        """Memory of the server's own process that is held in RAM (VmRSS)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        match = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        return int(match[1]) * 1024 if match else 0

    async def settle(self, seconds: float = 10) -> float:
        """Wait until it has done nothing for 0.1 s, at most `seconds`. Gives its processor time then."""
        end = time.monotonic() + seconds
        before, still = self.cpu_seconds(), 0
        while still < 4 and time.monotonic() < end:
            await asyncio.sleep(0.025)
            now = self.cpu_seconds()
            still = still + 1 if now - before < 0.0015 else 0
            before = now
        return before


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _running(
    command: Sequence[str], cwd: Path, ready: str, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Start a command with a port, wait until `ready` answers 200, end it afterwards."""
    port = _free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, *options], cwd=cwd, env=dict(environment), stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            end = time.monotonic() + START_SECONDS
            while True:
                try:
                    with urllib.request.urlopen(address + ready, timeout=5) as answer:
                        if answer.status == 200:
                            break
                except OSError:
                    time.sleep(0.1)
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"The server did not start within {START_SECONDS} seconds.")
            yield Server(process.pid, address)
        except Exception as error:
            log.seek(0)
            state = "runs" if process.poll() is None else f"ended with {process.returncode}"
            error.add_note(
                f"The server {state}; its last words: {log.read().decode(errors='replace')[-2000:]}"
            )
            raise
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(**settings: str) -> dict[str, str]:
    """That of this process without settings of the tracker, and with these."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "STREAMLIT_"))
    }
    return kept | settings


@contextmanager
def built_store(code: Path = ROOT) -> Iterator[Path]:
    """A store that holds one release, built from what ships with the code."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        command = [sys.executable, "-m", "pipelines", "build"]
        settings = _environment(TRACKER_STORE=str(store))
        done = subprocess.run(command, cwd=code, env=settings, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"No release could be built in {code}: {done.stderr[-2000:]}")
        yield store


@contextmanager
def tracker(
    store: Path, code: Path = ROOT, counts: Path | None = None, answers_ahead: str = "on"
) -> Iterator[Server]:
    """The tracker as visitors get it.

    code: the checkout whose server runs. counts: the file into which it counts questions, compilations and
    figures; never for times. answers_ahead: "off" to measure what an answer costs whoever asks for it.
    """
    settings = _environment(
        TRACKER_STORE=str(store), TRACKER_FACE="public", TRACKER_ANSWERS_AHEAD=answers_ahead
    )
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    if counts:
        command = [sys.executable, str(HERE / "counting.py"), str(counts), "run", "app.py"]
        settings["PYTHONPATH"] = str(code)
    with _running(command, code, "/readyz", settings) as server:
        yield server


@contextmanager
def plain_page(script: str) -> Iterator[Server]:
    """A Streamlit page that stands in this folder, with the settings of Streamlit itself."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "streamlit", "run", str(HERE / script)]
        options = ["--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"]
        with _running([*command, *options], Path(folder), "/_stcore/health", _environment()) as server:
            yield server
