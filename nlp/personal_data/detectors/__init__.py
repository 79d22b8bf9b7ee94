"""One detector, one file. Adding one: write the file, name it in ``all_detectors``, test it."""

from __future__ import annotations

from presidio_analyzer import EntityRecognizer

from nlp.personal_data.detectors.address import AddressRecognizer
from nlp.personal_data.detectors.bank_account import BankAccountRecognizer
from nlp.personal_data.detectors.birth_date import BirthDateRecognizer
from nlp.personal_data.detectors.card import CardRecognizer
from nlp.personal_data.detectors.driver_licence import DriverLicenceRecognizer
from nlp.personal_data.detectors.email import EmailRecognizer
from nlp.personal_data.detectors.english_name import EnglishNameRecognizer
from nlp.personal_data.detectors.foreign_name import ForeignNameRecognizer
from nlp.personal_data.detectors.foreigner_number import ForeignerNumberRecognizer
from nlp.personal_data.detectors.korean_name import KoreanNameRecognizer
from nlp.personal_data.detectors.passport import PassportRecognizer
from nlp.personal_data.detectors.phone import PhoneRecognizer
from nlp.personal_data.detectors.resident_number import ResidentNumberRecognizer
from nlp.personal_data.detectors.secret_code import SecretCodeRecognizer


def all_detectors(language: str) -> list[EntityRecognizer]:
    """Return a fresh detector of every kind; all serve both languages, since callers mix them."""
    return [
        ResidentNumberRecognizer(language),
        ForeignerNumberRecognizer(language),
        PassportRecognizer(language),
        DriverLicenceRecognizer(language),
        PhoneRecognizer(language),
        CardRecognizer(language),
        BankAccountRecognizer(language),
        EmailRecognizer(language),
        AddressRecognizer(language),
        BirthDateRecognizer(language),
        SecretCodeRecognizer(language),
        KoreanNameRecognizer(language),
        ForeignNameRecognizer(language),
        EnglishNameRecognizer(language),
    ]
