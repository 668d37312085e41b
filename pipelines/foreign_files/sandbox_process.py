"""Reads foreign files in a process without network that writes to one folder and starts no program.

Usage: python -m pipelines.foreign_files.sandbox_process READER LIMITS FOLDER, with the request as JSON on
stdin. READER: a function as module:name, called with request, folder and layers. LIMITS: UPLOADS or BULK.
Started by sandbox.py.

What holds it, each layer as far as the system has it; the reading goes on without a layer that the system
refuses:

- limits (limits.py): memory, computing time, written bytes. POSIX.
- network: a network namespace without any interface, not even loopback. Linux, where the process may make
  one, alone or with a user namespace.
- landlock: the kernel refuses to write, make or remove files outside the folder, to run programs, and (from
  its version 4 on) TCP. Linux 5.13.
- audit: Python itself refuses sockets, programs, and writing outside the folder. Everywhere; it binds Python
  code, not the compiled readers.

The kernel's layers bind the compiled readers too. They hold for threads that begin afterwards: nothing else
may be imported before them.
"""

import contextlib
import ctypes
import json
import os
import pkgutil
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

from pipelines.foreign_files import limits
from pipelines.foreign_files.limits import Limits

_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
# execute, write, remove, make …; reading is left free, because libraries and time zones lie in many places.
# By the version that brought them.
_WRITING = {1: 0b1_1111_1111_0011, 2: 1 << 13, 3: 1 << 14}
_TCP = 0b11
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.startfile",
    "pty.",
)
_CHANGING = (
    "os.chmod",
    "os.chown",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "os.utime",
)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def isolate(folder: Path, allowed: Limits = limits.UPLOADS) -> tuple[str, ...]:
    """Give up everything that reading a file does not need, for good. Gives the layers that hold.

    folder: where the process may write.
    """
    limits.confine(allowed)
    held = ["limits"]
    if leave_network():
        held.append("network")
    if forbid_by_kernel(folder):
        held.append("landlock")
    forbid_in_python(folder)
    return (*held, "audit")


def leave_network() -> bool:
    """Move this process into a network namespace of its own that reaches nothing.

    False where the system has none, or refuses it.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def forbid_by_kernel(folder: Path) -> bool:
    """Let the kernel refuse programs, TCP, and every change of files outside the folder.

    False where the system has no Landlock.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    writing = sum(right for since, right in _WRITING.items() if since <= version)
    rules = _Ruleset(writing, _TCP)
    ruleset = libc.syscall(
        _CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(16 if version >= 4 else 8), 0
    )
    if ruleset < 0:
        return False
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        beneath = _Beneath(writing & ~1, opened)
        return bool(
            libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0) == 0
            and libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            and libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
        )
    finally:
        os.close(opened)
        os.close(ruleset)


def forbid_in_python(folder: Path) -> None:
    """Let Python refuse sockets, programs, and changes of files outside the folder, with PermissionError."""
    inside = os.path.realpath(folder) + os.sep
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        paths: tuple[object, ...] = ()
        if event == "open":
            path, _, flags = arguments
            paths = (path,) if isinstance(flags, int) and flags & writing else ()
        elif event.startswith(_CHANGING):
            paths = arguments
        elif event.startswith(_FORBIDDEN):
            raise PermissionError(f"{event} is not allowed where a file is opened")
        else:
            return
        for one in paths:
            if isinstance(one, str | bytes | os.PathLike) and not os.path.realpath(
                os.fsdecode(one)
            ).startswith(inside):
                raise PermissionError(f"{event} is not allowed outside the folder: {os.fsdecode(one)}")

    sys.addaudithook(refuse)


class WithoutPandas(MetaPathFinder):
    """Keeps pandas out of the process.

    Arrow would load it, which takes longer than the reading, only to ask whether a value is one of its
    own.
    """

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse pandas; leave everything else to others."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def main() -> None:
    """Do one piece of reading, isolated and within limits."""
    reader, allowed, folder = sys.argv[1], getattr(limits, sys.argv[2]), Path(sys.argv[3])
    request = json.load(sys.stdin)
    layers = isolate(folder, allowed)
    sys.meta_path.insert(0, WithoutPandas())
    # not before: its libraries start threads, which the kernel's layers would not bind
    pkgutil.resolve_name(reader)(request, folder, layers)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
