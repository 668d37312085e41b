"""Figures: a DataFrame in, a Plotly figure out, pure.

No Streamlit, no database, no sums across stages or bases.

Amounts arrive as Decimal and become floats only for drawing. Title, subtitle and source line are the page's,
not the figure's.
"""

from pages.parts.figures.ai import ai
from pages.parts.figures.bars import bars
from pages.parts.figures.budget_headings import headings
from pages.parts.figures.comparison import compare
from pages.parts.figures.euros import envelopes, years
from pages.parts.figures.euros_by_country import MOST_COUNTRIES, countries
from pages.parts.figures.flows import flows
from pages.parts.figures.funding_ladder import ladder
from pages.parts.figures.sites import sites_map
from pages.parts.figures.timeline import milestones, timeline

__all__ = [
    "MOST_COUNTRIES",
    "ai",
    "bars",
    "compare",
    "countries",
    "envelopes",
    "flows",
    "headings",
    "ladder",
    "milestones",
    "sites_map",
    "timeline",
    "years",
]
