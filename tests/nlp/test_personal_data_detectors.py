"""A detector is one module: the hub's own are found in their folder, a bank's own where a setting names them."""

import sys

import pytest

from hub.errors import Misconfigured
from hub.settings import load_settings
from infra.wiring import Hub
from nlp.personal_data import PresidioRedactor, detectors, discovery
from nlp.personal_data.pseudonyms import pseudonymise

PLATE = '''
"""Vehicle plates."""

from presidio_analyzer import Pattern, PatternRecognizer


class PlateRecognizer(PatternRecognizer):
    """Korean number plates. Source: Motor Vehicle Management Act (자동차관리법), article 10."""

    needs = r"\\d"

    def __init__(self, language):
        super().__init__(
            supported_entity="PLATE",
            supported_language=language,
            patterns=[Pattern("plate", r"(?<!\\d)\\d{2,3}[가-힣]\\s?\\d{4}(?!\\d)", 0.4)],
            context=["차량", "번호판", "plate"],
        )
'''
SENTENCE, MASKED = "차량 번호는 12가 3456이에요", "차량 번호는 [PLATE]이에요"


@pytest.fixture
def importable(tmp_path, monkeypatch):
    """A folder on the path of modules; what is imported from it is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]
    discovery.fingerprint.cache_clear()


def test_every_module_of_the_folder_is_a_detector_by_itself():
    found = {detector.name for detector in discovery.detectors()}
    assert {"PhoneRecognizer", "KoreanNameRecognizer", "AddressRecognizer"} <= found
    assert "PersonRecognizer" not in found
    assert "PatternRecognizer" not in found


def test_a_module_dropped_into_the_folder_is_found_and_masks(importable, monkeypatch):
    (importable / "plate.py").write_text(PLATE, "utf-8")
    monkeypatch.setattr(detectors, "__path__", [*detectors.__path__, str(importable)])
    assert PresidioRedactor().redact(SENTENCE, "ko") == MASKED
    assert PresidioRedactor().redact("The plate is 123나4567.", "en") == "The plate is [PLATE]."


def test_a_bank_adds_its_own_detectors_by_a_setting(importable, redactor):
    package = importable / "our_bank" / "pii"
    package.mkdir(parents=True)
    (package / "plate.py").write_text(PLATE, "utf-8")
    hub = Hub(load_settings({"HUB_PRIVACY__DETECTORS": "our_bank.pii", "HUB_HOME": str(importable)}))
    assert redactor.redact(SENTENCE, "ko") == SENTENCE
    assert hub.redactor.redact(SENTENCE, "ko") == MASKED
    assert hub.redactor.version.startswith(redactor.version)
    assert hub.redactor.version != redactor.version


def test_the_version_changes_with_a_banks_own_code_and_lists(importable):
    (importable / "plates").mkdir()
    (importable / "plates" / "__init__.py").write_text(PLATE, "utf-8")
    first = PresidioRedactor(["plates"]).version
    discovery.fingerprint.cache_clear()
    (importable / "plates" / "words.yaml").write_text("context: [번호판]", "utf-8")
    assert PresidioRedactor(["plates"]).version != first


def test_a_kind_that_only_a_bank_knows_becomes_a_pseudonym_too(importable):
    (importable / "plates_of_ours.py").write_text(PLATE, "utf-8")
    findings = PresidioRedactor(["plates_of_ours"]).find(SENTENCE, "ko")

    def digest(kind, value):
        return f"{kind}{value}".encode().ljust(32)[:32]

    assert pseudonymise(SENTENCE, findings, digest, "1", keep_format=True).startswith("차량 번호는 [PLATE:1:")


def test_a_recogniser_written_for_presidio_serves_as_it_is(importable):
    (importable / "staff.py").write_text(
        "from presidio_analyzer import Pattern, PatternRecognizer\n"
        "class StaffRecognizer(PatternRecognizer):\n"
        "    def __init__(self, patterns=None, context=None, supported_language='en'):\n"
        "        super().__init__('STAFF_ID', patterns=[Pattern('id', r'\\bE-\\d{5}\\b', 0.9)],\n"
        "                         supported_language=supported_language)\n",
        "utf-8",
    )
    assert PresidioRedactor(["staff"]).redact("담당 E-12345 입니다", "ko") == "담당 [STAFF_ID] 입니다"


@pytest.mark.parametrize(
    ("code", "reason"),
    [(None, "no_such_module"), ("x = 1", "no_detector"), (PLATE.replace('"PLATE"', '"plate 2"'), "bad_kind")],
)
def test_a_module_that_cannot_serve_is_refused_by_the_name_of_the_setting(importable, code, reason):
    if code:
        (importable / "broken_one.py").write_text(code, "utf-8")
    with pytest.raises(Misconfigured, match=r"HUB_PRIVACY__DETECTORS|a kind is written like") as refused:
        PresidioRedactor(["broken_one"]).find("12가 3456", "ko")
    assert refused.value.reason == reason


def test_a_detector_that_needs_something_reads_no_other_text(redactor):
    routes = dict(discovery.routes(redactor.detectors))
    assert "PERSON" in routes[None]
    assert all("PHONE" not in kinds for needs, kinds in routes.items() if needs is None or needs.search("계좌"))
