"""Channels that take over offers, each an adapter of ``hub.ports.Delivery``."""

from __future__ import annotations

from pathlib import Path

from hub.errors import Misconfigured
from hub.ports import Delivery

KINDS = ("file", "webhook", "console")


def open_delivery(kind: str, *, offers_dir: Path, webhook_url: str = "", utc_offset_hours: float = 9.0) -> Delivery:
    """Return the delivery of a kind.

    Raises:
        Misconfigured: an unknown kind, or ``webhook`` without a URL.
    """
    if kind == "file":
        from rules.delivery.file import FileDelivery

        return FileDelivery(offers_dir, utc_offset_hours)
    if kind == "webhook":
        from rules.delivery.webhook import WebhookDelivery

        if not webhook_url.startswith(("http://", "https://")):
            raise Misconfigured(
                "HUB_RULES__WEBHOOK_URL must be an http(s) URL for webhook delivery.", reason="no_webhook_url"
            )
        return WebhookDelivery(webhook_url)
    if kind == "console":
        from rules.delivery.console import ConsoleDelivery

        return ConsoleDelivery()
    raise Misconfigured(f"HUB_RULES__DELIVERY is {kind!r}; it is one of {', '.join(KINDS)}.", reason="unknown_delivery")
