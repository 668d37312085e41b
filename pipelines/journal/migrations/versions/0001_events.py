"""The first table of the journal: events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the chain of events, and let nothing be changed or removed through the database."""
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("happened_at", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("release_id", sa.String),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("details", sa.String, nullable=False),
        sa.Column("previous_hash", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("update", "delete"):
            op.execute(
                f"create trigger events_no_{action} before {action} on events begin select raise(abort, "
                f"'events are only added'); end"
            )


def downgrade() -> None:
    """There is no way back: the journal is the record."""
    raise NotImplementedError("The journal is never taken back.")
