"""The databases know what they need to choose a quick way."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.db import connection

from liuke.core import planner
from tests.carrying import bring, csv_file

HEAD = ("客户名称", "地区", "客户等级", "电话", "地址")


def asked(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("liuke.core.jobs.runner._beating", lambda run, every: nullcontext())


@pytest.mark.parametrize(("many", "counted"), [(3, True), (4, False)])
def test_an_import_of_many_rows_leaves_fresh_figures(many, counted, house, monkeypatch):
    monkeypatch.setattr(planner, "MANY", many)
    rows = [(f"苏州第{n}机械厂", "江苏", "1", "0512-1", "星湖街") for n in range(3)]
    assert bring(house.zhuguan, "customers", csv_file(HEAD, *rows)).counts == (3, 0, 0, 0)
    if connection.vendor == "sqlite":  # the other one has a daemon for that
        known = asked("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        assert bool(known and asked("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'customers_customer'")) is counted


def test_the_server_takes_its_pages_for_equally_near(db):
    if connection.vendor == "postgresql":
        assert asked("SHOW random_page_cost") == [("1.1",)]
        assert asked("SHOW jit") == [("off",)]
