"""A Streamlit page with one Plotly chart and nothing else: what the tracker's pages stand beside when their first chart is timed."""

import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Bar(x=[3, 1, 2], y=["a", "b", "c"], orientation="h")))
