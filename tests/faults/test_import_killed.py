"""The worker is killed outright in the middle of an import: it goes on where it was, and nothing is there twice."""

from __future__ import annotations

import itertools
import signal

import pytest

from liuke.core.jobs import store
from liuke.core.models import Event
from liuke.customers.models import Customer
from tests.carrying import Wizard, csv_file
from tests.faults.test_worker_killed import PATIENCE, _until, start  # noqa: F401
from tests.house import House, build

ROWS = 60

# Ten rows at a time; behind a chosen chunk it stands still until somebody lets it go.
WORKER = """
import sys, time
from pathlib import Path
import django
django.setup()
from liuke.core.imports import running
from liuke.core.jobs import worker

log, gate, stop = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
running.AT_ONCE = 10
save, chunks = running._save, [0]

def told(of, *args):
    if chunks[0] == stop and not gate.exists():
        log.write_text("stands")
        while not gate.exists():
            time.sleep(0.02)
    save(of, *args)
    chunks[0] += 1

running._save = told
worker.run(silence=1)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stop", [0, 3, 5])
def test_an_import_whose_worker_is_killed_ends_as_if_nothing_had_happened(stop, start, tmp_path, settings):  # noqa: F811
    settings.DATA_DIR = tmp_path
    build()
    house = House()
    rows = [(f"客户{n}", "abc" if n % 10 == 7 else "1") for n in range(ROWS)]
    wizard = Wizard(house.zhuguan, "customers", csv_file(("客户名称", "电话"), *rows)).check()
    wizard.page("check/", {"rule": "skip"})
    log, gate = tmp_path / "log", tmp_path / "gate"

    first = start("-c", WORKER, str(log), str(gate), str(stop))
    _until(log.exists)
    first.send_signal(signal.SIGKILL)
    assert first.wait(PATIENCE) == -signal.SIGKILL
    assert wizard.of.state == "importing"
    assert Customer.objects.count() == stop * 9

    gate.touch()
    second = start("-c", WORKER, str(log), str(gate), str(stop))
    _until(lambda: wizard.of.state == "done")
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0
    assert wizard.counts == (54, 0, 0, 6)
    names = list(Customer.objects.order_by("id").values_list("name", flat=True))
    assert names == [name for name, phone in rows if phone == "1"]
    events = Event.objects.filter(content_type__model="customer", verb="create")
    assert events.count() == len(set(events.values_list("object_id", flat=True))) == 54
    assert wizard.of.errand.state == "done"
    assert [line for (line,) in wizard.of.rows.filter(outcome="failed").order_by("line").values_list("line")] == [
        n + 2 for n in range(ROWS) if n % 10 == 7
    ]
    assert list(itertools.islice(iter(lambda: store.take_next("nobody"), None), 5)) == []
