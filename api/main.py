"""The process that serves: ``python -m api.main``, or ``uvicorn --factory api.main:create``."""

from __future__ import annotations

from importlib import import_module

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.logs import configure_logs
from hub.errors import Misconfigured
from hub.settings import Settings, load_settings

GRACE_S = 3


def create() -> FastAPI:
    """Build the application from the environment, mounts included."""
    return build(load_settings())


def build(settings: Settings) -> FastAPI:
    """Build the application and hand it to every mount of the settings."""
    from api.assembly import parts_of

    configure_logs()
    app = create_app(parts_of(settings))
    for mount in settings.api.mounts:
        _mount(app, mount, settings)
    return app


def serve(settings: Settings) -> None:
    """Serve until interrupted. Open streams are given three seconds to end."""
    config = uvicorn.Config(
        build(settings),
        host=settings.api.host,
        port=settings.api.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
    )
    uvicorn.Server(config).run()


def _mount(app: FastAPI, mount: str, settings: Settings) -> None:
    module, _, function = mount.partition(":")
    try:
        attach = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise Misconfigured(f"HUB_API__MOUNTS names {mount}, which cannot be imported.", reason="bad_mount") from error
    attach(app, settings)


if __name__ == "__main__":
    serve(load_settings())
