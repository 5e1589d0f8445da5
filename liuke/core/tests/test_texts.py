import pytest
from babel.messages.catalog import Catalog

from liuke.core import texts


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "CHINESE", tmp_path / "zh_Hans/LC_MESSAGES/django.po")
    monkeypatch.setattr(texts, "_from_code", lambda: code("Save", "%(n)s rows"))
    return texts.CHINESE


def code(*sources):
    found = Catalog()
    for source in sources:
        found.add(source)
    return found


def tsv(tmp_path, *lines):
    file = tmp_path / "texts.tsv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


def test_check_names_what_is_missing(catalogue, capsys):
    assert texts.main(["check"]) == 1
    assert "no Chinese: 'Save'" in capsys.readouterr().out


def test_check_passes_when_every_text_has_its_chinese(catalogue, tmp_path):
    texts.main(["add", tsv(tmp_path, "Save\t保存", "%(n)s rows\t%(n)s 行")])
    assert texts.main(["check"]) == 0


def test_check_names_a_lost_placeholder_and_an_unused_text(catalogue, tmp_path, capsys):
    texts.main(["add", tsv(tmp_path, "Save\t保存", "%(n)s rows\t%(m)s 行", "Gone\t没了")])
    assert texts.main(["check"]) == 1
    out = capsys.readouterr().out
    assert "placeholders differ: '%(n)s rows'" in out
    assert "unused: 'Gone'" in out


def test_check_names_a_source_text_that_is_not_english(catalogue, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(texts, "_from_code", lambda: code("Rules of 等保"))
    texts.main(["add", tsv(tmp_path, "Rules of 等保\t等保规则")])
    assert texts.main(["check"]) == 1
    assert "not English: 'Rules of 等保'" in capsys.readouterr().out


def test_a_text_that_comes_back_keeps_its_chinese(catalogue, tmp_path, monkeypatch):
    texts.main(["add", tsv(tmp_path, "Save\t保存", "%(n)s rows\t%(n)s 行")])
    monkeypatch.setattr(texts, "_from_code", lambda: code("Save"))
    texts.main(["update"])
    monkeypatch.setattr(texts, "_from_code", lambda: code("Save", "%(n)s rows"))
    texts.main(["update"])
    assert texts.main(["check"]) == 0


def test_templates_are_read():
    found = list(texts._from_code())
    assert any(file.endswith(".html") for message in found for file, _line in message.locations)
