"""The process that reads uploads, tried from inside: no network, no program, no file outside its folder."""

import json
import socket
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.foreign_files import file_reader
from pipelines.foreign_files.sandbox import open_file
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.read_upload import read
from pipelines.intake.validate import judge
from tests.paths import FIXTURES, ROOT

UPLOADS = FIXTURES / "uploads"

# Attempts in Python, and the same without Python's knowledge, as a flaw in a compiled reader would make them.
ATTEMPTS = """
import ctypes, json, os, socket, struct, subprocess, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from pipelines.foreign_files import sandbox_process
folder, outside, port = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
libc = ctypes.CDLL(None, use_errno=True)
held = {layer}

def native_connection():
    place = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    address = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + socket.inet_aton("127.0.0.1") + bytes(8)
    return libc.connect(place, address, len(address)) == 0

def native_file(path):
    return libc.open(os.fsencode(path), os.O_WRONLY | os.O_CREAT, 0o600) >= 0

def native_program():
    child = libc.fork()
    if child == 0:
        libc.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"/bin/true", None))
        libc._exit(9)
    state = ctypes.c_int()
    libc.waitpid(child, ctypes.byref(state), 0)
    return state.value == 0

def attempt(act):
    try:
        return act() is not False
    except OSError:
        return False

tried = {{
    "write inside": lambda: (folder / "own").write_text("x"),
    "connect": lambda: socket.create_connection(("127.0.0.1", port), 2),
    "look up": lambda: socket.getaddrinfo("localhost", port),
    "unix socket": lambda: socket.socket(socket.AF_UNIX),
    "program": lambda: subprocess.run(["/bin/true"]),
    "shell": lambda: os.system("true"),
    "write outside": lambda: (outside / "python").write_text("x"),
    "remove outside": lambda: (outside / "kept").unlink(),
    "rename outside": lambda: (folder / "own").rename(outside / "moved"),
    "native connect": native_connection,
    "native write outside": lambda: native_file(outside / "native"),
    "native write inside": lambda: native_file(folder / "native"),
    "native program": native_program,
}}
print(json.dumps([held, [name for name, act in tried.items() if attempt(act)]]))
"""
ALWAYS = {"write inside", "native write inside"}
BY_PYTHON = {
    "connect",
    "look up",
    "unix socket",
    "program",
    "shell",
    "write outside",
    "remove outside",
    "rename outside",
}
NATIVE = {"native connect", "native write outside", "native program"}


def tried(layer: str, folder: Path) -> tuple[object, set[str]]:
    """What the layer says of itself, and what could still be done under it."""
    inside, outside = folder / "inside", folder / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "kept").write_text("x", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        reached: list[object] = []
        server.settimeout(20)

        def listen() -> None:
            try:
                reached.append(server.accept())
            except OSError:
                return

        waiting = threading.Thread(target=listen, daemon=True)
        waiting.start()
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", ATTEMPTS.format(layer=layer), str(ROOT), str(inside), str(outside), str(port)],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        held, could = json.loads(done.stdout)
        assert bool(reached) <= bool({"connect", "native connect"} & set(could))
    return held, set(could)


def test_without_any_layer_all_attempts_succeed(tmp_path: Path) -> None:
    _, could = tried("[]", tmp_path)
    assert could == ALWAYS | BY_PYTHON | NATIVE


def test_all_layers_together_leave_only_the_folder(tmp_path: Path) -> None:
    held, could = tried("sandbox_process.isolate(folder)", tmp_path)
    assert isinstance(held, list) and {"limits", "audit"} <= set(held)
    still = set() if "landlock" in held else NATIVE - ({"native connect"} if "network" in held else set())
    assert could == ALWAYS | still
    assert sorted(path.name for path in (tmp_path / "outside").iterdir()) == sorted(
        {"kept"} | ({"native"} if still else set())
    )


@pytest.mark.parametrize(
    ("layer", "refused"),
    [
        ("sandbox_process.leave_network()", {"connect", "native connect"}),
        (
            "sandbox_process.forbid_by_kernel(folder)",
            NATIVE | BY_PYTHON - {"look up", "unix socket", "shell"},
        ),
        ("sandbox_process.forbid_in_python(folder) or True", BY_PYTHON),
    ],
)
def test_each_layer_holds_alone(layer: str, refused: set[str], tmp_path: Path) -> None:
    """A layer that the system refuses says so, and then refuses nothing."""
    held, could = tried(layer, tmp_path)
    assert not could & refused if held else could == ALWAYS | BY_PYTHON | NATIVE
    assert could >= ALWAYS


def test_uploads_are_opened_behind_every_layer_that_the_system_has(tmp_path: Path) -> None:
    _, facts = open_file(UPLOADS / "good.xlsx", {})
    probe = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path; from pipelines.foreign_files import sandbox_process; print(*sandbox_process.isolate(Path({str(tmp_path)!r})))"
    has = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert facts["layers"] == has.stdout.split()


def _workbook(path: Path, sheet: str, extra: dict[str, str]) -> Path:
    """An XLSX of one sheet, put together from its XML, with other parts beside it."""
    name = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{name}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{name}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets><externalReferences><externalReference r:id="r2"/></externalReferences></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{name}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{name}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in (parts | extra).items():
            archive.writestr(part, text)
    return path


def _cells(*rows: tuple[str, ...]) -> str:
    listed = "".join(
        f'<row r="{number}">' + "".join(f'<c r="{"AB"[place]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for place, cell in enumerate(row)) + "</row>"
        for number, row in enumerate(rows, 1)
    )  # fmt: skip
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{listed}</sheetData></worksheet>'


def test_links_out_of_a_workbook_are_not_followed(tmp_path: Path) -> None:
    """A link to another workbook on a server: the stored cells are read, and nobody is called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        target = f"http://127.0.0.1:{server.getsockname()[1]}/other.xlsx"
        rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="x" Target="{target}" TargetMode="External"/></Relationships>'
        link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
        extra = {
            "xl/externalLinks/externalLink1.xml": link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": rels,
        }
        reading = read(
            _workbook(tmp_path / "linked.xlsx", _cells(("heading", "amount_eur"), ("Line", "5")), extra)
        )
        assert reading.grid is not None and reading.grid.row(1) == ["Line", "5"]
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "part",
    [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    ],
)
def test_entities_of_a_workbook_are_refused_wherever_they_stand(part: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    path = _workbook(tmp_path / "plain.xlsx", _cells(("heading", "amount_eur"), ("Line", "5")), {})
    with zipfile.ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    root = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&x;</t></si></sst>'
    texts[part] = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + texts.get(part, root)
    hostile = _workbook(tmp_path / "hostile.xlsx", texts["xl/worksheets/sheet1.xml"], texts)
    verdict = judge(read(hostile), read_vocabularies())
    assert [finding.code for finding in verdict.findings] == ["workbook-hostile"]


def test_a_workbook_that_needs_too_much_memory_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lines.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write("A1", "amount_eur")

    def too_much(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(file_reader.spreadsheets, "read_sheet", too_much)
    file_reader.write_down(path, tmp_path, {})
    assert json.loads((tmp_path / "facts.json").read_text())["stopped"][0] == "out-of-memory"
