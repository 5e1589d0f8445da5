"""Shared fixtures; what they are made of stands in tests/house.py.

`house` people and shortcuts · `as_(user)` a page client that has signed in · `api(user)` one with a token ·
`fingerprint()` a hash of all tables · `unchanged` a block in which nothing may change
"""

from __future__ import annotations

import gc
import logging
import os
from contextlib import contextmanager

import pytest

from tests import house as building
from tests import prints


def pytest_configure(config):
    from django.conf import settings

    # Playwright keeps an event loop in the thread of the tests, which Django takes for one of its own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    gc.set_threshold(100_000, 50, 100)  # what tests leave behind is not looked through at every step
    # Argon2 is slow on purpose; the real one is asked for by name in its own test.
    # Nobody asks faster than a test, and a busy machine is slow: what concerns these is set in tests of their own.
    settings.REQUESTS_PER_SECOND, settings.SLOW_AFTER = 0, float("inf")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_sessionstart(session):
    """Between tests whole tables are emptied, the audit log as well: its triggers have to let that happen."""
    from django.db import connection

    operations = type(connection.ops)  # not this connection alone: beside a browser's event loop Django opens another
    flush = operations.sql_flush

    def unlocked(*args, **kwargs):
        opened, shut = "INSERT INTO core_auditgate VALUES (1)", "DELETE FROM core_auditgate"
        return [opened, *flush(*args, **kwargs), shut]

    operations.sql_flush = unlocked


def pytest_collection_modifyitems(config, items):
    """The suite runs once for each database: what can be tried on one of them alone is left out on the other."""
    other = "shown" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "postgres"
    elsewhere = [item for item in items if item.get_closest_marker(other)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def pytest_make_parametrize_id(config, val, argname):
    """Content of files names no test: a zip holds the time it was made, and each worker would collect other names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def _kept_house(django_db_setup, django_db_blocker):
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are what tests ask for
    with django_db_blocker.unblock():
        return building.keep()


@pytest.fixture
def house(_kept_house, db) -> building.House:
    return building.move_in(_kept_house)


@pytest.fixture
def as_():
    """`as_(house.jingli).get("/opportunities/")`; `as_()` is somebody who has not signed in."""
    return building.page_client


@pytest.fixture
def api():
    """`api(house.jingli).post("opportunities", customer_name=…)`; `api()` sends no token."""
    return building.Api


@pytest.fixture
def fingerprint():
    prints.forget()
    return prints.fingerprint


@pytest.fixture
def unchanged():
    prints.forget()

    @contextmanager
    def block():
        before = prints.fingerprints()
        yield
        after = prints.fingerprints()
        assert after == before, f"changed: {[table for table in after if after[table] != before.get(table)]}"

    return block
