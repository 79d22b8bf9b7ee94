"""A new gazetteer entry, cue or category is one line in one data file."""

import shutil

import pytest
import yaml

from hub.errors import Misconfigured
from nlp import data_files
from nlp.evaluate import squeezed
from nlp.evaluate_memos import evaluate_memo_file, spellings
from nlp.memos import SpacyMemoParser
from nlp.memos.categories import categorise
from nlp.memos.knowledge import load_knowledge
from nlp.memos.known import choose, find_known
from nlp.memos.matching import Squashed
from nlp.memos.pipeline import load_pipeline
from nlp.memos.taxonomy import bare_spelling, brand_lines, meta_page, taxonomy, taxonomy_page
from nlp.memos.training.examples import ExampleMaker

ORIGINAL = data_files.DATA


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


LEAF = """    fortune_telling:
      ko: 운세와 작명
      en: Fortune telling
      party: merchant
      words: {purpose: [사주풀이비], shop: [작명소, 타로, TAROT], hint: [운세]}
      brands: ["~별점|별점나라|STARPOINT"]
      examples: [해오름작명소]"""


@pytest.fixture
def one_more_leaf(data):
    """The data files with a category more; whatever was read from them before is forgotten."""
    add_line(data / "taxonomy.yaml", "  leisure:", LEAF)
    for cached in (load_knowledge, data_files.fingerprint, spellings):
        cached.cache_clear()
    yield data
    for cached in (load_knowledge, data_files.fingerprint, spellings):
        cached.cache_clear()


def test_a_new_category_is_one_entry_in_one_file_and_is_read_at_once_without_training(one_more_leaf):
    facts = SpacyMemoParser().parse(
        ["해오름작명소", "MOONLIGHT TAROT", "사주풀이비 김철수", "STARPOINT 강남점", "운세", "스타벅스"]
    )
    assert [fact.category for fact in facts] == ["fortune_telling"] * 5 + ["cafe"]
    assert [fact.counterparty for fact in facts[:2]] == ["해오름작명소", "MOONLIGHT TAROT"]
    assert facts[3].brand == "별점"


def test_a_new_category_has_a_score_in_spacy_and_is_evaluated(one_more_leaf, tmp_path):
    doc = load_pipeline()("해오름작명소")
    assert max(doc.cats, key=doc.cats.get) == "fortune_telling"
    (tmp_path / "labelled.csv").write_text("memo,category\n해오름작명소,fortune_telling\n", encoding="utf-8")
    scores = evaluate_memo_file(SpacyMemoParser(), tmp_path / "labelled.csv")
    assert [(c.label, c.f1) for c in scores.category.classes] == [("fortune_telling", 1.0)]


def test_a_new_category_is_in_the_generated_pages_and_in_training(one_more_leaf):
    assert "`fortune_telling` | 운세와 작명 | Fortune telling" in taxonomy_page()
    assert '"fortune_telling"' in meta_page()
    assert any(example.category == "fortune_telling" for example in ExampleMaker(1).make(1))


def test_a_new_category_changes_the_version(one_more_leaf):
    with_leaf = SpacyMemoParser().version
    data_files.fingerprint.cache_clear()
    (one_more_leaf / "taxonomy.yaml").write_bytes((ORIGINAL / "taxonomy.yaml").read_bytes())
    assert SpacyMemoParser().version != with_leaf


def test_a_leaf_with_a_key_that_nothing_reads_is_refused(data):
    add_line(data / "taxonomy.yaml", "  leisure:", "    odd: {ko: 별, en: Odd, wrods: {shop: [별]}}")
    with pytest.raises(Misconfigured, match="wrods"):
        taxonomy()


def test_a_category_that_is_no_more_is_never_guessed(data):
    text = (data / "taxonomy.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("    laundry:")]
    (data / "taxonomy.yaml").write_text("\n".join(kept), encoding="utf-8")
    for name in ("cues.yaml", "brands/services.yaml"):
        drop_category(data / name, "laundry")
    load_knowledge.cache_clear()
    try:
        facts = SpacyMemoParser().parse(["하얀세탁소", "해바라기 빨래방", "SUNNY LAUNDROMAT"])
    finally:
        load_knowledge.cache_clear()
    assert "laundry" not in {fact.category for fact in facts}


def drop_category(path, category):
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    if "cues" in document:
        document["cues"] = [row for row in document["cues"] if row["category"] != category]
    document.get("brands", {}).pop(category, None)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def test_the_examples_that_leaves_bring_are_read_so(memo_parser):
    pairs = [(memo, leaf) for leaf, body in taxonomy().items() for memo in body.get("examples", ())]
    assert [(memo, memo_parser.parse([memo])[0].category) for memo, _ in pairs] == pairs


def test_a_spelling_stands_for_one_name():
    names = {}
    for row in brand_lines():
        spellings_of = [bare_spelling(part) for part in row.line.split("|")]
        for spelling in spellings_of:
            names.setdefault(squeezed(spelling), set()).add(spellings_of[0])
    assert {spelling: found for spelling, found in names.items() if len(found) > 1} == {}
