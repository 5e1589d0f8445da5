"""Background work: done once, stoppable, its file for its owner's eyes only."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client

from liuke.core import clock, errands, files
from liuke.core.errands import Outcome, start
from liuke.core.jobs.worker import run_once
from liuke.core.models import Errand, JobRun, Notice
from liuke.core.refusals import Refused


@pytest.fixture
def kind(monkeypatch, settings, tmp_path):
    """Sign a kind of errand in for one test."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(errands, "_kinds", dict(errands._kinds))
    return errands.errand("test")


def work():
    while run_once():
        pass


def a_file(name="客户.csv"):
    path = files.new_path("errands", "csv")
    with files.create(path) as file:
        file.write("内容".encode())
    return Outcome("3 行", file=path, file_name=name)


def test_an_errand_is_done_and_told(house, kind):
    kind(lambda errand, progress: progress(3, 3) or Outcome("3 行", url="/customers/"))
    made = start("test", house.jingli, "导出客户")
    work()
    made.refresh_from_db()
    assert (made.state, made.done, made.total, made.result) == ("done", 3, 3, "3 行")
    notice = Notice.objects.get(user=house.jingli)
    assert (notice.text, notice.url) == ("导出客户：3 行", "/customers/")


def test_a_cancelled_errand_that_waits_is_never_begun(house, kind, as_):
    begun = []
    kind(lambda errand, progress: begun.append(1) or "")
    made = start("test", house.jingli, "导出")
    assert as_(house.jingli).post(f"/errands/{made.pk}/cancel/").status_code == 302
    work()
    made.refresh_from_db()
    assert (made.state, begun) == ("cancelled", [])


def test_a_cancelled_errand_that_runs_stops_where_it_tells_how_far_it_is(house, kind):
    steps = []

    @kind
    def stopped(errand, progress):
        for n in range(5):
            steps.append(n)
            if n == 2:
                Errand.objects.get(pk=errand.pk).cancel()
            progress(n, 5)
        return "all"

    made = start("test", house.jingli, "导出")
    work()
    made.refresh_from_db()
    assert (made.state, steps) == ("cancelled", [0, 1, 2])
    assert not Notice.objects.exists()


def test_a_crash_of_the_work_is_told_with_a_number_and_nothing_more(house, kind):
    @kind
    def broken(errand, progress):
        raise RuntimeError("secret of the server")

    made = start("test", house.jingli, "导出")
    work()
    made.refresh_from_db()
    assert made.state == "failed"
    assert "E-" in made.result
    assert "secret" not in made.result


def test_a_refusal_is_told_in_its_own_words(house, kind):
    @kind
    def refused(errand, progress):
        raise Refused("文件已不在")

    made = start("test", house.jingli, "导出")
    work()
    made.refresh_from_db()
    assert (made.state, made.result) == ("failed", "文件已不在")


def test_a_passing_fault_of_the_database_is_tried_again(house, kind):
    tries = []

    @kind
    def flaky(errand, progress):
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("locked")
        return "done"

    made = start("test", house.jingli, "导出")
    work()
    made.refresh_from_db()
    assert (made.state, len(tries)) == ("done", 3)


def test_an_errand_whose_job_was_given_up_ends_as_failed(house, kind, as_):
    kind(lambda errand, progress: "")
    made = start("test", house.jingli, "导出")
    JobRun.objects.filter(pk=made.run_id).update(state="failed")
    assert "失败" in as_(house.jingli).get("/errands/").content.decode()
    errands.forget_errands(clock.today())
    made.refresh_from_db()
    assert made.state == "failed"


def test_the_file_is_for_its_owner_only(house, kind, as_):
    kind(lambda errand, progress: a_file())
    made = start("test", house.jingli, "导出")
    work()
    address = f"/errands/{made.pk}/file/"
    answer = as_(house.jingli).get(address)
    assert b"".join(answer.streaming_content).decode() == "内容"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E5%AE%A2%E6%88%B7.csv"
    assert answer["X-Content-Type-Options"] == "nosniff"
    for stranger in (house.zhuguan, house.admin, house.jingli2):
        assert as_(stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_file_lies_in_the_data_folder_for_the_server_alone(house, kind, settings):
    kind(lambda errand, progress: a_file())
    made = start("test", house.jingli, "导出")
    work()
    made.refresh_from_db()
    kept = settings.DATA_DIR / "files" / made.file
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o077 == 0


def test_an_old_file_goes_and_later_its_line(house, kind, as_, settings):
    kind(lambda errand, progress: a_file())
    made = start("test", house.jingli, "导出")
    work()
    made.refresh_from_db()
    kept = settings.DATA_DIR / "files" / made.file
    with time_machine.travel(clock.now() + timedelta(days=8)):
        errands.forget_errands(clock.today())
    assert not kept.exists()
    assert Errand.objects.filter(pk=made.pk, file="").exists()
    with time_machine.travel(clock.now() + timedelta(days=40)):
        errands.forget_errands(clock.today())
    assert not Errand.objects.filter(pk=made.pk).exists()


def test_the_page_asks_again_only_while_something_runs(house, kind, as_):
    kind(lambda errand, progress: "fertig")
    start("test", house.jingli, "导出<b>客户</b>")
    page = as_(house.jingli).get("/errands/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "<b>客户" not in page
    work()
    assert "hx-trigger" not in as_(house.jingli).get("/errands/").content.decode().split('id="list"')[1][:120]


def test_one_sees_only_ones_own_errands(house, kind, as_):
    kind(lambda errand, progress: "")
    start("test", house.jingli, "我的导出")
    assert "我的导出" not in as_(house.zhuguan).get("/errands/").content.decode()
