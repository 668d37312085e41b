"""Questions as values: choice → SQLAlchemy Select. Nothing here runs a question or imports Streamlit; `reader.read` answers them."""
