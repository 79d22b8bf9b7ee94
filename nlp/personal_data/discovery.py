"""Which detectors there are: every recogniser that a module of ``detectors/`` defines, and those of a bank's own modules."""

from __future__ import annotations

import hashlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from hub.errors import Misconfigured

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer, RecognizerRegistry

OWN = "nlp.personal_data.detectors"
SETTING = "HUB_PRIVACY__DETECTORS"
_KIND = re.compile(r"[A-Z][A-Z0-9_]{1,40}")
Needs = re.Pattern[str]


class Detector:
    """A recogniser's class, and what a text must hold for it to run.

    A recogniser may say so in a class attribute ``needs``, an expression that is looked for in the normalised text
    (``r"\\d"``: some digit); without one it reads every text.
    """

    def __init__(self, made_by: type[EntityRecognizer], module: str) -> None:
        self.made_by = made_by
        self.module = module
        self.name = made_by.__name__
        needs = getattr(made_by, "needs", None)
        self.needs: Needs | None = re.compile(needs) if needs else None

    def instance(self, language: str) -> EntityRecognizer:
        """Return a fresh recogniser for a language. Raises Misconfigured where the kind cannot stand in a mask."""
        by_name = "supported_language" in inspect.signature(self.made_by).parameters
        made = self.made_by(supported_language=language) if by_name else self.made_by(language)
        bad = [kind for kind in made.supported_entities if not _KIND.fullmatch(kind)]
        if bad or not made.supported_entities:
            raise Misconfigured(
                f"{self.name} in {self.module} names the kind {bad[0] if bad else '(none)'}; a kind is written like BIRTH_DATE",
                reason="bad_kind",
            )
        return made

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """What it finds."""
        return tuple(self.instance("ko").supported_entities)


def detectors(extensions: Sequence[str] = ()) -> list[Detector]:
    """Return the hub's detectors by module, then those of each named module or package.

    Raises:
        Misconfigured: a named module cannot be imported or defines no recogniser.
    """
    found = [detector for module in _modules(OWN) for detector in _defined_in(module)]
    for name in extensions:
        own = [detector for module in _modules(name) for detector in _defined_in(module)]
        if not own:
            raise Misconfigured(f"{SETTING}: {name} defines no Presidio recogniser", reason="no_detector")
        found += own
    return found


def registry(found: Sequence[Detector], languages: Sequence[str]) -> RecognizerRegistry:
    """Return every detector in every language, since callers mix languages."""
    from presidio_analyzer import RecognizerRegistry

    instances = [detector.instance(language) for language in languages for detector in found]
    return RecognizerRegistry(recognizers=instances, supported_languages=list(languages))


def routes(found: Sequence[Detector]) -> list[tuple[Needs | None, frozenset[str]]]:
    """Return the kinds that detectors look for, by what a text must hold for them."""
    kinds: dict[Needs | None, set[str]] = {}
    for detector in found:
        kinds.setdefault(detector.needs, set()).update(detector.kinds)
    return [(needs, frozenset(names)) for needs, names in kinds.items()]


@cache
def fingerprint(extensions: tuple[str, ...]) -> str:
    """Return 8 hex characters that change with the code and the data files beside it of the named modules; empty for none.

    Raises:
        Misconfigured: there is no such module.
    """
    digest = hashlib.blake2b(digest_size=4)
    for name in extensions:
        for path in _files(name):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest() if extensions else ""


def _files(name: str) -> list[Path]:
    """Return the files of a module or package, which is not run for it."""
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        spec = None
    if spec is None:
        raise Misconfigured(f"{SETTING}: there is no module {name}", reason="no_such_module")
    if spec.submodule_search_locations is None:
        return [Path(spec.origin)] if spec.origin else []
    folders = [Path(folder) for folder in spec.submodule_search_locations]
    return sorted(path for folder in folders for kind in ("*.py", "*.yaml") for path in folder.rglob(kind))


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        raise Misconfigured(f"{SETTING}: there is no module {missing.name}", reason="no_such_module") from None


def _modules(name: str) -> Iterator[ModuleType]:
    module = _imported(name)
    yield module
    for inner in sorted(info.name for info in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}.")):
        yield _imported(inner)


def _defined_in(module: ModuleType) -> Iterator[Detector]:
    """Yield recognisers that a module itself defines; those that it imports or leaves abstract are no detectors."""
    from presidio_analyzer import EntityRecognizer

    for _, made_by in sorted(inspect.getmembers(module, inspect.isclass)):
        is_own = made_by.__module__ == module.__name__ and issubclass(made_by, EntityRecognizer)
        if is_own and not inspect.isabstract(made_by):
            yield Detector(made_by, module.__name__)
