"""Entry point of the ``hub`` command."""

from __future__ import annotations

import sys
import warnings

import typer
from rich.markup import escape

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
    from cli import (
        bench,
        dead_letters,
        demo,
        explain,
        features,
        ingest,
        keys,
        memo,
        ml,
        nlp,
        pii,
        privacy,
        rules,
        service,
        stt,
        tables,
    )

    for group, name in (
        (ingest.app, "ingest"),
        (stt.app, "stt"),
        (memo.app, "memo"),
        (nlp.app, "nlp"),
        (pii.app, "pii"),
        (dead_letters.app, "dead-letters"),
        (features.app, "features"),
        (rules.app, "rules"),
        (ml.app, "ml"),
        (privacy.app, "privacy"),
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
        messages.print(f"[red]misconfigured:[/red] {escape(_told(error))}", highlight=False)
        sys.exit(Exit.MISCONFIGURED)
    except HubError as error:
        messages.print(f"[red]{error.reason}:[/red] {escape(_told(error))}", highlight=False)
        sys.exit(Exit.SOME_REFUSED)
    except KeyboardInterrupt:
        sys.exit(130)


def _told(error: HubError) -> str:
    ids = ", ".join(f"{name} {value}" for name, value in error.ids.items())
    return f"{error} ({ids})" if ids else str(error)


if __name__ == "__main__":
    run()
