"""Streamlit widgets: the frame of every page, filters, figures with their exports, details that open."""
