"""A Streamlit page with one filter and nothing else, to compare answer times with."""

import streamlit as st

st.selectbox("Filter", [f"Choice {number}" for number in range(200)])
