"""A Streamlit page with one Plotly chart and nothing else, to compare the time to the first chart with."""

import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Bar(x=[3, 1, 2], y=["a", "b", "c"], orientation="h")))
