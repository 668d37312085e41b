"""A visitor without a browser, who speaks Streamlit's protocol over a WebSocket.

What the browser's page does and matters to the server is done here too: the state of every filter goes with
each message, so do the address, the fragment that a filter stands in, and the hashes of the large messages
that are kept. Drawing, popovers and components are not: a visitor sees the wide page in the light theme. The
names are those of Streamlit's protobuf files.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
FILTERS = ("selectbox", "multiselect", "button_group")
SECONDS = 120.0


class CountedConnection(ClientConnection):
    """A connection that counts the bytes that arrive on its socket."""

    received = 0

    def data_received(self, data: bytes) -> None:
        """Count, then read."""
        self.received += len(data)
        super().data_received(data)


@dataclass
class Filter:
    """One filter of a page.

    values: the chosen options as they are written. several: whether more or fewer than one may be chosen.
    """

    id: str
    kind: str
    label: str
    options: tuple[str, ...]
    values: tuple[str, ...]
    several: bool
    fragment_id: str


@dataclass
class Answer:
    """What one rerun brought.

    seconds: from the message to `script_finished`. bytes: received on the socket meanwhile. kept: messages
    that were sent as the hash of an earlier one. charts: on the page afterwards.
    """

    seconds: float = 0.0
    bytes: int = 0
    messages: int = 0
    kept: int = 0
    charts: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass
class _Kept:
    """A large message that the browser would keep, and the number of the run that last used it."""

    message: ForwardMsg
    run: int
    fragment_id: str


class Visitor:
    """One session on one page.

    address: http://127.0.0.1:PORT. page: its path without a slash, "" for the first.
    """

    def __init__(self, address: str, page: str = "", query: str = "", follows: bool = False) -> None:
        """follows: whether to run again what the page wants run every few seconds, as the browser does."""
        self.address, self.page, self.follows = address, page, follows
        self.filters: dict[str, Filter] = {}
        self.query = query
        self.charts: dict[tuple[int, ...], str] = {}
        self._script_hash = ""
        self._kept: dict[str, _Kept] = {}
        self._age, self._run_number, self._run_fragments = 2, 0, ()
        self._seen: set[str] = set()
        self._answer = Answer()
        self._asked_fragment, self._has_begun = "", False
        self._waiting: asyncio.Future[None] | None = None
        self._timers: dict[str, asyncio.Task[None]] = {}

    async def open(self) -> Answer:
        """Connect and read the page for the first time."""
        self._socket = await connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            user_agent_header=AGENT,
            create_connection=CountedConnection,
            max_size=None,
            ping_interval=None,
            open_timeout=SECONDS,
        )
        self._reader = asyncio.create_task(self._read())
        return await self._rerun("")

    async def close(self) -> None:
        """Leave the page."""
        for timer in self._timers.values():
            timer.cancel()
        self._reader.cancel()
        await self._socket.close()

    async def change(self, label: str, values: tuple[str, ...]) -> Answer:
        """Choose other options in the filter with this label, and wait until the page has answered."""
        if label not in self.filters:
            raise LookupError(
                f"There is no filter “{label}” on /{self.page}. There are {sorted(self.filters)}."
            )
        chosen = self.filters[label]
        chosen.values = values
        return await self._rerun(chosen.fragment_id)

    def choice(self) -> Mapping[str, tuple[str, ...]]:
        """Label → chosen options, of every filter."""
        return {label: chosen.values for label, chosen in self.filters.items()}

    async def _rerun(self, fragment_id: str) -> Answer:
        self._answer, self._asked_fragment, self._has_begun = Answer(), fragment_id, False
        self._waiting = asyncio.get_running_loop().create_future()
        received, start = getattr(self._socket, "received", 0), time.perf_counter()
        await self._send(fragment_id)
        try:
            await asyncio.wait_for(self._waiting, SECONDS)
        finally:
            self._waiting = None
        self._answer.seconds = time.perf_counter() - start
        self._answer.bytes = getattr(self._socket, "received", 0) - received
        self._answer.charts = len(self.charts)
        return self._answer

    async def _send(self, fragment_id: str, is_auto_rerun: bool = False) -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_script_hash = self.query, self._script_hash
        rerun.page_name = "" if self._script_hash else self.page
        rerun.fragment_id, rerun.is_auto_rerun = fragment_id, is_auto_rerun
        rerun.cached_message_hashes.extend(self._kept)
        context = rerun.context_info
        context.timezone, context.timezone_offset, context.locale = "Europe/Brussels", -60, "en-GB"
        context.url = f"{self.address}/{self.page}" + (f"?{self.query}" if self.query else "")
        context.is_embedded, context.color_scheme = False, "light"
        for chosen in self.filters.values():
            state = rerun.widget_states.widgets.add()
            state.id = chosen.id
            if chosen.kind == "selectbox":
                if chosen.values:
                    state.string_value = chosen.values[0]
            else:
                state.string_array_value.SetInParent()
                state.string_array_value.data.extend(chosen.values)
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        """Take every message until the connection ends; a wait for an answer ends with it."""
        try:
            async for data in self._socket:
                self._take(ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode()))
            problem: Exception = ConnectionError("The server closed the connection.")
        except Exception as error:
            problem = error
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(problem)

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        self._answer.messages += 1
        if kind == "ref_hash":
            kept = self._kept[message.ref_hash]
            kept.run = self._run_number
            self._answer.kept += 1
            self._element(
                kept.message.delta.new_element, kept.fragment_id, tuple(message.metadata.delta_path)
            )
        elif kind == "delta":
            if message.metadata.cacheable and message.hash and message.hash not in self._kept:
                self._kept[message.hash] = _Kept(message, self._run_number, message.delta.fragment_id)
            if message.delta.WhichOneof("type") == "new_element":
                path = tuple(message.metadata.delta_path)
                self._element(message.delta.new_element, message.delta.fragment_id, path)
        elif kind == "new_session":
            self._begin(message)
        elif kind == "navigation":
            self._script_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun" and self.follows:
            self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment_id in message.stop_auto_rerun.fragment_ids:
                self._stop(fragment_id)
        elif kind == "page_not_found":
            self._answer.errors.append(f"There is no page /{self.page}.")
        elif kind == "script_finished":
            self._finish(message)

    def _begin(self, message: ForwardMsg) -> None:
        """A run begins, so the one before it has ended: a busy server may lose the message that says so."""
        session, fragments = message.new_session, tuple(message.metadata.run.fragment_ids)
        is_asked = not fragments or self._asked_fragment in fragments
        if self._has_begun and not is_asked:
            self._resolve()
        self._has_begun = self._has_begun or is_asked
        self._run_fragments, self._seen = fragments, set()
        if not fragments:
            self._age = session.config.max_cached_message_age or self._age
            self.charts = {}
            for fragment_id in list(self._timers):
                self._stop(fragment_id)

    def _finish(self, message: ForwardMsg) -> None:
        """A run has ended: forget what it no longer shows and what the browser would no longer keep."""
        status, fragments = message.script_finished, self._run_fragments
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        for label, shown in list(self.filters.items()):
            is_part = not fragments or shown.fragment_id in fragments
            if is_part and shown.id not in self._seen:
                del self.filters[label]
        self._run_number += 1
        for digest, kept in list(self._kept.items()):
            is_part = not fragments or kept.fragment_id in fragments
            if is_part and self._run_number - kept.run > self._age:
                del self._kept[digest]
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self._answer.errors.append("The script could not be compiled.")
        if self._has_begun and (not fragments or self._asked_fragment in fragments):
            self._resolve()

    def _resolve(self) -> None:
        """What was asked for is here."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    def _element(self, element: Element, fragment_id: str, path: tuple[int, ...]) -> None:
        """Note filters, charts and what went wrong."""
        kind = element.WhichOneof("type")
        if kind == "plotly_chart":
            self.charts[path] = fragment_id
            return
        self.charts.pop(path, None)
        if kind in FILTERS:
            self._note_filter(kind, getattr(element, kind), fragment_id)
        elif kind == "exception":
            self._answer.errors.append(element.exception.message)
        elif kind == "html" and 'role="alert"' in element.html.body:
            self._answer.errors.append(element.html.body)

    def _note_filter(self, kind: str, shown: Any, fragment_id: str) -> None:
        """A filter that the page shows: what was chosen stays, unless the page says what is chosen."""
        self._seen.add(shown.id)
        several = kind == "multiselect" or (kind == "button_group" and shown.click_mode == shown.MULTI_SELECT)
        options = (
            tuple(option.content for option in shown.options)
            if kind == "button_group"
            else tuple(shown.options)
        )
        before = self.filters.get(shown.label)
        if shown.set_value:
            values = (shown.raw_value,) if kind == "selectbox" else tuple(shown.raw_values)
        elif before and before.id == shown.id:
            values = before.values
        elif kind == "selectbox":
            values = (options[shown.default],) if shown.HasField("default") and options else ()
        else:
            values = tuple(options[number] for number in shown.default)
        self.filters[shown.label] = Filter(shown.id, kind, shown.label, options, values, several, fragment_id)

    def _repeat(self, fragment_id: str, interval: float) -> None:
        async def run() -> None:
            while True:
                await asyncio.sleep(interval)
                await self._send(fragment_id, is_auto_rerun=True)

        if fragment_id not in self._timers:
            self._timers[fragment_id] = asyncio.create_task(run())

    def _stop(self, fragment_id: str) -> None:
        timer = self._timers.pop(fragment_id, None)
        if timer:
            timer.cancel()
