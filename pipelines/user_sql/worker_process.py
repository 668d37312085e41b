"""Keeps one prepared process that forks a confined child for each question in SQL, so that no question waits
for Python to start.

The prepared process has loaded the code, holds no release and no connection, and knows of the server's
environment nothing but
the time zone. Each question runs in a child of its own, which takes its limits before it reads the question
and ends with it.
It runs as `python -m pipelines.user_sql.worker_process`, with one end of a socket pair as standard input.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Lock, Thread
from typing import BinaryIO

from pipelines import settings
from pipelines.user_sql import query_guard

STARTING = 5.0  # seconds that a child may take beside its question
_HEADER = 16_384  # bytes of one order to the prepared process
_RECEIVED = b"+"


class QuestionProcess:
    """The prepared process of this server.

    It is started with the first question, or before by `warm`, and anew if it has ended.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None

    def warm(self) -> None:
        """Start the prepared process in the background."""
        Thread(target=self._start_locked, daemon=True).start()

    def answer(self, question: bytes, release_id: str, store: Path, seconds: float) -> bytes:
        """What the child writes of one question: nothing if it was ended by its limits.

        Raises OSError if no process can be started.
        """
        with ExitStack() as open_files:
            question_in, question_out = _pipe(open_files)
            answer_in, answer_out = _pipe(open_files)
            order = json.dumps({"release": release_id, "store": str(store), "seconds": seconds}).encode()
            self._send(order, [question_in.fileno(), answer_out.fileno()])
            question_in.close()
            answer_out.close()
            try:
                question_out.write(question)
                question_out.close()
            except BrokenPipeError:
                pass  # the child ended before it read the question
            return answer_in.read()

    def close(self) -> None:
        """End the prepared process. Children that answer go on to their own end."""
        with self._lock:
            self._stop()

    def _send(self, order: bytes, descriptors: list[int]) -> None:
        with self._lock:
            for attempt in range(2):  # the process may have ended since the last question
                orders = self._start()
                try:
                    socket.send_fds(orders, [order], descriptors)
                    if orders.recv(1) == _RECEIVED:
                        return
                except OSError:
                    if attempt:
                        raise
                self._stop()
        raise OSError("The process for questions in SQL ends as soon as it is started.")

    def _start_locked(self) -> None:
        with self._lock:
            self._start()

    def _start(self) -> socket.socket:
        if self._orders is None or self._process is None or self._process.poll() is not None:
            self._stop()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "pipelines.user_sql.worker_process"],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    cwd=settings.ROOT,
                    env={"TZ": "UTC"},
                )
            self._orders = ours
        return self._orders

    def _stop(self) -> None:
        if self._orders is not None:
            self._orders.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._orders = self._process = None


def _pipe(open_files: ExitStack) -> tuple[BinaryIO, BinaryIO]:
    reading, writing = os.pipe()
    return open_files.enter_context(os.fdopen(reading, "rb")), open_files.enter_context(
        os.fdopen(writing, "wb", buffering=0)
    )


question_process = QuestionProcess()
"""The prepared process of this server."""


def _serve(orders: socket.socket) -> None:
    """Fork a child for each order until the server closes its end.

    Runs in the prepared process, which has one thread.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system clears away children that have ended
    while True:
        order, descriptors, _flags, _address = socket.recv_fds(orders, _HEADER, 2)
        if not order:
            return
        if os.fork() == 0:
            orders.close()
            _answer_and_end(json.loads(order), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        orders.send(_RECEIVED)


def _answer_and_end(order: dict[str, str | float], question: int, answer: int) -> None:
    """Answer one question within the limits, and end the process. Runs in a child."""
    code = 1
    try:
        seconds = float(order["seconds"])
        _take_limits(seconds)
        with os.fdopen(question, "rb") as source:
            sql = source.read().decode()
        with os.fdopen(answer, "wb") as target:
            query_guard.write_answer(sql, str(order["release"]), Path(str(order["store"])), seconds, target)
        code = 0
    finally:
        os._exit(code)


def _take_limits(seconds: float) -> None:
    """Limit memory, time, and every file to nothing.

    The alarm ends the child even inside the engine's own code.
    """
    memory = _address_space() + query_guard.MEMORY
    processor = int(seconds + STARTING) * 2
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, seconds + STARTING)


def _address_space() -> int:
    """Bytes of address space that this process has already; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


if __name__ == "__main__":
    # What the engine loads by itself with its first question: here once, not in every child.
    import pandas  # noqa: F401
    import pyarrow.dataset  # noqa: F401

    _serve(socket.socket(fileno=os.dup(0)))
