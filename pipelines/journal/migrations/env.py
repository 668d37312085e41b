"""How Alembic reaches the journal. Called by sqlite.py only, with its engine."""

from alembic import context

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection)
    context.run_migrations()
