import json
import logging
import stat
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from liuke.config import databases, environment
from liuke.config.logs import JsonLine, OneLine


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LIUKE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("LIUKE_SECRET_KEY", raising=False)
    environment.data_dir.cache_clear()
    yield tmp_path / "data"
    environment.data_dir.cache_clear()


def test_the_secret_is_made_once_and_is_the_owners_alone(folder):
    with ThreadPoolExecutor(1) as other:
        first, second = environment.secret_key(), other.submit(environment.secret_key).result()
    assert first == second
    assert len(first) >= 50
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


def test_the_data_folder_is_closed_to_others(folder):
    assert stat.S_IMODE(environment.data_dir().stat().st_mode) == 0o700


def test_hosts_are_never_everybody_by_default(monkeypatch):
    monkeypatch.delenv("LIUKE_HOSTS", raising=False)
    assert {"localhost", "127.0.0.1"} < set(environment.hosts())
    assert "*" not in environment.hosts()


def test_hosts_are_taken_from_the_environment(monkeypatch):
    monkeypatch.setenv("LIUKE_HOSTS", "crm.example.cn, 10.0.0.5")
    assert environment.hosts() == ["crm.example.cn", "10.0.0.5"]


def test_sqlite_transactions_take_the_write_lock_at_their_start(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/liuke.sqlite3")
    options = databases.databases()["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_nobody_forges_a_log_entry_with_a_line_break():
    record = logging.LogRecord("liuke", logging.WARNING, "", 0, "login of %s", ("x\r\nERROR \x1b[31mfake",), None)
    assert OneLine("{message}", style="{").format(record) == "login of x\\r\\nERROR \\x1b[31mfake"


def test_an_entry_of_the_log_is_one_line_that_programs_read():
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord("liuke.errors", logging.ERROR, "", 0, "%s failed", ("E-1\nE-2",), sys.exc_info())
    record.told = {"number": "E-1", "path": "/客户/"}
    line = JsonLine().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["level"], entry["number"], entry["path"]) == ("ERROR", "E-1", "/客户/")
    assert entry["trace"].endswith("ValueError: two\nlines")
