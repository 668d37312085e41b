"""Widgets ↔ the address of the page. Draws no data.

The address wins when it was changed from outside (a link, the Back button); otherwise the widgets write it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import streamlit as st

from pages.parts.figures import text_metrics
from pages.parts.other_spellings import respelt
from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import session_release
from pages.parts.url_state import Parameter, read_link, write_link

NARROWEST, WIDEST = 160, 340  # pixels of a select
_AROUND_NAME, _AROUND_NAMES = 40, 80  # pixels of its cross and edges; of the arrow and cross after all names


def _room(names: Sequence[str]) -> int:
    """The width of a select that shows these names whole, as far as there is room, in pixels."""
    wanted = sum(text_metrics.width(name, 14) + _AROUND_NAME for name in names) + _AROUND_NAMES
    return min(max(round(wanted), NARROWEST), WIDEST)


class Controls:
    """The choices of one page.

    Declare the parameters first, then draw a widget for each; each gives the chosen code or codes.

    `values` holds what is chosen; `notices` the sentences for what the address asked in vain. Every widget is
    told what is chosen as its default too: what a run sets reaches the browser once, and is lost if the next
    run begins before it was sent. A browser knows options by their labels: where the label of a chosen option
    changes, as when it would now leave nothing, the choice is set anew, or Streamlit would drop it.
    """

    def __init__(self, page: str, parameters: Sequence[Parameter]) -> None:
        self._page = page
        self._parameters = {parameter.name: parameter for parameter in parameters}
        address = session_release.address_words()
        written = st.session_state.get(self._key("written"))
        is_return = st.session_state.get("page_shown") != page and not address and written is not None
        is_followed = not is_return and address != written
        if is_followed:
            spelt, readings = respelt(address, parameters, with_names=True)
            linked, notices = read_link(spelt, parameters)
            st.session_state[self._key("notices")] = [*readings, *notices]
        else:
            linked, _ = read_link(written or {}, parameters)
        if is_followed or st.session_state.get("page_shown") != page:
            for name, values in linked.items():
                st.session_state[self._key(name)] = self._widget_value(name, values)
        self.values = {name: self._chosen(name) for name in self._parameters}
        self.notices: list[str] = st.session_state.get(self._key("notices"), [])
        st.session_state["page_shown"] = page

    def _key(self, name: str) -> str:
        return f"{self._page}_{name}"

    def _widget_value(self, name: str, values: tuple[str, ...]) -> list[str] | str | None:
        return list(values) if self._parameters[name].several else (values[0] if values else None)

    def _chosen(self, name: str) -> tuple[str, ...]:
        value = st.session_state.get(self._key(name))
        return tuple(value) if isinstance(value, list) else (value,) if value else ()

    def _labelled(self, name: str, labels: Mapping[str, str]) -> Callable[[str], str]:
        """How options are written from now on."""
        key, now = self._key(f"{name}_labels"), {code: labels.get(code, code) for code in self.values[name]}
        before = st.session_state.get(key, {})
        if any(before.get(code, label) != label for code, label in now.items()):
            st.session_state[self._key(name)] = self._widget_value(name, self.values[name])
        st.session_state[key] = {code: labels.get(code, code) for code in self._parameters[name].allowed}
        return lambda code: labels.get(code, code)

    def one(
        self,
        name: str,
        label: str,
        labels: Mapping[str, str],
        none: str = "",
        is_only_labelled: bool = False,
    ) -> str:
        """A select with one value; `none` is what it says when nothing is chosen, if that is allowed.
        is_only_labelled: as for `pills`.

        Gives the code or "".
        """
        choices = self._options(name, labels, is_only_labelled)
        options: list[str | None] = [*([None] if none else []), *choices]
        now, written = self.values[name], self._labelled(name, labels)
        chosen = st.selectbox(
            label,
            options,
            index=options.index(now[0] if now else None),
            format_func=lambda code: written(code) if code else none,
            placeholder=none or None,
            key=self._key(name),
            width=160,
        )
        return self._keep(name, (chosen,) if chosen else ())

    def segments(
        self,
        name: str,
        label: str,
        labels: Mapping[str, str],
        along: Mapping[str, Mapping[str, str]] | None = None,
    ) -> str:
        """A few alternatives side by side. along: code → other choices that a reader who takes it begins
        with. Gives the code.
        """

        def begin() -> None:
            code = st.session_state[self._key(name)]
            self.setter(**(along or {}).get(code, {}))()

        chosen = st.segmented_control(
            label,
            list(self._parameters[name].allowed),
            default=self.values[name][0],
            format_func=self._labelled(name, labels),
            key=self._key(name),
            required=True,
            on_change=begin if along else None,
        )
        return self._keep(name, (chosen,) if chosen else ())

    def many(self, name: str, label: str, labels: Mapping[str, str], none: str) -> tuple[str, ...]:
        """A select with several values; none chosen means all, and `none` says so. Gives the codes."""
        written = self._labelled(name, labels)
        chosen = st.multiselect(
            label,
            list(self._parameters[name].allowed),
            default=list(self.values[name]),
            format_func=written,
            key=self._key(name),
            placeholder=none,
            width=_room([written(code) for code in self.values[name]]),
        )
        self._keep(name, tuple(chosen))
        return tuple(chosen)

    def pills(
        self, name: str, label: str, labels: Mapping[str, str], is_only_labelled: bool = False
    ) -> tuple[str, ...]:
        """Several switches side by side. Gives the codes that are on. is_only_labelled: only codes with a
        label, and those that are on, have a switch.
        """
        chosen = st.pills(
            label,
            self._options(name, labels, is_only_labelled),
            default=list(self.values[name]),
            format_func=self._labelled(name, labels),
            selection_mode="multi",
            key=self._key(name),
            wrap=True,
        )
        self._keep(name, tuple(chosen))
        return tuple(chosen)

    def _options(self, name: str, labels: Mapping[str, str], is_only_labelled: bool) -> list[str]:
        allowed = self._parameters[name].allowed
        if not is_only_labelled:
            return list(allowed)
        in_order = [code for code in labels if code in allowed]
        return [*in_order, *(code for code in self.values[name] if code not in labels)]

    def choose(self, name: str, code: str) -> None:
        """Set a parameter that has no widget, such as the site whose row was clicked."""
        st.session_state[self._key(name)] = code
        self.values[name] = (code,) if code else ()

    def pick(self, name: str, code: str) -> bool:
        """Follow a click on what stands for a code, once: what stays selected does not undo a later choice.
        code: "" if nothing is selected. Gives whether it was followed.
        """
        key = self._key(f"{name}_picked")
        is_new = bool(code) and code not in (*self.values[name], st.session_state.get(key))
        if is_new:
            self.choose(name, code)
        st.session_state[key] = code
        return is_new

    def setter(self, **codes: str | Sequence[str]) -> Callable[[], None]:
        """A callback for a button that changes some choices."""

        def change() -> None:
            for name, code in codes.items():
                values = (code,) if isinstance(code, str) else tuple(code)
                st.session_state[self._key(name)] = self._widget_value(
                    name, tuple(value for value in values if value)
                )

        return change

    def changed(self, *names: str) -> int:
        """How many of these choices are not what they are without any word in the address."""
        return sum(self.values[name] != self._parameters[name].default for name in names)

    def reset(self) -> None:
        """A callback for a button that puts every choice back."""
        for name, parameter in self._parameters.items():
            st.session_state[self._key(name)] = self._widget_value(name, parameter.default)

    def _keep(self, name: str, values: tuple[str, ...]) -> str:
        self.values[name] = values
        return values[0] if values else ""

    def finish(self) -> None:
        """Write the address when all widgets are drawn.

        A first change by the reader ends the notices about the link that was followed.
        """
        written = write_link(self.values, self._parameters.values())
        before = st.session_state.get(self._key("written"))
        if before is not None and before != written:
            st.session_state[self._key("notices")] = []
        st.session_state[self._key("written")] = written
        wanted = {**written, **session_release.kept_words()}
        if wanted != {name: st.query_params.get_all(name) for name in st.query_params}:
            st.query_params.from_dict(wanted)


@contextmanager
def row(of: str = "") -> Iterator[None]:
    """The choices of a page side by side, wrapping on a narrow screen. of: what they are for, where a page
    has choices in several places.
    """
    key = f"choices_{of}" if of else "choices"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=key):
        yield


@contextmanager
def more(page: str, changed: int) -> Iterator[None]:
    """A word that opens a box with the choices that are needed less often. changed: how many of them are
    made, which the word says.

    They are drawn whether or not the box is open, so that they keep what was chosen.
    """
    label = say(text.MORE_CHOICES_MADE, number=changed) if changed else say(text.MORE_CHOICES)
    with st.popover(label, type="tertiary", key=f"pop_more_{page}"):
        yield
