"""Queue and schedule: once a slot, once a claim, nothing lost when a worker dies. A file of its own kills real ones."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from liuke.core import clock
from liuke.core.jobs import enqueue, job, known, monitor, registry, runner, schedule, store, upkeep, worker
from liuke.core.jobs.worker import Worker
from liuke.core.models import JobRun, Slot

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = datetime(2026, 11, 21, 2, 0, tzinfo=SHANGHAI)
CRON = "0 2 * * 6"


@pytest.fixture(autouse=True)
def _only_own_jobs(monkeypatch):
    known()
    monkeypatch.setattr(registry, "_jobs", {})


@pytest.fixture
def calls():
    """Signs in three jobs and collects what they were given."""
    given = []

    @job("note", label="Note")
    def note(today, **payload):
        given.append((today, payload))
        return f"noted {len(given)}"

    @job("break")
    def broken(today):
        given.append((today, {}))
        raise ValueError("the wheel came off")

    @job("check", cron=CRON)
    def check(today):
        given.append((today, {}))

    return given


def at(*when) -> object:
    return clock.at(datetime(*when, tzinfo=SHANGHAI))


# the queue


@pytest.mark.django_db
def test_a_queued_job_runs_once_with_its_payload(calls):
    with at(2026, 11, 20, 9):
        enqueue("note", mail=7)
        assert [worker.run_once(), worker.run_once()] == [True, False]
    assert calls == [(date(2026, 11, 20), {"mail": 7})]
    run = JobRun.objects.get()
    assert (run.state, run.result, run.attempts, run.error) == ("done", "noted 1", 1, "")


@pytest.mark.django_db
def test_an_unknown_name_is_refused_at_once_and_the_known_ones_are_named(calls):
    for ask in (enqueue, runner.run_now):
        with pytest.raises(KeyError) as refusal:
            ask("chek")
        assert "chek" in str(refusal.value)
        assert "break, check, note" in str(refusal.value)
    assert not JobRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_is_rolled_back_was_never_asked_for(calls):
    with transaction.atomic():
        enqueue("note")
        transaction.set_rollback(True)
    assert not worker.run_once()


@pytest.mark.django_db
def test_the_run_that_is_due_first_comes_first_and_the_future_waits(calls):
    with at(2026, 11, 20, 9):
        for n, seconds in ((3, 1), (1, -2), (2, -1)):
            JobRun.objects.create(name="note", payload={"n": n}, due_at=clock.now() + timedelta(seconds=seconds))
        _drain(Worker())
        assert [payload["n"] for _day, payload in calls] == [1, 2]
    with at(2026, 11, 20, 9, 0, 1):
        _drain(Worker())
    assert [payload["n"] for _day, payload in calls] == [1, 2, 3]


@pytest.mark.django_db
def test_a_failure_is_recorded_with_its_message_and_the_worker_goes_on(calls):
    enqueue("break")
    enqueue("note")
    assert [worker.run_once(), worker.run_once(), worker.run_once()] == [True, True, False]
    broken = JobRun.objects.get(name="break")
    assert (broken.state, broken.error, broken.attempts) == ("failed", "ValueError: the wheel came off", 1)
    assert broken.finished_at is not None
    assert JobRun.objects.get(name="note").state == "done"


@pytest.mark.django_db
def test_a_passing_fault_of_the_database_is_tried_again_five_times_in_all(calls):
    @job("locked")
    def locked(today):
        calls.append(today)
        raise OperationalError("database is locked")

    enqueue("locked")
    while worker.run_once():
        pass
    run = JobRun.objects.get()
    assert (len(calls), run.state, run.attempts) == (5, "failed", 5)
    assert run.error == "OperationalError: database is locked"


@pytest.mark.django_db
def test_a_long_or_odd_error_text_still_fits_the_row():
    @job("odd")
    def odd(today):
        raise ValueError("a\0b" + "x" * 1000)

    enqueue("odd")
    worker.run_once()
    assert JobRun.objects.get().error.startswith("ValueError: abxxx")
    assert len(JobRun.objects.get().error) == 500


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_run(calls):
    for n in range(30):
        enqueue("note", n=n)
    _together(2, lambda: _drain(Worker()))
    assert sorted(payload["n"] for _day, payload in calls) == list(range(30))
    assert set(JobRun.objects.values_list("state", "attempts")) == {("done", 1)}


def _drain(one: Worker) -> None:
    while one.turn():
        pass


def _together(count: int, act) -> None:
    barrier, faults = Barrier(count), []

    def run():
        try:
            barrier.wait()
            act()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert faults == []


# a worker that died


class Watch:
    """A watch to set by hand."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.mark.django_db
def test_a_run_without_a_sign_of_life_is_taken_up_again(calls):
    enqueue("note")
    store.take_next("dead")
    watch = Watch()
    living = Worker(silence=30, ticks=watch)
    assert not living.turn()
    watch.time = 29.9
    assert not living.turn()
    watch.time = 30.0
    assert living.turn()
    run = JobRun.objects.get()
    assert (len(calls), run.state, run.attempts) == (1, "done", 2)


@pytest.mark.django_db
def test_a_beating_run_is_left_alone_however_long_it_takes(calls):
    enqueue("note")
    busy = store.take_next("busy")
    watch = Watch()
    other = Worker(silence=30, ticks=watch)
    for minute in range(5):
        watch.time = minute * 60.0
        assert store.beat(busy, clock.now() + timedelta(minutes=minute))
        assert not other.turn()
    assert calls == []


@pytest.mark.django_db
def test_a_clock_put_forward_does_not_make_a_running_job_look_dead(calls):
    enqueue("note")
    store.take_next("busy")
    other = Worker(silence=30, ticks=Watch())
    other.turn()
    with clock.at(clock.now() + timedelta(days=1)):
        assert not other.turn()
    assert calls == []


@pytest.mark.django_db
def test_a_sign_of_life_in_the_last_moment_counts(calls):
    enqueue("note")
    busy = store.take_next("busy")
    [seen] = store.running()
    store.beat(busy, clock.now() + timedelta(seconds=5))
    store.give_back(seen)
    assert JobRun.objects.get().state == "running"


@pytest.mark.django_db
def test_a_run_left_five_times_is_given_up_and_visible(calls):
    enqueue("note")
    watch = Watch()
    reaper = Worker(silence=30, ticks=watch)
    for _ in range(5):
        assert store.take_next("dead")
        reaper._look_for_left()
        watch.time += 30
        reaper._look_for_left()
    run = JobRun.objects.get()
    assert (run.state, run.attempts, run.error) == ("failed", 5, "Left without an end 5 times")
    assert not reaper.turn()


@pytest.mark.django_db
def test_a_worker_that_slept_does_not_write_over_the_one_that_took_over(calls):
    enqueue("note")
    slept = store.take_next("slept")
    store.give_back(slept)
    other = store.take_next("other")
    store.fail(slept, ValueError("late"))
    assert not store.beat(slept, clock.now())
    assert JobRun.objects.get().state == "running"
    store.finish(other, "well")
    store.finish(slept, "late")
    assert JobRun.objects.values_list("state", "result").get() == ("done", "well")


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_while_the_job_works():
    seen = []

    @job("slow")
    def slow(today):
        run = JobRun.objects.get()
        for _ in range(500):
            if JobRun.objects.get().heartbeat_at != run.heartbeat_at:
                seen.append(True)
                return

    enqueue("slow")
    runner.execute(store.take_next("one"), every=0.01)
    assert seen == [True]


@pytest.mark.django_db
def test_the_worker_outlives_a_lost_database_and_ends_on_a_signal(monkeypatch):
    one, answers = Worker(), iter([DatabaseError("gone"), DatabaseError("gone"), False])
    rests = []

    def turn():
        answer = next(answers, None)
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            one.stop(15, None)
        return bool(answer)

    monkeypatch.setattr(one, "turn", turn)
    monkeypatch.setattr(one, "_rest", rests.append)
    monkeypatch.setattr(worker.connections, "close_all", lambda: rests.append("closed"))
    one.loop()
    assert rests == ["closed", 2, "closed", 4, 1, 1]


# the schedule


def test_a_cron_line_is_read_in_the_companys_time_zone():
    assert schedule.last_slot(CRON, SATURDAY) == datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    assert schedule.last_slot(CRON, SATURDAY - timedelta(seconds=1)) == SATURDAY - timedelta(days=7)
    assert schedule.next_slot(CRON, SATURDAY) == SATURDAY + timedelta(days=7)
    assert schedule.next_slot(CRON, SATURDAY - timedelta(seconds=1)) == SATURDAY


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_the_zone_of_the_server_changes_nothing(zone):
    now = (SATURDAY + timedelta(minutes=5)).astimezone(ZoneInfo(zone))
    assert schedule.last_slot(CRON, now) == SATURDAY


def test_a_cron_line_that_means_nothing_is_refused():
    with pytest.raises(ValueError, match="no cron line"):
        job("wrong", cron="on saturdays")


@pytest.mark.django_db
def test_saturday_at_two_in_shanghai_comes_once(calls):
    one = Worker()
    with at(2026, 11, 20, 12):
        assert not one.turn()  # new here: nothing was missed
    with at(2026, 11, 21, 1, 59, 59):
        assert not one.turn()
    with at(2026, 11, 21, 2, 0, 0):
        assert [one.turn(), one.turn()] == [True, False]
    with at(2026, 11, 21, 2, 0, 59):
        assert not Worker().turn()
    assert calls == [(date(2026, 11, 21), {})]
    run = JobRun.objects.get()
    assert (run.due_at, run.origin, run.state) == (SATURDAY, "schedule", "done")


@pytest.mark.django_db
def test_three_missed_weeks_are_made_up_by_one_run(calls):
    with at(2026, 10, 30, 12):
        worker.run_once()
    with at(2026, 11, 21, 9):
        assert [worker.run_once(), worker.run_once()] == [True, False]
    assert calls == [(date(2026, 11, 21), {})]
    assert JobRun.objects.get().due_at == SATURDAY


@pytest.mark.django_db
def test_a_clock_put_back_does_not_run_a_slot_twice(calls):
    one = Worker()
    for hour in (12, 26, 25, 24, 26, 27):
        with clock.at(SATURDAY - timedelta(hours=26) + timedelta(hours=hour)):
            _drain(one)
    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_take_a_slot_once(calls):
    with at(2026, 11, 20, 12):
        worker.run_once()

    def look():
        with at(2026, 11, 21, 2):  # each thread has a clock of its own
            _drain(Worker())

    _together(4, look)
    assert len(calls) == 1
    assert list(JobRun.objects.values_list("due_at", "state")) == [(SATURDAY, "done")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_two_workers_on_a_server_anywhere_run_saturday_once_while_the_clock_moves_over_it(calls, zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    workers = [Worker(), Worker()]
    # on over two o'clock, back by two hours as by a time server, on again, and a day ahead
    minutes = [*range(-3, 4), *range(-119, -114), *range(-2, 3), 24 * 60]
    try:
        for minute in minutes:

            def look(minute=minute):
                with clock.at(SATURDAY + timedelta(minutes=minute)):
                    _drain(workers[look.taken.pop()])

            look.taken = [0, 1]
            _together(2, look)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert calls == [(date(2026, 11, 21), {})]
    run = JobRun.objects.get()
    assert (run.due_at, run.state, run.attempts) == (datetime(2026, 11, 20, 18, 0, tzinfo=UTC), "done", 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_of_the_schedule_never_runs_twice_at_the_same_time(calls):
    seen = []

    @job("sync", cron=CRON)
    def sync(today):
        seen.append(Worker().turn())  # the other worker looks while this one works

    enqueue("sync")
    enqueue("sync")
    assert [worker.run_once(), worker.run_once(), worker.run_once()] == [True, True, False]
    assert seen == [False, False]
    assert set(JobRun.objects.values_list("state", "attempts")) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_see_two_runs_of_one_job_only_one_begins(calls):
    runs = [JobRun.objects.create(name="check").pk, JobRun.objects.create(name="check").pk]
    taken = []

    def take():
        taken.append(store._take_alone(runs.pop(), "check", "one"))

    _together(2, take)
    assert sorted(taken) == [False, True]


@pytest.mark.django_db
def test_of_two_who_saw_the_slot_free_only_one_gets_it(calls):
    check = registry.find("check")
    schedule._take(check, SATURDAY, run=True)
    schedule._take(check, SATURDAY, run=True)
    assert JobRun.objects.count() == 1


@pytest.mark.django_db
def test_an_idle_worker_only_reads(calls, django_assert_num_queries):
    idle = Worker()
    with at(2026, 11, 20, 9, 0):
        idle.turn()  # shows its sign and looks at the schedule, once a minute
        with django_assert_num_queries(2) as look:
            idle.turn()
    assert {query["sql"].split()[0] for query in look} == {"SELECT"}


@pytest.mark.django_db(transaction=True)
def test_slot_and_run_are_written_together_or_not_at_all(calls, monkeypatch):
    with at(2026, 11, 20, 12):
        worker.run_once()

    def gone(**values):
        raise OperationalError("gone")

    with at(2026, 11, 21, 2):
        with monkeypatch.context() as broken:
            broken.setattr(JobRun.objects, "create", gone)
            with pytest.raises(OperationalError):
                schedule.queue_due()
        assert not Slot.objects.filter(due_at=SATURDAY).exists()
        assert worker.run_once()
    assert len(calls) == 1


# by hand


@pytest.mark.django_db
def test_run_now_runs_on_the_day_that_was_asked_for_and_tells_the_result(calls):
    assert runner.run_now("note", date(2024, 2, 29)) == "noted 1"
    assert calls == [(date(2024, 2, 29), {})]
    run = JobRun.objects.get()
    assert (run.origin, run.state, run.day, run.result) == ("hand", "done", date(2024, 2, 29), "noted 1")
    assert run.finished_at.year != 2024  # the record tells when it really ran


@pytest.mark.django_db
def test_run_now_records_a_failure_and_passes_it_on(calls):
    with pytest.raises(ValueError, match="the wheel came off"):
        runner.run_now("break")
    assert JobRun.objects.values_list("state", "error").get() == ("failed", "ValueError: the wheel came off")


@pytest.mark.django_db
def test_what_a_person_started_is_not_tried_again_behind_his_back(calls):
    @job("locked")
    def locked(today):
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        runner.run_now("locked")
    assert not worker.run_once()
    assert JobRun.objects.get().state == "failed"


# what is shown, and what is forgotten


@pytest.mark.django_db
def test_the_overview_shows_last_and_next_run(calls, django_assert_num_queries):
    runner.run_now("note")
    runner.run_now("note")
    with clock.at(SATURDAY), django_assert_num_queries(2):
        shown = {row.job.name: row for row in monitor.overview()}
    assert list(shown) == ["break", "check", "note"]
    assert shown["note"].last.result == "noted 2"
    assert shown["note"].next_at is None
    assert 0 <= shown["note"].seconds < 60
    assert shown["note"].words == "noted 2"
    assert shown["check"].seconds is None
    assert shown["check"].next_at == SATURDAY + timedelta(days=7)
    assert shown["check"].last is None


@pytest.mark.django_db
def test_runs_are_kept_for_thirty_days_and_a_yearly_slot_as_long_as_it_counts(calls):
    job("yearly", cron="0 3 1 1 *")(lambda today: None)
    with at(2026, 1, 2, 9):
        now = clock.now()
        for days in (29, 31):
            JobRun.objects.create(name="note", state="done", finished_at=now - timedelta(days=days))
        JobRun.objects.create(name="note", due_at=now - timedelta(days=90))  # waits still
        schedule.queue_due()
        upkeep.tidy_up(clock.today())
    assert sorted((now - run.finished_at).days if run.finished_at else -1 for run in JobRun.objects.all()) == [-1, 29]
    with at(2026, 6, 1, 9):
        upkeep.tidy_up(clock.today())
        assert list(Slot.objects.values_list("name", flat=True)) == ["yearly"]
        schedule.queue_due()
    assert not JobRun.objects.filter(name="yearly").exists()


@pytest.mark.django_db
def test_the_night_takes_the_figures_by_which_sqlite_chooses_its_indexes(house):
    house.customer(house.jingli)
    upkeep.tidy_up(clock.today())
    if connection.vendor == "sqlite":  # PostgreSQL takes them by itself
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'customers_customer'")
            assert cursor.fetchone()[0] > 0
