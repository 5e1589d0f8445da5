"""The database goes away under a served product and comes back (R26)."""

from __future__ import annotations

import psycopg
import pytest

from .product import SERVER, Product, until

pytestmark = pytest.mark.postgres
FRIENDLY = "数据库没有应答"


@pytest.fixture
def product(demo, tmp_path):
    """One of its own: it fails inside, as it is meant to."""
    with Product(demo, tmp_path) as product:
        yield product


@pytest.fixture
def away(product):
    """No connection to the database is left, and none is let in, until it is called again with False."""

    def away(gone=True):
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{product.name}" ALLOW_CONNECTIONS {not gone}')
            if gone:
                server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [product.name]
                )

    yield away
    away(False)


def test_pages_say_so_at_once_and_work_again_by_themselves(product, away):
    pages, api = product.pages("jingli"), product.api("jingli")
    until(lambda: pages.get("/health/ready/").json["worker"] == "ok", "the worker shows itself")
    away()
    page, operation, ready = pages.get("/opportunities/"), api("GET", "opportunities"), pages.get("/health/ready/")
    assert (page.status, operation.status, ready.status) == (503, 503, 503)
    assert FRIENDLY in page.text
    assert "Traceback" not in page.text + operation.text
    assert "psycopg" not in (page.text + operation.text + ready.text).lower()
    assert pages.get("/health/live/").status == 200
    away(False)
    assert pages.get("/opportunities/").status == 200
    assert api("GET", "opportunities").status == 200
    assert pages.get("/health/ready/").status == 200
