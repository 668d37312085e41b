"""The one Chromium of this process that makes images, kept warm: one image at a time, a short queue before
it, the newest images kept.

It starts with the first image, or before it with `warm`. Where there is no Chromium, NoBrowser says so.
"""

import asyncio
import atexit
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

from choreographer.browsers import Chromium
from kaleido import Kaleido
from streamlit import file_util

from pages.parts.images.sheet import Sheet

logger = logging.getLogger("tracker.images")
Given = TypeVar("Given")

TOPOJSON = (Path(__file__).parents[3] / "static" / "topojson").as_uri() + "/"
FONTS = Path(file_util.get_static_dir()) / "static" / "media"
PLACES = 30  # images that may wait or be made at once, some ten seconds of work; more are told to come again
SECONDS = 30  # longer than any image takes
REST = 60  # seconds before a page starts a browser again that did not start
KEPT_BYTES = 64 * 2**20


class NoBrowser(RuntimeError):
    """There is no Chromium, or it does not start: no image can be made. Data is not concerned."""


class Busy(RuntimeError):
    """Too many images are waiting."""


def can_render() -> bool:
    """Whether a Chromium is installed where this process can find it."""
    path = Chromium.find_browser(skip_local=False)
    return path is not None and Path(path).is_file()


class ImageRenderer:
    """A Chromium in a thread of its own, opened when the first image is asked for and again after it has
    died.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._browser: Kaleido | None = None
        self._failed_at = -float("inf")
        self._ending: asyncio.Future[None] | None = (
            None  # kept, so that it is not forgotten before it is done
        )
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(PLACES)
        self._preparing = threading.BoundedSemaphore(
            2
        )  # sheets prepared at once: more would only slow each other and every other answer
        self._lists = threading.Lock()
        self._files: OrderedDict[Hashable, bytes] = OrderedDict()
        self._begun: dict[Hashable, Future[bytes]] = {}
        self._fonts: tempfile.TemporaryDirectory[str] | None = None
        self._faces: Future[str] | None = None

    def image(
        self,
        key: Hashable,
        kind: str,
        zoom: float,
        make: Callable[[], Sheet],
        finish: Callable[[bytes, Sheet], bytes],
    ) -> bytes:
        """The file of a sheet, from the newest files if it was made before.

        Who asks for what is being made waits for it and takes no place.

        key: all that the file depends on. kind: png, svg or pdf. zoom: 2 gives twice the pixels. make: gives
            the sheet when it is needed.
        finish: file and sheet → the file as it leaves. Raises NoBrowser and Busy.
        """
        with self._lists:
            if file := self._stored_file(key):
                return file
            begun = self._begun.get(key)
            if begun is None:
                if not self._places.acquire(blocking=False):
                    raise Busy(
                        "Many images are being made at this moment. Try again in a few seconds; the data can be downloaded meanwhile."
                    )
                future = self._begun[key] = Future()
        if begun is not None:
            return begun.result()
        try:
            self.warm()
            with self._preparing:
                sheet = make()  # while another image is drawn, or the browser starts
            with self._turn:
                made = finish(self._rendered(sheet, kind, zoom), sheet)
            with self._lists:
                self._keep(key, made)
            future.set_result(made)
            return made
        except BaseException as error:
            future.set_exception(error)
            raise
        finally:
            with self._lists:
                del self._begun[key]
            self._places.release()

    def has(self, key: Hashable) -> bool:
        """Whether a file is kept or being made, so that it costs nothing to ask for it."""
        with self._lists:
            return key in self._files or key in self._begun

    @property
    def waiting(self) -> int:
        """How many images wait or are being made."""
        return len(self._begun)

    @property
    def kept_bytes(self) -> int:
        """Bytes of the files that are kept."""
        with self._lists:
            return sum(map(len, self._files.values()))

    def warm(self) -> None:
        """Start the browser without waiting for it, so that the first image comes soon. Never raises."""
        if time.monotonic() - self._failed_at < REST:
            return  # an image that is asked for tries again; a page that is opened does not
        if self._browser is None and can_render() and not self._turn.locked():
            threading.Thread(target=self._warm, daemon=True, name="images-warm").start()

    def close(self) -> None:
        """End the browser; the next image starts another."""
        browser, self._browser = self._browser, None
        if browser is not None:
            try:
                self._run(browser.close(), 5)
            except Exception:
                logger.info("The browser had ended before it was closed.")

    def end(self) -> None:
        """End the browser and take away its fonts, with the server: one that is ended by a signal runs
        nothing at its exit.
        """
        has_turn = self._turn.acquire(
            timeout=SECONDS
        )  # a browser that is starting can be ended when it has started
        try:
            self.close()
            if self._faces is not None:
                wait([self._faces], SECONDS)  # its process ends by itself
            if self._fonts is not None:
                self._fonts.cleanup()
                self._fonts = None
        finally:
            if has_turn:
                self._turn.release()

    def _abandon(self) -> None:
        """Let a browser that has failed end beside the next one: it may take seconds until it is gone with
        its files.
        """
        browser, self._browser = self._browser, None
        if browser is not None and self._loop is not None:
            asyncio.run_coroutine_threadsafe(_ended(browser), self._loop)

    def _warm(self) -> None:
        try:
            with self._turn:
                self._opened()
            if not self._begun:  # else after the first image, which would have to wait for them
                self._prepare_faces()
        except NoBrowser:
            logger.exception("The browser for images does not start")

    def _stored_file(self, key: Hashable) -> bytes | None:
        try:
            self._files.move_to_end(key)
            return self._files[key]
        except KeyError:
            return None

    def _keep(self, key: Hashable, made: bytes) -> None:
        self._files[key] = made
        while sum(len(file) for file in self._files.values()) > KEPT_BYTES:
            self._files.popitem(last=False)

    def _run(self, work: Coroutine[Any, Any, Given], seconds: float = SECONDS) -> Given:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, daemon=True, name="images").start()
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), self._loop).result(
            seconds + 5
        )

    def _opened(self) -> Kaleido:
        if self._browser is None:
            if not can_render():
                raise NoBrowser(
                    "No image can be made: this server has no Chromium. The data of the figure can be downloaded as before."
                )

            async def start() -> Kaleido:
                # mathjax=False: it would be loaded from a third party.
                browser = Kaleido(n=1, mathjax=False, timeout=SECONDS)
                # By itself it loads its page anew after each image and keeps the image back until then,
                # which takes longer than to draw it. The page does not grow with the images made, and
                # after a failure the whole browser is replaced.
                browser._return_kaleido_tab = browser.tabs_ready.put
                try:
                    await browser.open()
                except BaseException:  # also where it took too long: its process must not stay
                    self._ending = asyncio.ensure_future(_ended(browser))
                    raise
                return browser

            try:
                self._font_folder()
                self._browser = self._run(start())
            except Exception as error:
                self._failed_at = time.monotonic()
                raise NoBrowser(
                    "No image can be made: the browser of this server does not start. The data can be downloaded."
                ) from error
            atexit.register(self.close)
        return self._browser

    def _font_folder(self) -> Path:
        if self._fonts is None:
            self._fonts = tempfile.TemporaryDirectory(prefix="tracker-fonts-")
            os.environ["FONTCONFIG_FILE"] = _fonts_made("files", FONTS, self._fonts.name)
        return Path(self._fonts.name)

    def _prepare_faces(self) -> Future[str]:
        """The fonts that go into every SVG, made once and beside other work, because it takes longer than an
        image.
        """
        if self._faces is None:
            maker = ThreadPoolExecutor(1, thread_name_prefix="images-faces")
            self._faces = maker.submit(_fonts_made, "css", self._font_folder())
            maker.shutdown(wait=False)
        return self._faces

    def _rendered(self, sheet: Sheet, kind: str, zoom: float) -> bytes:
        options = {
            "format": kind,
            "width": sheet.width,
            "height": sheet.height,
            "scale": sheet.scale * (zoom if kind == "png" else 1),
        }
        faces = self._prepare_faces() if kind == "svg" and can_render() else None
        for attempt in (1, 2):
            browser = self._opened()
            try:
                made: bytes = self._run(browser.calc_fig(sheet.figure, opts=options, topojson=TOPOJSON))
                if faces is None:
                    self._prepare_faces()  # for the first SVG
                    return made
                return made.replace(b">", f"><style>{faces.result(SECONDS)}</style>".encode(), 1)
            except Exception as error:
                logger.warning("Image not made, attempt %s", attempt, exc_info=error)
                self._abandon()
        raise NoBrowser(
            "No image could be made: the browser of this server failed twice. The data of the figure can be downloaded as before."
        )


def _fonts_made(*what: object) -> str:
    """What `typefaces` says, from a process of its own: here it would hold up every answer for as long as it
    takes.
    """
    command = [sys.executable, "-m", "pages.parts.images.fonts", *map(str, what)]
    return subprocess.run(
        command, cwd=Path(__file__).parents[3], capture_output=True, check=True, text=True
    ).stdout.strip()


async def _ended(browser: Kaleido) -> None:
    try:
        await asyncio.wait_for(browser.close(), SECONDS)
    except Exception:
        logger.info("The browser that failed had ended by itself.")


image_renderer = ImageRenderer()
