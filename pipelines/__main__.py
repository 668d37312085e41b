"""The command line.

Names the commands, in the order in which the help lists them; each stands in pipelines/cli.
"""

from collections.abc import Callable

import typer

from pipelines.cli import backups, build, config, imports, query_and_export, releases, source_review, uploads

COMMANDS: dict[str, Callable[..., None]] = {
    "build": build.build,
    "import": imports.import_files,
    "sums": imports.publish_sums,
    "lines": imports.publish_lines,
    "releases": releases.list_releases,
    "verify": releases.verify_release,
    "diff": releases.diff,
    "describe": query_and_export.describe,
    "query": query_and_export.query_release,
    "export": query_and_export.export,
    "stale": source_review.stale,
    "sources": source_review.sources,
    "template": uploads.template,
    "check": uploads.check,
    "publish": uploads.publish_file,
    "withdraw": uploads.withdraw,
    "retract": uploads.take_back,
    "rollback": releases.rollback,
    "recover": uploads.recover,
    "requests": uploads.list_requests,
    "backup": backups.backup,
    "restore": backups.restore_backup,
    "config": config.config,
}

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Published figures in, a verified release out.",
    pretty_exceptions_enable=False,
)

for name, command in COMMANDS.items():
    app.command(name)(command)

if __name__ == "__main__":
    app()
