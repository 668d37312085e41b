"""Any order of uploading, asking, publishing, withdrawing, rolling back and being killed, against a plain
model: release → uploads in it.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from pipelines import active_uploads, journal, releases, verify
from pipelines.errors import NotPossible
from pipelines.publishing import publication_requests, publish_withdraw_rollback
from pipelines.publishing.publication_requests import Request
from tests.conftest import Small
from tests.pipelines.publishing.office import AWARD, BOB, LINE, Office, template

STEPS = st.sampled_from(
    [
        "Writing the accepted source",
        "Building",
        "Reading sources",
        "Checking the laws of money",
        "Naming the release",
        "Verifying",
        "Publishing",
        "Published",
    ]
)


class Killed(BaseException):
    """Stands for kill -9 inside one process: nothing after it runs, not even clearing up."""


class Decisions(RuleBasedStateMachine):
    """The model: which uploads each release holds, which release is current, and which requests wait on which
    release.
    """

    model: Small
    uploads = Bundle("uploads")
    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="machine-"))
        shutil.copytree(self.model.store, self.place / "store", ignore=shutil.ignore_patterns("releases"))
        shutil.copytree(
            self.model.store / "releases", self.place / "store" / "releases", copy_function=os.link
        )
        self.office = Office(self.place / "store", self.model.data)
        self.current = releases.require_current(self.office.store)
        self.holds: dict[str, frozenset[str]] = {self.current: frozenset()}
        self.waiting: dict[str, str] = {}
        self.received: set[str] = set()

    def teardown(self) -> None:
        problems = list(verify.problems(self.current, self.office.store))
        shutil.rmtree(self.place)
        assert problems == []

    @initialize(target=uploads)
    def begin(self) -> Any:
        return multiple(*(template(AWARD | {"heading": f"Award {number}"}) for number in range(2)))

    @rule(target=asked, content=uploads)
    def ask(self, content: bytes) -> Any:
        self.received.add(self.office.upload(content).sha256)
        if self.office.upload(content).sha256 in self.holds[self.current]:
            with pytest.raises(NotPossible, match="in the ledger already"):
                self.office.ask(content)
            return multiple()
        request = self.office.ask(content)
        self.waiting[request.request_id] = request.base
        return request

    @rule(request=asked)
    def publish(self, request: Request) -> None:
        state = publication_requests.request(self.office.store, request.request_id).state
        if state in ("published", "withdrawn"):
            assert not self.office.publish(request).is_new
        elif self.waiting[request.request_id] != self.current:
            with pytest.raises(NotPossible, match="Make the dry run again"):
                self.office.publish(request)
        else:
            before = self.holds[self.current]
            self._now(self.office.publish(request).release_id, before | {request.sha256})

    @rule(request=consumes(asked), step=STEPS)
    def publish_and_be_killed(self, request: Request, step: str) -> None:
        """A stop in the middle of a publication, as far as one process can play it; whole processes are
        killed in test_kill.py.
        """
        if publication_requests.request(self.office.store, request.request_id).state != "waiting":
            return

        def stop(name: str) -> None:
            if name == step:
                raise Killed

        before, recover = self.holds[self.current], publish_withdraw_rollback._recover
        try:
            publish_withdraw_rollback._recover = lambda store: []
            publish_withdraw_rollback.publish(
                self.office.store, request.request_id, BOB, "Checked.", LINE, self.office.data, stop
            )
        except Killed:
            pass
        finally:
            publish_withdraw_rollback._recover = recover
        publish_withdraw_rollback.recover(self.office.store)
        if publication_requests.request(self.office.store, request.request_id).state == "published":
            self._now(releases.require_current(self.office.store), before | {request.sha256})

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        if not self.holds[self.current]:
            return
        sha256 = data.draw(st.sampled_from(sorted(self.holds[self.current])))
        self._now(self.office.withdraw(sha256).release_id, self.holds[self.current] - {sha256})

    @rule(data=st.data())
    def rollback(self, data: st.DataObject) -> None:
        release_id = data.draw(st.sampled_from(sorted(self.holds)))
        if release_id == self.current:
            with pytest.raises(NotPossible, match="current release already"):
                self.office.rollback(release_id)
        else:
            self.office.rollback(release_id)
            self.current = release_id

    @invariant()
    def the_public_sees_what_the_model_says(self) -> None:
        store = self.office.store
        assert releases.require_current(store) == self.current
        shown = {name.split("-")[1] for name in active_uploads.in_force(store) if name.startswith("upload-")}
        assert shown == {sha256[:12] for sha256 in self.holds[self.current]}
        held = releases.manifest(self.current, store)["sources"]
        assert {name.split("-")[1] for name in held if name.startswith("upload-")} == shown
        assert set(releases.available(store)) == set(self.holds), "no release but those that were published"
        assert {path.name for path in (store / "uploads").glob("*")} == self.received, "no bytes are lost"
        assert journal.broken_links(store) == []

    def _now(self, release_id: str, uploads: frozenset[str]) -> None:
        self.current, self.holds[release_id] = release_id, uploads


@pytest.mark.slow
def test_any_order_of_decisions_leaves_what_a_plain_model_says(_small: Small) -> None:
    Decisions.model = _small
    examples = int(os.environ.get("EXAMPLES", "4"))
    run_state_machine_as_test(
        Decisions,
        settings=settings(
            max_examples=examples,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
