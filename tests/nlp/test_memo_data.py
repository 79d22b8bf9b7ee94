"""A new gazetteer entry, cue or category is one line in one data file."""

import shutil

import pytest

from hub.errors import Misconfigured
from hub.settings import CHECKOUT
from nlp import data_files
from nlp.memos.categories import categorise
from nlp.memos.knowledge import load_knowledge, taxonomy
from nlp.memos.known import choose, find_known
from nlp.memos.matching import Squashed


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of the room's data files that a test may add lines to."""
    shutil.copytree(data_files.DATA, tmp_path / "data")
    monkeypatch.setattr(data_files, "DATA", tmp_path / "data")
    return tmp_path / "data"


def category_of(memo):
    knowledge = load_knowledge.__wrapped__()
    squashed = Squashed(knowledge.cleaner.clean(memo).text)
    mentions, cues = choose(find_known(squashed, knowledge), squashed)
    verdict = categorise(mentions, cues, knowledge.combinations)
    return (verdict.category, mentions[0].name if mentions else None) if verdict else None


def add_line(path, after, line):
    text = path.read_text(encoding="utf-8")
    assert after in text
    path.write_text(text.replace(after, f"{after}\n{line}", 1), encoding="utf-8")


def test_a_new_brand_is_one_line(data):
    assert category_of("아르카딘강남점") is None
    add_line(data / "brands" / "food.yaml", "  cafe:", "    - 아르카딘|ARKADIN")
    assert category_of("아르카딘강남점") == ("cafe", "아르카딘")


def test_a_new_category_with_its_words_is_a_line_in_each_of_two_files(data):
    add_line(data / "taxonomy.yaml", "  leisure:", "    fortune_telling: {ko: 운세와 작명, en: Fortune telling}")
    add_line(
        data / "cues.yaml",
        "cues:",
        "- {category: fortune_telling, strength: 58, party: merchant, words: [사주카페, 작명소, 타로]}",
    )
    assert category_of("해오름작명소") == ("fortune_telling", None)


def test_a_new_place_is_one_word(data):
    add_line(data / "places.yaml", "places:", "  test: [물여울]")
    assert "물여울" in load_knowledge.__wrapped__().regions


def test_a_rule_may_only_name_a_leaf_of_the_taxonomy(data):
    add_line(data / "cues.yaml", "cues:", "- {category: nonsense, strength: 58, party: merchant, words: [허튼소리]}")
    with pytest.raises(Misconfigured, match="nonsense"):
        load_knowledge.__wrapped__()


def test_a_version_follows_the_memo_data_alone(data):
    def version():
        return data_files.fingerprint.__wrapped__("memos", data=("*.yaml", "brands/*.yaml"))

    before = version()
    (data / "insights" / "new.yaml").write_text("owner: x\n", encoding="utf-8")
    assert version() == before
    add_line(data / "brands" / "food.yaml", "  cafe:", "    - 아르카딘")
    assert version() != before


def test_the_guide_names_every_leaf_of_the_taxonomy():
    guide = (CHECKOUT / "docs" / "memos.md").read_text(encoding="utf-8")
    missing = [leaf for leaf, body in taxonomy().items() if f"`{leaf}` {body['ko']}" not in guide]
    assert missing == []
