"""A Streamlit page with one filter and nothing else: what the tracker's pages stand beside when their answers are timed."""

import streamlit as st

st.selectbox("Filter", [f"Choice {number}" for number in range(200)])
