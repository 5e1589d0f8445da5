"""A plugin of pytest: instead of the tests in turn, each mutation in a fork, with the tests that ought to notice it.

Django, the tables and the house of the tests are there when the forks begin. In the fork the changed file is compiled,
and the functions that came out different get their new code, wherever they have been imported to.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import traceback
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from _pytest.runner import runtestprotocol

from tests.served.product import ON_SERVER, ROOT, SERVER

from .mutants import MUTANTS, WARM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from .mutants import Mutant

PATIENCE = 120  # seconds for the tests of a mutation


def pytest_runtestloop(session: pytest.Session) -> bool:
    report, places = json.loads(os.environ["LIUKE_MUTATIONS"])
    warm = next(item for item in session.items if item.nodeid == WARM)
    assert not _red([warm])
    _let_go()
    house = House()
    with Path(report).open("w", encoding="utf-8") as told:
        known: dict[str, str] = {}
        for place in places:
            one = MUTANTS[place]
            items = [item for item in session.items if _is_of(item.nodeid, one.test)]
            if one.test not in known:
                known[one.test] = "".join(_forked(house, items, lambda: "")) if items else "there is no such test"
            noticed, trouble = (
                _tried(house, one, items) if not known[one.test] else ("", f"without it: {known[one.test]}")
            )
            told.write(json.dumps([place, noticed, trouble]) + "\n")
            told.flush()
    return True


def _is_of(nodeid: str, test: str) -> bool:
    return nodeid == test or nodeid.startswith((f"{test}[", f"{test}::", test if test.endswith("/") else f"{test}/"))


def _tried(house: House, one: Mutant, items: list[pytest.Item]) -> tuple[str, str]:
    """(the test that went red, why none did)"""
    noticed, trouble = _forked(house, items, lambda: _mutate(one))
    return noticed, trouble or ("" if noticed else f"{one.test} notices nothing")


def _forked(house: House, items: list[pytest.Item], first: Callable[[], str]) -> tuple[str, str]:
    """Run tests until one is red, after `first`, in a process that leaves nothing behind but its answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(PATIENCE)
        try:
            trouble = first()
            answer = ["", trouble] if trouble else [_red(items), ""]
        except BaseException:
            answer = ["", traceback.format_exc()[-1000:]]
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    if any(_empties(item) for item in items):
        house.renew()
    return tuple(json.loads(said)) if said else ("a crash", "")


def _empties(item: pytest.Item) -> bool:
    """Whether the test works without a transaction around it, and leaves all tables empty."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())


class House:
    """The database of the tests as it was before the first of them."""

    def __init__(self) -> None:
        from django.db import connection

        self.name = str(connection.settings_dict["NAME"])
        if ON_SERVER:
            _on_server(f'DROP DATABASE IF EXISTS "{self.name}_kept"')
            _on_server(f'CREATE DATABASE "{self.name}_kept" TEMPLATE "{self.name}"')
        else:
            shutil.copy(self.name, f"{self.name}.kept")

    def renew(self) -> None:
        if ON_SERVER:
            self.drop(self.name)
            _on_server(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.name}_kept"')
            return
        for rest in ("-wal", "-shm"):
            Path(self.name + rest).unlink(missing_ok=True)
        shutil.copy(f"{self.name}.kept", self.name)

    @staticmethod
    def drop(name: str) -> None:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(urlsplit(SERVER)._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(statement)


def _red(items: list[pytest.Item]) -> str:
    """The first of them that fails."""
    for item in items:
        other = next(one for one in item.session.items if one.parent is not item.parent)  # the session stays set up
        item.session._setupstate.teardown_exact(item)
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=other)):
            return item.nodeid
    return ""


def _let_go() -> None:
    """A connection must not be shared with a fork."""
    from django.db import connections

    for one in connections.all():
        one.inc_thread_sharing()
        if one.connection is not None:
            one.connection.close()
        one.connection = None


def _mutate(one: Mutant) -> str:
    """Give the functions of the file their changed code. Returns what was wrong with that."""
    path = ROOT / "liuke" / one.file
    text = path.read_text(encoding="utf-8")
    if text.count(one.old) != 1:
        return f"the text stands there {text.count(one.old)} times"
    before = dict(_codes(compile(text, str(path), "exec")))
    after = dict(_codes(compile(text.replace(one.old, one.mutated), str(path), "exec")))
    changed = {name: code for name, code in after.items() if name in before and _body(code) != _body(before[name])}
    found = [f for f in gc.get_objects() if isinstance(f, types.FunctionType) and f.__code__.co_filename == str(path)]
    hit = [function for function in found if function.__code__.co_qualname in changed]
    for function in hit:
        function.__code__ = changed[function.__code__.co_qualname]
    return "" if hit else "no function was changed by it"


def _codes(code: types.CodeType) -> Iterator[tuple[str, types.CodeType]]:
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield one.co_qualname, one
            yield from _codes(one)


def _body(code: types.CodeType) -> Any:
    """What it does, wherever its lines stand."""
    consts = [_body(one) if isinstance(one, types.CodeType) else repr(one) for one in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, consts
