"""Entry point of the ``hub`` command."""

from __future__ import annotations

import sys
import warnings

import typer

from cli.output import Exit, messages
from hub.errors import HubError, Misconfigured

app = typer.Typer(
    name="hub",
    help="Speech-and-log ingestion data hub.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _register() -> None:
    from cli import bench, dead_letters, demo, explain, features, ingest, keys, memo, ml, rules, service, stt, tables

    for group, name in (
        (ingest.app, "ingest"),
        (stt.app, "stt"),
        (memo.app, "memo"),
        (dead_letters.app, "dead-letters"),
        (features.app, "features"),
        (rules.app, "rules"),
        (ml.app, "ml"),
        (keys.app, "keys"),
    ):
        app.add_typer(group, name=name)
    for module in (demo, service, tables, explain, bench):
        module.add_to(app)


def run() -> None:
    """Run the command line; a known error is one line on standard error and its exit code."""
    warnings.filterwarnings("ignore")
    try:
        _register()
        app()
    except Misconfigured as error:
        messages.print(f"[red]misconfigured:[/red] {error}", highlight=False)
        sys.exit(Exit.MISCONFIGURED)
    except HubError as error:
        messages.print(f"[red]{error.reason}:[/red] {error}", highlight=False)
        sys.exit(Exit.SOME_REFUSED)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
