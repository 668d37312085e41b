"""Where contributors hand in: uploaded bytes, requests for publication, and what became of them.

Publishes nothing.

Bytes are kept by their sha256 and never overwritten or removed. Every act is an event of the journal; the
lists here are told from it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from pipelines import active_uploads, files, journal, releases
from pipelines.errors import Forbidden, NotPossible
from pipelines.findings import Finding, Refused
from pipelines.publishing import submission
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.permissions import Person, require
from pipelines.publishing.submission import Checked, Submission

State = Literal["waiting", "stale", "published", "withdrawn", "declined", "taken back"]
_TAKEN_BACK: Final = "take back"


class Receipt(NamedTuple):
    """What became of an upload.

    is_new: these bytes were not here before. message: the same for people to read.
    """

    seq: int
    sha256: str
    path: Path
    received_on: date
    is_new: bool
    message: str


@dataclass(frozen=True)
class Request:
    """Somebody wants an upload published.

    request_id: names it everywhere. base: the release on which its public effect was seen; state `stale`
    means that another is current now.
    authors: who uploaded the file or asked. release_id: where it was published.
    """

    request_id: str
    asked_at: str
    sha256: str
    file_name: str
    title: str
    requester: str
    authors: frozenset[str]
    message: str
    base: str
    figures: str
    source_id: str
    stored: str
    summary: dict[str, int]
    state: State
    release_id: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    reason: str | None = None


def upload_path(store: Path, sha256: str) -> Path:
    """Where the bytes with this fingerprint are kept."""
    return store / "uploads" / sha256


def upload(
    store: Path,
    content: bytes,
    checked: Checked,
    person: Person,
    origin: str,
    acknowledged: Iterable[str] = (),
) -> Receipt:
    """Keep the bytes of a checked file, and write down who brought it, from where, and which warnings were
    acknowledged.

    origin: from where it came, as an address or `command line`. acknowledged: codes of findings.
    Raises Refused if a finding is an error or a warning is not acknowledged, Forbidden, and OSError if the
    disk is full or may not be written.
    """
    require(person, "upload")
    if (sha256 := files.sha256(content)) != checked.sha256:
        raise NotPossible(f"{checked.file_name} changed while it was read. Upload it again.")
    acknowledged_codes = frozenset(acknowledged)
    if stopping := [
        finding
        for finding in checked.findings
        if finding.severity == "error" or _is_open(finding, acknowledged_codes)
    ]:
        raise Refused(stopping)
    with files.store_access(store):
        path = upload_path(store, sha256)
        earlier = next(
            (entry for entry in _events(store, "upload") if _details(entry)["sha256"] == sha256), None
        )
        if not _holds(path, sha256):
            files.write(path, content, files.PRIVATE)
        details = {
            "sha256": sha256,
            "file_name": checked.file_name,
            "bytes": len(content),
            "recipe": checked.recipe,
            "shape": checked.shape,
            "rows_read": checked.rows_read,
            "rows_accepted": checked.rows_accepted,
            "sum_eur": str(checked.sum_eur),
            "findings": dict(Counter(finding.code for finding in checked.findings)),
            "acknowledged": sorted(acknowledged_codes),
            "from": origin,
            "name": person.name,
        }
        written = journal.append(
            store,
            "upload",
            None,
            "uploaded" if earlier is None else "uploaded again",
            details,
            person.subject,
        )
    message = (
        f"{checked.file_name} was received: {checked.rows_accepted} of {checked.rows_read} rows."
        if earlier is None
        else f"These bytes are already here: {_details(earlier)['name']} uploaded them as "
        f"{_details(earlier)['file_name']} "
        f"on {earlier.happened_at[:10]}. {_whereabouts(store, sha256)}"
    )
    return Receipt(written.seq, sha256, path, _day(earlier or written), earlier is None, message)


def ask(store: Path, handed_in: Submission, effect: Effect, person: Person, message: str) -> Request:
    """Ask for publication, on the effect that was seen. The same again gives the same request.

    Raises NotPossible if the effect is of an older release, forbids publication, or the bytes are not here;
    Forbidden.
    """
    require(person, "request")
    if not submission.one_line(message):
        raise NotPossible("Say in a sentence why this should be published.")
    if effect.base != releases.current(store):
        raise NotPossible("Another release was published since the dry run. Make the dry run again.")
    if not effect.can_be_published:
        raise NotPossible(
            "This cannot be published: "
            + (
                str(effect.broken[0])
                if effect.broken
                else "every line of this file is in the ledger already."
            )
        )
    if not _holds(upload_path(store, handed_in.sha256), handed_in.sha256):
        raise NotPossible(
            f"The stored bytes of {handed_in.file_name} are missing or damaged. Upload the file again."
        )
    with files.store_access(store):
        stored = submission.keep(handed_in, store / "requests")
        for earlier in requests(store):
            if (earlier.stored, earlier.base, earlier.state) == (stored, effect.base, "waiting"):
                return earlier
        details = {
            "sha256": handed_in.sha256,
            "file_name": handed_in.file_name,
            "title": handed_in.title,
            "stored": stored,
            "base": effect.base,
            "figures": effect.figures,
            "source_id": effect.source_id,
            "summary": {kind: effect.count(kind) for kind in ("added", "corrected", "removed", "changed")}
            | {"moved": len(effect.moved), "rows": len(effect.rows), "sentences": len(effect.sentences)},
            "name": person.name,
        }
        written = journal.append(
            store, "request", None, submission.one_line(message), details, person.subject
        )
    return request(store, f"request-{written.seq}")


def decline(store: Path, request_id: str, person: Person, reason: str) -> Request:
    """Say no to a request, with a reason.

    The file stays and may be asked for again. Raises Forbidden, NotPossible.
    """
    require(person, "decline")
    return _end(store, request_id, person, reason, "decline")


def take_back(store: Path, request_id: str, person: Person, reason: str) -> Request:
    """Take back what one has asked for, with a reason, as long as nobody has decided.

    The file stays and may be asked for again. Raises Forbidden if somebody else asked, NotPossible.
    """
    require(person, "request")
    asked = request(store, request_id)
    if person.subject != asked.requester:
        raise Forbidden(f"Only who asked can take back {request_id}. An approver can decline it.")
    return _end(store, request_id, person, reason, _TAKEN_BACK)


def _end(
    store: Path, request_id: str, person: Person, reason: str, action: Literal["decline", "take back"]
) -> Request:
    """End a request without a publication. One that was ended before stays as it is."""
    if not submission.one_line(reason):
        raise NotPossible("Say in a sentence why: the reason stands in the journal.")
    with releases.publishing(store):
        asked = request(store, request_id)
        if asked.state in ("published", "withdrawn"):
            raise NotPossible(f"{request_id} was published already. Withdraw it instead.")
        if asked.state in ("waiting", "stale"):
            details = {"request": request_id, "sha256": asked.sha256, "name": person.name}
            journal.append(store, action, None, submission.one_line(reason), details, person.subject)
    return request(store, request_id)


def requests(store: Path) -> list[Request]:
    """All requests and what became of them, oldest first."""
    return list(_requests(store))


def request(store: Path, request_id: str) -> Request:
    """One request. Raises NotPossible if there is none of this name."""
    for asked in _requests(store):
        if asked.request_id == request_id:
            return asked
    waiting = [asked.request_id for asked in _requests(store) if asked.state in ("waiting", "stale")]
    raise NotPossible(f"There is no request {request_id}. Waiting: {', '.join(waiting) or 'none'}.")


def submission_of(store: Path, request_id: str) -> Submission:
    """What was handed in with a request: for a new dry run, when the current release is another one.

    Raises NotPossible if it is damaged.
    """
    try:
        return submission.read(store / "requests" / request(store, request_id).stored)
    except (OSError, ValueError) as error:
        raise NotPossible(str(error)) from None


def _requests(store: Path) -> Iterator[Request]:
    events = journal.read(store)
    current, in_force = releases.current(store), frozenset(active_uploads.in_force(store))
    authors: dict[str, set[str]] = {}
    decided: dict[str, journal.Event] = {}
    for entry in events:
        details = _details(entry)
        if entry.action in ("upload", "request"):
            authors.setdefault(details["sha256"], set()).add(entry.actor)
        elif details.get("request"):
            decided[details["request"]] = entry
    for entry in events:
        if entry.action == "request":
            details, request_id = _details(entry), f"request-{entry.seq}"
            decision = decided.get(request_id)
            state: State = "waiting" if details["base"] == current else "stale"
            if decision is not None:
                was_published = decision.action == "publish"
                is_shown = was_published and _details(decision)["source_id"] in in_force
                not_published: State = "taken back" if decision.action == _TAKEN_BACK else "declined"
                state = not_published if not was_published else "published" if is_shown else "withdrawn"
            yield Request(
                request_id=request_id,
                asked_at=entry.happened_at,
                requester=entry.actor,
                authors=frozenset(authors[details["sha256"]]),
                message=entry.reason,
                state=state,
                release_id=decision and decision.release_id,
                decided_by=decision and decision.actor,
                decided_at=decision and decision.happened_at,
                reason=decision and decision.reason,
                **{
                    name: details[name]
                    for name in (
                        "sha256",
                        "file_name",
                        "title",
                        "base",
                        "figures",
                        "source_id",
                        "stored",
                        "summary",
                    )
                },
            )


def _whereabouts(store: Path, sha256: str) -> str:
    """Where the file stands, in a sentence."""
    states = [(asked.state, asked.request_id) for asked in _requests(store) if asked.sha256 == sha256]
    if not states:
        return "Nobody has asked for publication yet."
    state, request_id = states[-1]
    return f"{request_id} is {state}."


def _is_open(finding: Finding, acknowledged: frozenset[str]) -> bool:
    return finding.severity == "warning" and finding.code not in acknowledged


def _holds(path: Path, sha256: str) -> bool:
    return path.is_file() and files.file_sha256(path) == sha256


def _events(store: Path, action: str) -> list[journal.Event]:
    return [entry for entry in journal.read(store) if entry.action == action]


def _details(entry: journal.Event) -> dict[str, Any]:
    details: dict[str, Any] = json.loads(entry.details)
    return details


def _day(entry: journal.Event) -> date:
    return datetime.fromisoformat(entry.happened_at).date()
