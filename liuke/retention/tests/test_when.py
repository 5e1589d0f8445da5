"""When silent customers are looked for: Saturdays at two by the company's clock, or as the house has it (CHURN-01)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from liuke.base.models import SettingsChange
from liuke.commerce.models import Order
from liuke.core import clock
from liuke.core.jobs import known, registry, upkeep
from liuke.core.jobs.monitor import overview_of
from liuke.core.jobs.worker import Worker
from liuke.core.models import Event, JobRun, Notice
from liuke.customers.models import Customer
from liuke.retention.check import check
from liuke.retention.models import ChurnAlert

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = datetime(2026, 11, 21, 2, 0, tzinfo=SHANGHAI)  # Friday 18:00 in UTC
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _only_the_check(monkeypatch):
    known()
    monkeypatch.setattr(registry, "_jobs", {"churn-check": registry.find("churn-check")})


def last_ordered(*days: str) -> None:
    """A customer for each of these days, entered on it."""
    for day in days:
        on = date.fromisoformat(day)
        with clock.at(datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI)):
            Order(customer=Customer(name=day).create(by=None), order_date=on).create(by=None)


def warned() -> list[str]:
    return sorted(ChurnAlert.objects.values_list("customer__name", flat=True))


def at_once(workers: list[Worker], moment: datetime) -> None:
    """All of them do what there is to do at that moment."""
    barrier, faults = Barrier(len(workers)), []

    def work(one: Worker) -> None:
        try:
            barrier.wait()
            with clock.at(moment):  # each thread has a clock of its own
                while one.turn():
                    pass
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_look_once_on_saturday_at_two_in_shanghai_however_the_clock_jumps():
    """On over two o'clock, back by two hours as by a time server, on again, and a day ahead (R13, R16, R18)."""
    last_ordered("2026-05-20", "2026-05-21", "2026-11-01")
    workers = [Worker(), Worker()]
    for minutes in (-2, -1):
        at_once(workers, SATURDAY + minutes * MINUTE)
        assert not JobRun.objects.exists()
    for minutes in (0, 1, -120, -1, 0, 24 * 60):
        at_once(workers, SATURDAY + minutes * MINUTE)
    run = JobRun.objects.get()
    assert (run.due_at, run.state, run.attempts) == (datetime(2026, 11, 20, 18, 0, tzinfo=UTC), "done", 1)
    assert run.result == "已预警 1 个客户，挽回 0 个"
    assert warned() == ["2026-05-20"]
    assert Event.objects.filter(verb="warn").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_server_that_was_off_for_three_weeks_looks_once_when_it_is_on_again():
    last_ordered("2026-05-03", "2026-05-20", "2026-05-21")
    with clock.at(SATURDAY - timedelta(days=21) + MINUTE):
        Worker().turn()
    at_once([Worker(), Worker()], SATURDAY + timedelta(hours=7))
    assert (JobRun.objects.count(), warned()) == (1, ["2026-05-03", "2026-05-20"])


@pytest.mark.django_db
def test_a_house_may_look_at_another_time_and_misses_nothing_by_choosing_it(house):
    with clock.at(SATURDAY - timedelta(days=1)):
        Worker().turn()
        SettingsChange().apply({"churn_cron": "30 8 * * 1"}, by=house.admin)
        assert not Worker().turn()  # last Monday was not missed: it was none yet
        assert overview_of("churn-check").next_at == datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)
    with clock.at(SATURDAY):
        assert not Worker().turn()
    with clock.at(datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)):
        assert [Worker().turn(), Worker().turn()] == [True, False]
    assert JobRun.objects.get().state == "done"


@pytest.mark.django_db
def test_a_house_that_looks_once_a_quarter_forgets_not_that_it_has(house):
    with clock.at(datetime(2026, 7, 1, 9, tzinfo=SHANGHAI)):
        SettingsChange().apply({"churn_cron": "0 3 1 */3 *"}, by=house.admin)
    with clock.at(datetime(2026, 9, 20, 9, tzinfo=SHANGHAI)):
        upkeep.tidy_up(clock.today())
    with clock.at(datetime(2026, 10, 1, 3, tzinfo=SHANGHAI)):
        assert Worker().turn()
    assert JobRun.objects.get().state == "done"


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["every saturday", "0 2 * *", "61 2 * * 6", ""])
def test_a_time_that_makes_no_sense_is_refused_where_it_is_set(house, as_, words):
    from liuke.base.views import SettingsForm

    form = SettingsForm({"churn_cron": words})
    form.is_valid()
    assert "churn_cron" in form.errors
    with clock.at(SATURDAY):
        SettingsChange().apply({"churn_cron": words}, by=house.admin)  # past the page
        assert overview_of("churn-check").next_at == SATURDAY + timedelta(days=7)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "in_time", "too_long"),
    [
        ("2026-11-21", "2026-05-21", "2026-05-20"),  # exactly six months, and one day more
        ("2026-08-31", "2026-02-28", "2026-02-27"),  # February has no 31st
        ("2024-08-31", "2024-02-29", "2024-02-28"),
        ("2026-08-29", "2026-02-28", "2026-02-27"),
        ("2027-02-28", "2026-08-28", "2026-08-27"),
        ("2027-01-01", "2026-07-01", "2026-06-30"),
    ],
)
def test_six_months_are_the_same_day_or_the_last_one_of_that_month(today, in_time, too_long):
    last_ordered(in_time, too_long)
    assert check(date.fromisoformat(today)).warned == 1
    assert warned() == [too_long]


@pytest.mark.django_db
def test_a_clock_put_back_by_a_day_ends_no_alert_and_one_put_ahead_gives_each_one_once():
    last_ordered("2026-05-20", "2026-05-21", "2026-05-22")
    days = [date(2026, 11, 21), date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 21), date(2026, 11, 22)]
    assert [check(day).warned for day in days] == [1, 0, 1, 0, 0]
    assert set(ChurnAlert.objects.values_list("status", flat=True)) == {"warning"}
    assert (warned(), Notice.objects.count()) == (["2026-05-20", "2026-05-21"], 0)  # nobody has them
