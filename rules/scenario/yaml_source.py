"""YAML with line numbers and without surprises: no tags, no anchors, no repeated keys, no huge files."""

from __future__ import annotations

from typing import Any

import yaml

from hub.errors import Permanent

MAX_BYTES = 128_000
MAX_DEPTH = 40
Path = tuple[str | int, ...]


class BadYaml(Permanent):
    """A file that is not plain YAML. ``line`` counts from 1."""

    default_reason = "bad_yaml"

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message, line=line)
        self.line = line


class Lines:
    """Where each value of a file begins."""

    def __init__(self) -> None:
        self._lines: dict[Path, int] = {}

    def note(self, path: Path, line: int) -> None:
        self._lines[path] = line

    def of(self, path: Path) -> int | None:
        """Return the line of a value, or of the nearest value around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return None


def read_yaml(text: str) -> tuple[Any, Lines]:
    """Return plain values and their lines.

    Raises:
        BadYaml: not YAML, or YAML with tags, anchors, repeated keys, too deep or too large.
    """
    if len(text.encode()) > MAX_BYTES:
        raise BadYaml(f"The file is larger than {MAX_BYTES} bytes.")
    lines = Lines()
    try:
        _refuse_anchors(text)
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise BadYaml("The file is empty.")
            _walk(node, (), lines)
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(f"Not YAML: {error.problem or error.context}.", mark.line + 1 if mark else 1) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadYaml(f"Not YAML: {type(error).__name__}.") from None


def _refuse_anchors(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadYaml(
                "Anchors and aliases are not part of a scenario; repeat the value or use a parameter.", _line(event)
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise BadYaml(f"Nested deeper than {MAX_DEPTH} levels.", _line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _walk(node: yaml.Node, path: Path, lines: Lines) -> None:
    lines.note(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), lines)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise BadYaml(f"{key.value} is there twice.", key.start_mark.line + 1)
            seen.add(key.value)
            _walk(value, (*path, key.value), lines)
            lines.note((*path, key.value), key.start_mark.line + 1)
