"""The database's errors in the hub's words. Messages carry no statement and no value: both may be personal.

Server away, lock held too long, disk full   -> Transient
a value the database cannot hold             -> Permanent  ``bad_value``
wrong password, no such database, not ours   -> Misconfigured, naming HUB_CATALOG__URL
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from hub.errors import HubError, Misconfigured, Permanent, Transient

_HOPELESS = (
    "authentication failed",
    "does not exist",
    "no password supplied",
    "unable to open database file",
    "readonly database",
    "file is not a database",
    "permission denied",
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database raises as an error of the hub."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as error:
        raise as_hub_error(error) from error
    except UnicodeEncodeError as error:
        raise Permanent("A text holds characters that are no valid Unicode.", reason="bad_value") from error


def as_hub_error(error: exc.DBAPIError | exc.TimeoutError) -> HubError:
    """Say what the caller should do about an error of the database."""
    origin = type(getattr(error, "orig", None) or error).__name__
    text = str(getattr(error, "orig", "")).lower()
    if any(words in text for words in _HOPELESS):
        return Misconfigured(
            f"The catalogue refuses us ({origin}): check HUB_CATALOG__URL, its user and its permissions.",
            reason="catalog_refused",
        )
    if isinstance(error, exc.DataError | exc.IntegrityError):
        return Permanent(f"The catalogue cannot hold this value ({origin}).", reason="bad_value")
    if isinstance(error, exc.OperationalError | exc.InterfaceError | exc.TimeoutError | exc.InternalError):
        return Transient(f"The catalogue is away or busy ({origin}); the same call may succeed later.")
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return Transient(f"The catalogue's connection was lost ({origin}).")
    return Misconfigured(
        f"The catalogue is not as this version expects it ({origin}): check HUB_CATALOG__URL.",
        reason="catalog_unfit",
    )
