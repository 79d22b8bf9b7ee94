"""Who may do what. A key has one role; ``admin`` may do everything."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an API key is for."""

    ADMIN = "admin"
    SERVICE = "service"
    COLLECTOR = "collector"
    MARKETER = "marketer"
    AUDITOR = "auditor"
    VIEWER = "viewer"


DEFAULT_PURPOSE: dict[Role, str] = {
    Role.ADMIN: "operations",
    Role.SERVICE: "service",
    Role.COLLECTOR: "collection",
    Role.MARKETER: "marketing_offers",
    Role.AUDITOR: "audit",
    Role.VIEWER: "operations",
}

READS_CUSTOMERS = (Role.SERVICE, Role.MARKETER)
READS_DECISIONS = (Role.SERVICE, Role.MARKETER, Role.AUDITOR)
READS_OPERATION = (Role.SERVICE, Role.MARKETER, Role.AUDITOR, Role.VIEWER)
READS_ACCESS_LOG = (Role.AUDITOR,)
COLLECTS = (Role.COLLECTOR, Role.SERVICE)
NAMES_CUSTOMERS_BY_NUMBER = (Role.ADMIN, Role.SERVICE)
"""Roles that may name a customer by the bank's own number; the others know pseudonyms only."""
