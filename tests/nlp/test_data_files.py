"""Data files have owners and agree with each other."""

import pytest

from hub.errors import Misconfigured
from nlp import data_files


def test_every_file_names_its_owner():
    files = sorted(data_files.DATA.rglob("*.yaml"))
    assert len(files) >= 15
    for path in files:
        assert data_files._read(path)["owner"]


def test_a_file_without_owner_is_refused(tmp_path):
    orphan = tmp_path / "orphan.yaml"
    orphan.write_text("cues: []", encoding="utf-8")
    with pytest.raises(Misconfigured, match="owner"):
        data_files._read(orphan)


def test_the_fingerprint_changes_with_a_data_file(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text("owner: me\n", encoding="utf-8")
    monkeypatch.setattr(data_files, "DATA", tmp_path)
    monkeypatch.setattr(data_files, "CODE", tmp_path)
    before = data_files.fingerprint.__wrapped__()
    (tmp_path / "a.yaml").write_text("owner: you\n", encoding="utf-8")
    assert data_files.fingerprint.__wrapped__() != before
