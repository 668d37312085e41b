"""The shapes of keys as small SVG pictures, for pages and for exported images alike. Pure."""

import base64

from pages.parts.design_tokens import TOKENS, Theme
from pages.parts.figure_model import Mark

SHAPES = {
    "circle": '<circle cx="8" cy="8" r="5.6"/>',
    "triangle-up": '<path d="M8 2.2 14.2 13.4H1.8z"/>',
    "diamond": '<path d="M8 1.4 14.6 8 8 14.6 1.4 8z"/>',
    "square": '<path d="M2.6 2.6h10.8v10.8H2.6z"/>',
    "pentagon": '<path d="M8 1.8 14.2 6.3 11.8 13.6H4.2L1.8 6.3z"/>',
    "bar": '<path d="M1 4h14v8H1z"/>',
    "hatch": '<path d="M1.5 1.5h13v13h-13z"/><path d="M1.5 8 8 1.5M1.5 14.5l13-13M8 14.5 14.5 8" />',
}


def picture(mark: Mark, theme: Theme) -> str:
    """A shape as a data: address. Streamlit strips inline <svg>, so shapes are backgrounds."""
    tokens = TOKENS[theme]
    ink = tokens.hatch if mark.shape == "hatch" else mark.colour or tokens.text
    fill = ink if mark.is_filled and mark.shape != "hatch" else "none"
    width = 1.2 if mark.shape == "hatch" else 2
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="{fill}" stroke="{ink}" stroke-width="{width}">{SHAPES[mark.shape]}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
