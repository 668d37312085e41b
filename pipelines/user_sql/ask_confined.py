"""Has a stranger's question in SQL answered by a confined process: whatever it asks for, the server keeps its
memory and time.
"""

import logging
import time
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from pipelines import releases
from pipelines.user_sql import query_guard, run_query, worker_process

logger = logging.getLogger("tracker.sql")


def ask(
    sql: str, release_id: str, store: Path | None = None, seconds: float = query_guard.SECONDS
) -> pa.Table:
    """The rows that one select gives.

    Raises QueryError if it cannot be answered or goes beyond time, memory, 100,000 rows or 50 MB; NoRelease.
    """
    releases.folder(release_id, store)
    if len(sql) > query_guard.CHARACTERS:
        raise run_query.QueryError(
            f"A question may have {query_guard.CHARACTERS:,} characters; this one has {len(sql):,}."
        )
    try:
        question = sql.encode()
    except UnicodeEncodeError:
        raise run_query.QueryError(
            "The question holds a character that no text holds: half of a pair of UTF-16."
        ) from None
    began = time.monotonic()
    try:
        written = worker_process.question_process.answer(
            question, release_id, releases.store_path(store).resolve(), seconds
        )
    except OSError as error:
        logger.warning("No process could be started for a question: %s", error)
        raise run_query.QueryError("Questions cannot be answered at the moment. Ask again later.") from None
    if written[:1] == query_guard.ROWS_FOLLOW:
        with suppress(pa.ArrowInvalid), pa.ipc.open_stream(pa.py_buffer(written).slice(1)) as stream:
            return stream.read_all()  # cut off where the child was ended while it wrote
    if written[:1] == query_guard.REFUSAL_FOLLOWS:
        raise run_query.QueryError(written[1:].decode())
    if time.monotonic() - began > seconds:
        raise run_query.too_slow(seconds)
    raise run_query.QueryError(
        "The question needed more memory or time than there is for one. Ask for less at once."
    )
