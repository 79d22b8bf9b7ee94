"""A call's sidecar as XML: elements and attributes become the same fields as those of a JSON sidecar."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from hub.errors import Permanent
from ingest.formats.call_fields import ALIASES, canonical

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMESPACE = re.compile(r"^\{[^}]*\}")
_ROLES = "channel_roles"


def is_xml(text: str) -> bool:
    """Say whether a sidecar is XML, whatever its file is called."""
    return text.lstrip().startswith("<")


def parse_fields(text: str) -> dict[str, Any]:
    """Return the fields of an XML sidecar, as they are named there.

    An element without others in it is a field, an attribute of the outermost one too; ``<agent id="A7"/>`` is ``agent_id``.

    Raises:
        Permanent: ``bad_xml``; ``contradictory_fields``: a field stands there twice, with different values.
    """
    # Definitions of entities can grow without end or name other files; a sidecar needs none.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Permanent("The XML defines a document type; a sidecar needs none.", reason="bad_xml")
    try:
        root = ElementTree.fromstring(_DECLARATION.sub("", text, count=1).strip())  # noqa: S314 - no entities, see above
    except ElementTree.ParseError as error:
        raise Permanent(f"The sidecar is no XML: line {error.position[0]}.", reason="bad_xml") from None
    fields: dict[str, Any] = {}
    for name, value in _named(root):
        if fields.setdefault(name, value) != value and canonical(name) in ALIASES:
            raise Permanent(f"{canonical(name)} is said twice and differently.", reason="contradictory_fields")
    return fields


def _named(root: ElementTree.Element) -> Iterator[tuple[str, Any]]:
    waiting = deque([root])
    while waiting:
        element = waiting.popleft()
        name, inner = _bare(element.tag), list(element)
        for attribute, value in element.attrib.items():
            yield (_bare(attribute) if element is root else f"{name}_{_bare(attribute)}"), value.strip()
        if inner and canonical(name) == _ROLES:
            yield name, [(item.text or item.get("role") or "").strip() for item in inner]
        elif inner:
            waiting.extendleft(reversed(inner))
        elif element is not root and (element.text or "").strip():
            yield name, (element.text or "").strip()


def _bare(name: str) -> str:
    return _NAMESPACE.sub("", name)
