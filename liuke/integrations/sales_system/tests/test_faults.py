"""A sales system that is wrong, closed, slow or secret: told in words, without its password (R31)."""

import logging
import socket
import sqlite3
import threading

import pytest
import sqlalchemy as sa
from django.utils import translation

from liuke.integrations.sales_system import sync
from liuke.integrations.sales_system.address import read_address, scrubbed, shown
from liuke.integrations.sales_system.mapping import Mapping
from liuke.integrations.sales_system.models import SyncState
from liuke.integrations.sales_system.patience import Patience
from liuke.integrations.sales_system.refusing import SalesSystemError, Unreachable
from liuke.integrations.sales_system.source import opened

from .foreign import url
from .mute import GREETING, Mute

SECRET = "geh3im!"
NO_TLS = {"mysql": "charset=utf8mb4", "postgresql": "sslmode=disable"}
ENDLESS = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT COUNT(*) FROM n"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def refusal(address, caplog, timeout=1):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SalesSystemError) as refused, opened(address, Mapping({}, timeout=timeout)) as source:
        source.connection.exec_driver_sql("SELECT 1")
    assert SECRET not in refused.value.message + caplog.text
    return refused.value.message


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("not an address", "cannot be read; it looks like mysql://user:password@host:3306/database"),
        (f"mysql://chef:{SECRET}@127.0.0.1:notaport/x", "cannot be read; it looks like"),
        (f"nosuch://chef:{SECRET}@127.0.0.1/x", "There is no driver for nosuch here; there are: sqlite、mysql"),
        (f"mysql+mysqldb://chef:{SECRET}@127.0.0.1/x", "There is no driver for mysql+mysqldb here"),
        (f"mysql://chef:{SECRET}@127.0.0.1/x?local_infile={SECRET}", "an option that is not taken: local_infile"),
        (f"sqlite:////tmp/x?key={SECRET}", "an option that is not taken: key; there are: none"),
        (f"mysql://chef:{SECRET}@127.0.0.1:1/x", "The sales system mysql://***:***@127.0.0.1:1/x cannot be read"),
        ("sqlite:////no/such/folder/file", "unable to open database file"),
    ],
)
def test_a_wrong_address_is_told_without_its_password(address, told, caplog):
    assert told in refusal(address, caplog)


@pytest.mark.mariadb
def test_a_wrong_password_is_told_and_not_shown(caplog):
    if not url():
        pytest.skip("LIUKE_TEST_MARIADB_URL is not set")
    address = f"mysql://chef:{SECRET}@{url().rpartition('@')[2]}"
    assert "refuses user or password" in refusal(address, caplog)


@pytest.mark.parametrize("kind", ["mysql", "postgresql"])
def test_a_server_that_says_nothing_is_given_up(kind, caplog, monkeypatch):
    monkeypatch.setattr("liuke.integrations.sales_system.source.CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        message = refusal(f"{kind}://chef:{SECRET}@127.0.0.1:{mute.getsockname()[1]}/x", caplog)
    assert "did not answer within 1 seconds" in message


@pytest.mark.parametrize("kind", ["mysql", "postgresql"])
def test_a_server_that_greets_and_then_says_nothing_is_given_up(kind, caplog, monkeypatch):
    """The drivers' own time-outs on connecting are over by then."""
    monkeypatch.setattr(Patience, "MORE", 0.0)
    greetings = {"mysql": GREETING, "postgresql": b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I"}
    with Mute(greetings[kind]) as mute:
        message = refusal(f"{kind}://chef:{SECRET}@127.0.0.1:{mute.port}/x?{NO_TLS[kind]}", caplog)
    assert "did not answer within 1 seconds" in message


def test_a_query_of_a_file_that_takes_too_long_is_interrupted(tmp_path, monkeypatch):
    monkeypatch.setattr(Patience, "MORE", 0.0)
    sqlite3.connect(tmp_path / "their.sqlite3").close()
    address, mapping = f"sqlite:///{tmp_path / 'their.sqlite3'}", Mapping({}, timeout=1)
    with pytest.raises(Unreachable, match="within 1 seconds"), opened(address, mapping) as source:
        list(source.rows(sa.text(ENDLESS)))


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        (f"mssql://chef:{SECRET}@db.example:1433/erp?charset={SECRET}", "mssql://***:***@db.example:1433/erp"),
        ("postgres://db.example/erp", "postgresql://db.example/erp"),
        (f"://{SECRET}", "unreadable address"),
        (f"oracle://db.example/?wallet_password={SECRET}", "oracle://db.example/"),
    ],
)
def test_what_is_shown_of_an_address_holds_no_secret(address, seen):
    assert shown(address) == seen


def test_what_a_driver_says_is_told_without_user_password_and_options():
    address = read_address(f"postgresql://chef:{SECRET}@h/erp?sslkey=/etc/{SECRET}")
    words = f"role \"chef\" and 'chef'@'10.0.0.1' with {SECRET} and /etc/{SECRET}: no"
    assert scrubbed(words, address) == "*** and *** with *** and ***: no"


def test_patience_ends_a_wait_and_not_the_work_between_two(monkeypatch):
    monkeypatch.setattr(Patience, "MORE", 0.0)
    monkeypatch.setattr(Patience, "LOOK", 0.005)
    given_up = threading.Event()
    patience = Patience(0.05, given_up.set)
    with patience:
        pass
    assert not given_up.wait(0.2)
    with patience:
        assert given_up.wait(5)
    patience.end()


def test_a_run_that_is_believed_dead_ends_at_its_next_sign_of_life(house, monkeypatch):
    monkeypatch.setattr(sync, "BEAT", 0)
    beat = sync._heart(SyncState.take())
    beat()
    SyncState.objects.update(claim="another")
    with pytest.raises(SalesSystemError) as wrong:
        beat()
    assert wrong.value.code == "taken_over"
