"""The look for silent customers is killed outright half-way: the next one ends as an undisturbed one would (R14)."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from liuke.accounts.models import Department, User
from liuke.commerce.models import Order
from liuke.core import clock
from liuke.core.models import Event, Notice
from liuke.customers.models import Customer
from liuke.retention.check import check
from liuke.retention.models import ChurnAlert
from liuke.retention.silence import months_before
from tests.faults.test_worker_killed import PATIENCE, _until, start  # noqa: F401

# Two customers at a time; it stands still when the second two are written, but not for good.
CHECK = """
import sys, time
from pathlib import Path
import django
django.setup()
from liuke.core import clock
from liuke.retention import check

check.BATCH = 2
warn, batches = check._warn, []

def slowly(pks, today):
    done = warn(pks, today)
    batches.append(pks)
    if len(batches) == 2:
        Path(sys.argv[1]).touch()
        time.sleep(60)
    return done

check._warn = slowly
check.check(clock.today())
"""


@pytest.mark.django_db(transaction=True)
def test_a_check_that_is_killed_half_way_is_ended_by_the_next_and_nobody_is_warned_of_twice(start, tmp_path):  # noqa: F811
    today = clock.today()
    manager = User(username="jingli", name="陈静", department=Department(name="销售部").create(by=None)).create(by=None)
    for name, last in (
        *((f"沉默的{n}", months_before(today, 7)) for n in range(5)),
        ("快到了", months_before(today, 5) - timedelta(days=1)),
        ("在下单", today),
    ):
        Order(customer=Customer(name=name, owner=manager).create(by=None), order_date=last).create(by=None)

    log = tmp_path / "stands"
    killed = start("-c", CHECK, str(log))
    _until(log.exists)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(PATIENCE) == -signal.SIGKILL
    assert ChurnAlert.objects.count() == 2  # the first two are there, of the second nothing

    assert [str(check(today)), str(check(today))] == ["已预警 3 个客户，挽回 0 个", "已预警 0 个客户，挽回 0 个"]
    alerts = ChurnAlert.objects.order_by("customer")
    assert [alert.customer.name for alert in alerts] == [f"沉默的{n}" for n in range(5)]
    assert [alert.number[-5:] for alert in alerts] == [f"{n:05}" for n in range(1, 6)]
    warned = Event.objects.filter(verb="warn").order_by("object_id").values_list("object_id", flat=True)
    assert list(warned) == [alert.pk for alert in alerts]
    told = Notice.objects.order_by("pk").values_list("user", "kind")
    assert sorted(told) == [(manager.pk, "churn.early_second"), *[(manager.pk, "churn.warned")] * 5]
