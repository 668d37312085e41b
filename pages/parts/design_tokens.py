"""The look in numbers: colours per ground, programme, funder, stage and kind of site, the Plotly template,
the hatch.

Pure values and functions; imports no Streamlit. .streamlit/config.toml repeats the tokens that Streamlit
itself needs; a test compares them.
"""

from typing import Any, Literal, NamedTuple

import plotly.graph_objects as go

Theme = Literal["light", "dark"]
Width = Literal["wide", "narrow"]


class Tokens(NamedTuple):
    """The colours of one theme that carry no programme, stage or kind."""

    background: str
    surface: str
    border: str
    text: str
    muted: str
    accent: str
    hatch: str
    context: str
    land: str
    error: str
    error_ground: str
    warning: str
    warning_ground: str
    good: str
    good_ground: str
    note_ground: str


class Pair(NamedTuple):
    """One colour in both themes."""

    light: str
    dark: str

    def on(self, theme: Theme) -> str:
        """The colour for a theme."""
        return self.light if theme == "light" else self.dark


TOKENS: dict[Theme, Tokens] = {
    "light": Tokens(
        background="#FCFBF8",
        surface="#F4F2EC",
        border="#D9D5CB",
        text="#1B1E22",
        muted="#575D64",
        accent="#0B5A6A",
        hatch="#6B7178",
        context="#83888D",
        land="#E7E3D9",
        error="#A8221C",
        error_ground="#FBE9E7",
        warning="#7A5200",
        warning_ground="#FBF1DC",
        good="#1F6A3C",
        good_ground="#E4F1E8",
        note_ground="#E3EEF0",
    ),
    "dark": Tokens(
        background="#14171A",
        surface="#1E2327",
        border="#363C42",
        text="#E9E7E1",
        muted="#A3A9AF",
        accent="#7CCBD8",
        hatch="#8F969C",
        context="#7F868C",
        land="#2A3036",
        error="#FF9C90",
        error_ground="#3A1F1D",
        warning="#EDBE5E",
        warning_ground="#352B17",
        good="#85D3A2",
        good_ground="#1B3024",
        note_ground="#1A2F34",
    ),
}

PROGRAMMES = {
    "horizon-europe": Pair("#0F3489", "#5F7BD8"),
    "digital-europe": Pair("#CB6A12", "#F48B6A"),
    "investeu": Pair("#9362B4", "#CA9DFA"),
    "cef-digital": Pair("#42815B", "#86E6BC"),
    "national": Pair("#6D5604", "#EBD45C"),
    "eib-group": Pair("#7B0B37", "#C45250"),
    "private": Pair("#535862", "#ABBDC7"),
}
CONTEXT = Pair(TOKENS["light"].context, TOKENS["dark"].context)

FUNDERS = {
    "eu-budget": Pair(TOKENS["light"].text, TOKENS["dark"].text),
    "member-states": PROGRAMMES["national"],
    "eib-group": PROGRAMMES["eib-group"],
    "private": PROGRAMMES["private"],
}

STAGES = {
    "announced": Pair("#71909A", "#5B7480"),
    "programmed": Pair("#4D7D89", "#638E99"),
    "committed": Pair("#216573", "#71ACBB"),
    "contracted": Pair("#084C59", "#8CCDDD"),
    "paid": Pair("#032C34", "#C7F0FB"),
}

KINDS = {
    "ai-factory": Pair("#28817B", "#9CE3DF"),
    "antenna": Pair("#B46901", "#E5A323"),
    "gigafactory": Pair("#740A2D", "#D5517B"),
    "supercomputer": Pair("#233779", "#6C7DE0"),
    "quantum-computer": Pair("#9875E7", "#C0ABFD"),
}
SYMBOLS = {
    "ai-factory": "circle",
    "antenna": "triangle-up",
    "gigafactory": "diamond",
    "supercomputer": "square",
    "quantum-computer": "pentagon",
}

FONT = "'Source Sans','Source Sans 3',SourceSans3VF,Arial,sans-serif"


def light_dark(token: str) -> str:
    """A token as CSS: its value in the light and in the dark theme."""
    return f"light-dark({getattr(TOKENS['light'], token)},{getattr(TOKENS['dark'], token)})"


def programme_colour(programme: str, theme: Theme) -> str:
    """The fixed colour of a programme; context grey for one outside the list, named beside it."""
    return PROGRAMMES.get(programme, CONTEXT).on(theme)


def funder_colour(funder: str, theme: Theme) -> str:
    """The colour of who pays.

    The EU budget is the text colour: it is all its programmes together and takes none of their hues.
    """
    return FUNDERS.get(funder, CONTEXT).on(theme)


def stage_colour(stage: str, theme: Theme) -> str:
    """The colour of a stage: one hue, more ink each step. Raises KeyError for an unknown stage."""
    return STAGES[stage].on(theme)


def kind_colour(kind: str, theme: Theme) -> str:
    """The colour of a kind of site. Raises KeyError for an unknown kind."""
    return KINDS[kind].on(theme)


def kind_symbol(kind: str, is_open: bool) -> str:
    """The Plotly symbol of a kind of site: filled when it serves users, outlined before."""
    return SYMBOLS[kind] if is_open else f"{SYMBOLS[kind]}-open"


def hatch(theme: Theme) -> dict[str, Any]:
    """A bar marker that means not published or not confirmed, and nothing else."""
    ink = TOKENS[theme].hatch
    pattern = {
        "shape": "/",
        "size": 6,
        "solidity": 0.28,
        "fgcolor": ink,
        "fgopacity": 1,
        "bgcolor": "rgba(0,0,0,0)",
    }
    return {"color": "rgba(0,0,0,0)", "pattern": pattern, "line": {"color": ink, "width": 1}}


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast of two colours #RRGGBB by WCAG 2.2, from 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str | None:
    """The colour for text on a filled mark, or None if neither dark nor white reaches 4.5:1: the label then
    stands outside.
    """
    best = max(("#14171A", "#FFFFFF"), key=lambda ink: contrast(ink, colour))
    return best if contrast(best, colour) >= 4.5 else None


def tint(colour: str, share: float) -> str:
    """The colour at a share of its strength, as rgba()."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def template(theme: Theme) -> go.layout.Template:
    """The Plotly template of a theme, for st.plotly_chart(theme=None) and for images."""
    tokens = TOKENS[theme]
    clear = "rgba(0,0,0,0)"
    axis = {
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "title": {"text": ""},
        "automargin": True,
    }
    value_axis = {
        **axis,
        "showgrid": True,
        "gridcolor": tokens.border,
        "gridwidth": 1,
        "tickfont": {"color": tokens.muted, "size": 13},
    }
    name_axis = {**axis, "showgrid": False, "tickfont": {"color": tokens.text, "size": 14}}
    return go.layout.Template(
        layout={
            "paper_bgcolor": clear,
            "plot_bgcolor": clear,
            "font": {"family": FONT, "size": 14, "color": tokens.text},
            "margin": {"l": 0, "r": 0, "t": 6, "b": 6, "pad": 0},
            "showlegend": False,
            "dragmode": False,
            "bargap": 0.5,
            "colorway": [pair.on(theme) for pair in PROGRAMMES.values()],
            "hoverlabel": {
                "bgcolor": tokens.surface,
                "bordercolor": tokens.border,
                "align": "left",
                "font": {"family": FONT, "size": 13, "color": tokens.text},
            },
            "annotationdefaults": {
                "showarrow": False,
                "borderpad": 0,
                "font": {"color": tokens.text, "size": 14},
            },
            "xaxis": value_axis,
            "yaxis": name_axis,
        }
    )
