"""The room's parts are made once: Kiwi and Presidio take seconds to load."""

import pytest

from nlp.insights import LexiconCallReader
from nlp.memos import SpacyMemoParser
from nlp.personal_data import PresidioRedactor


@pytest.fixture(scope="session")
def memo_parser():
    return SpacyMemoParser()


@pytest.fixture(scope="session")
def redactor():
    return PresidioRedactor()


@pytest.fixture(scope="session")
def call_reader(redactor):
    return LexiconCallReader(redactor)
