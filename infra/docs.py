"""Write the pages that derive from declarations: ``python -m infra.docs``. A test compares them with the tree."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import PydanticUndefined

from hub.settings import CHECKOUT, Section, Settings

SETTINGS_HEAD = """# Settings

Environment variables. An unknown `HUB_*` name stops the command with the nearest known one. Written by `make docs`.

| variable | default | what it does |
|---|---|---|
"""


def settings_page() -> str:
    """Return docs/settings.md."""
    lines = []
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            lines.append(f"| **{(section.__doc__ or '').strip()}** | | |")
            lines += [
                _line(f"HUB_{name}__{inner}", f.default, f.description) for inner, f in section.model_fields.items()
            ]
        else:
            default = ".hub" if name == "home" else field.default
            lines.append(_line(f"HUB_{name}", default, field.description))
    return SETTINGS_HEAD + "\n".join(lines) + "\n"


def _line(name: str, default: object, description: str | None) -> str:
    shown = "" if default in (PydanticUndefined, "", None) or "SecretStr" in repr(default) else f"`{_plain(default)}`"
    return f"| `{name.upper()}` | {shown} | {description or ''} |"


def _plain(default: object) -> str:
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)


def pages() -> dict[Path, str]:
    """Return every derived page by path."""
    from lakehouse.tables.documentation import tables_page
    from nlp.memos.taxonomy import META, meta_page, taxonomy_page

    return {
        CHECKOUT / "docs" / "settings.md": settings_page(),
        CHECKOUT / "docs" / "tables.md": tables_page(),
        CHECKOUT / "docs" / "taxonomy.md": taxonomy_page(),
        META: meta_page(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
