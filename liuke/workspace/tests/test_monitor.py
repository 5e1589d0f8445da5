"""The monitor page: for administrators, with figures that are true and faults found by their number."""

from datetime import timedelta

import pytest

from liuke.core import clock
from liuke.core.jobs import enqueue, store
from liuke.core.models import Fault, JobRun
from liuke.core.vitals import vitals

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault():
    def fault(number, kind="error", days=0):
        at = clock.now() - timedelta(days=days)
        return Fault.objects.create(
            kind=kind, number=number, method="GET", path="/orders/", at=at, what="ValueError a:1"
        )

    return fault


def test_it_is_for_administrators(house, as_):
    assert as_(house.admin).get("/monitor/").status_code == 200
    assert as_(house.zhuguan).get("/monitor/").status_code == 403


def test_a_fault_is_found_by_a_part_of_its_number_and_by_its_kind(house, as_, fault):
    fault("E-12AB34CD"), fault("E-99999999", "unavailable")
    page = as_(house.admin).get("/monitor/?number=12ab").content.decode()
    assert "E-12AB34CD" in page
    assert "E-99999999" not in page
    page = as_(house.admin).get("/monitor/?kind=unavailable").content.decode()
    assert "E-99999999" in page
    assert "E-12AB34CD" not in page
    assert "没有找到" in as_(house.admin).get("/monitor/?number=nothing").content.decode()


def test_figures_count_what_is_there(house, fault):
    fault("E-1"), fault("E-2", "unavailable"), fault("E-3", days=2), fault("", "slow")
    enqueue("tidy-up")
    JobRun.objects.create(name="tidy-up", state="failed", finished_at=clock.now())
    JobRun.objects.create(name="tidy-up", state="queued", due_at=clock.now() + timedelta(hours=1))  # not yet
    now = vitals()
    assert (now.errors, now.slow) == (2, 1)
    assert (now.queue.waiting, now.queue.running, now.queue.failed) == (1, 0, 1)
    assert now.database_size > 100_000
    assert now.disk_free > 0


def test_a_missing_worker_is_a_worry(house, as_):
    assert "liuke worker" in as_(house.admin).get("/monitor/").content.decode()
    store.show_sign("one")
    assert "liuke worker" not in as_(house.admin).get("/monitor/").content.decode()
