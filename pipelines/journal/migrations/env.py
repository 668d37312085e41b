"""Alembic's door to the journal. Called by journal.py only, with its engine."""

from alembic import context

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection)
    context.run_migrations()
