"""One memo in the API is read as the batch reads it, with the same roles as customers' data."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from nlp import data_files
from nlp.memos import SpacyMemoParser
from nlp.memos.knowledge import load_knowledge
from tests.doubles.api_parts import Desk

URL = "/v1/memos/parse"


@pytest.fixture(scope="module")
def parser() -> SpacyMemoParser:
    return SpacyMemoParser()


@pytest.fixture
def reading(desk: Desk, parser: SpacyMemoParser) -> Iterator[TestClient]:
    with TestClient(create_app(dataclasses.replace(desk.parts, memos=parser))) as client:
        yield client


def test_facts_come_in_order_with_the_version_that_read_them(
    reading: TestClient, desk: Desk, parser: SpacyMemoParser
) -> None:
    memos = ["스타벅스강남2호점", "김철수 3월월세", ""]
    answer = reading.post(URL, json={"memos": memos}, headers=desk.headers("service")).json()
    assert answer["version"] == parser.version
    assert [fact["category"] for fact in answer["facts"]] == ["cafe", "rent", "other"]
    assert answer["facts"][1]["counterparty"] == "[PERSON]"
    assert "김철수" not in str(answer)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"memos": []}', b'{"memos": [1]}', b'{"memos": "x"}', b"\xff\xfe", b'{"memos": ["a"], "x": 1}'],
)
def test_a_body_of_another_shape_is_refused(reading: TestClient, desk: Desk, body: bytes) -> None:
    answer = reading.post(URL, content=body, headers=desk.headers("service"))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_nobody_reads_memos_without_a_key(reading: TestClient) -> None:
    assert reading.post(URL, json={"memos": ["a"]}).status_code == 401


def test_an_api_without_a_parser_says_so(client: TestClient, desk: Desk) -> None:
    answer = client.post(URL, json={"memos": ["a"]}, headers=desk.headers("service"))
    assert answer.json()["code"] == "no_memo_parser"


def test_a_category_added_to_the_taxonomy_is_answered_at_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(data_files.DATA, tmp_path / "data")
    taxonomy = tmp_path / "data" / "taxonomy.yaml"
    leaf = "    fortune_telling: {ko: 운세, en: Fortune telling, words: {shop: [작명소]}}"
    taxonomy.write_text(taxonomy.read_text("utf-8").replace("  leisure:", f"  leisure:\n{leaf}", 1), "utf-8")
    monkeypatch.setattr(data_files, "DATA", tmp_path / "data")
    load_knowledge.cache_clear()
    try:
        with TestClient(create_app(dataclasses.replace(desk.parts, memos=SpacyMemoParser()))) as client:
            answer = client.post(URL, json={"memos": ["해오름작명소"]}, headers=desk.headers("service")).json()
    finally:
        load_knowledge.cache_clear()
    assert answer["facts"][0]["category"] == "fortune_telling"
