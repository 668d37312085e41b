"""The window of a reader: its theme, and whether it is wide or narrow, so that only the drawing that fits it
is made and sent.

The first run of a visit goes by what the browser says of itself; a small script corrects that when it was
wrong, and follows later changes.
"""

import streamlit as st

from pages.parts.design_tokens import Theme, Width

KEY = "window"
PHONE = "Mobi"  # every browser of a phone says so, and no other one does

# Streamlit does not run the script again when the reader switches the theme; figures would keep the ink of
# the other one.
# On a phone its menu covers the page, and stays open when a page is chosen.
# 700 px is the width of page_shell.css. Wide drawings are made for the full sheet: with less, names beside
# bars and dates would run into them. The key / goes to the box of the search from everywhere.
WATCHER = """
export default function ({ data, setStateValue }) {
  const phone = matchMedia('(max-width: 700px)')
  const tight = matchMedia('(max-width: 1099px)')
  let width = data.width
  const measure = () => {
    const now = tight.matches ? 'narrow' : 'wide'
    if (now !== width) { width = now; setStateValue('width', now) }
  }
  const app = document.querySelector('[data-testid="stApp"]')
  let last = app && getComputedStyle(app).backgroundColor
  const look = () => {
    const now = app && getComputedStyle(app).backgroundColor
    if (now !== last) { last = now; setStateValue('ground', now) }
  }
  const observer = new MutationObserver(() => setTimeout(look, 50))
  observer.observe(document.documentElement, { attributes: true, subtree: true, attributeFilter: ['class', 'style', 'data-theme'] })
  observer.observe(document.head, { childList: true, subtree: true })
  const system = matchMedia('(prefers-color-scheme: dark)')
  const later = () => setTimeout(look, 200)
  system.addEventListener('change', later)
  tight.addEventListener('change', measure)
  const close = (event) => {
    if (!phone.matches || !event.target.closest?.('[data-testid="stSidebarNavLink"]')) return
    setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click(), 150)
  }
  document.addEventListener('click', close)
  const find = event => {
    const inside = event.target.closest && event.target.closest('input, textarea, select, [contenteditable="true"]')
    const box = document.querySelector('.st-key-search_box input')
    if (event.key !== '/' || inside || event.ctrlKey || event.metaKey || event.altKey || !box) return
    event.preventDefault()
    box.focus()
    box.select()
  }
  document.addEventListener('keydown', find)
  measure()
  return () => {
    document.removeEventListener('keydown', find)
    observer.disconnect()
    system.removeEventListener('change', later)
    tight.removeEventListener('change', measure)
    document.removeEventListener('click', close)
  }
}
"""
_watch = st.components.v2.component("window_watcher", js=WATCHER)


def theme() -> Theme:
    """The theme that the reader sees now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def width() -> Width:
    """Which of the two drawings of a figure fits the window."""
    reported = st.session_state.get(KEY, {}).get("width")
    if reported in ("wide", "narrow"):
        return "narrow" if reported == "narrow" else "wide"
    return "narrow" if PHONE in st.context.headers.get("User-Agent", "") else "wide"


def watch() -> None:
    """Runs the page again when the reader switches the theme, or the window becomes narrow or wide.

    Draws nothing.
    """
    _watch(key=KEY, data={"width": width()}, on_ground_change=lambda: None, on_width_change=lambda: None)
