"""``hub keys``: API keys and their roles."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import AsJson, answer, grid
from hub.clock import iso
from infra.wiring import current_hub

ROLES = ("admin", "service", "collector", "marketer", "auditor", "viewer")
app = typer.Typer(help="API keys: create, list, revoke.", no_args_is_help=True)


@app.command()
def create(
    role: Annotated[str, typer.Option(help=", ".join(ROLES))],
    label: Annotated[str, typer.Option(help="Who or what the key is for.")] = "",
    as_json: AsJson = False,
) -> None:
    """Create a key and show it once."""
    if role not in ROLES:
        raise typer.BadParameter(f"the roles are {', '.join(ROLES)}", param_hint="--role")
    hub = current_hub()
    secret, key = hub.catalog.keys.create(role, label, hub.clock.now_ms())
    data = {"key": secret, "key_id": key.key_id, "role": role}
    answer(
        data,
        as_json=as_json,
        render=lambda: f"{secret}\nRole {role}. It is shown this once and stored as a digest only.",
    )


@app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List all keys, revoked ones too."""
    keys = current_hub().catalog.keys.list()
    shown = [
        {
            "key_id": k.key_id,
            "role": k.role,
            "label": k.label,
            "created": iso(k.created_ms),
            "revoked": iso(k.revoked_ms) if k.revoked_ms else None,
        }
        for k in keys
    ]
    answer(
        shown,
        as_json=as_json,
        render=lambda: grid(("key", "role", "label", "created", "revoked"), (list(d.values()) for d in shown)),
    )


@app.command()
def revoke(key_id: str) -> None:
    """End a key at once."""
    hub = current_hub()
    hub.catalog.keys.revoke(key_id, hub.clock.now_ms())
