"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Store = Annotated[
    Path | None,
    typer.Option(
        help="Where releases, imports, uploads and the journal are kept. Default: TRACKER_STORE, else "
        "data/store."
    ),
]
Data = Annotated[Path, typer.Option(hidden=True)]
Reason = Annotated[str, typer.Option(help="Why; it stands in the journal.")]
Shape = Annotated[
    str,
    typer.Option(
        help="What the rows are, as site, milestone or fact. Default: what the header says; see `template`."
    ),
]
