"""The administration area (SYS-10): everything an administrator does, and what he should see to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from liuke.accounts.models import Position, Role, SignInAttempt
from liuke.core import audit, clock, menu
from liuke.core.models import Fault, JobRun, WorkerSign
from liuke.workspace import administration_states
from liuke.workspace.administration import rows_for


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def rows(user):
    with translation.override("zh-hans"):
        return {row.url: row for _group, row in rows_for(user)}


def test_it_leads_to_every_entry_of_the_group_in_the_menu_and_stands_there_first(house, as_):
    entries = [entry.url for entry in menu.entries_in("admin", house.admin)]
    assert entries[0] == "/administration/"
    assert set(rows(house.admin)) == set(entries[1:])
    page = as_(house.admin).get("/administration/").content.decode()
    assert all(page.count(f'href="{url}"') >= 2 for url in entries[1:]), "in the menu and on the page"


def test_whoever_administers_nothing_neither_sees_nor_opens_it(house, as_):
    assert 'href="/administration/"' not in as_(house.zhuguan).get("/").content.decode()
    assert as_(house.zhuguan).get("/administration/").status_code == 403


def test_whoever_may_a_part_of_it_sees_that_part(house, as_):
    Role.objects.get(code="hr").set_grants({("audit", "view"): "all"}, by=house.admin)
    house.jingli.update({}, by=house.admin, many={"roles": [Role.objects.get(code="hr")]})
    assert list(rows(house.again("jingli"))) == ["/audit/"]


def test_what_is_to_be_seen_to_is_said_on_top(house, as_):
    for _n in range(5):
        SignInAttempt.failed("jingli", "10.0.0.1")
    Fault.objects.create(kind="error", number="E-1", method="GET", path="/", what="ValueError")
    JobRun.objects.create(name="backup", state="failed", finished_at=clock.now())
    WorkerSign.objects.all().delete()
    found = rows(house.admin)
    assert found["/users/"].state.text == "1 个被锁定"
    assert found["/monitor/"].state.text == "1 个错误"
    assert (found["/jobs/"].state.tone, found["/jobs/"].state.text) == ("red", "无工作进程")
    assert found["/backups/"].state.tone == "amber"
    told = [row.state.worry for row in found.values() if row.state.worry]
    page = as_(house.admin).get("/administration/").content.decode()
    assert len(told) == 4
    assert all(words in page for words in told)


def test_a_house_that_is_well_tells_figures_and_no_worry(house, as_):
    found = rows(house.admin)
    assert found["/departments/"].state.text == "5"
    assert found["/users/"].state.text == "10 个正常"
    assert found["/roles/"].state.text == str(Role.objects.alive().count())
    assert found["/monitor/"].state.text == "无错误"


def test_a_seal_that_is_late_is_told(house, as_, monkeypatch):
    audit.note("tried")
    assert rows(house.admin)["/audit/"].state.tone == ""
    monkeypatch.setattr(administration_states, "LATE_SEAL", timedelta(0))
    assert rows(house.admin)["/audit/"].state.tone == "amber"


def test_locks_that_are_over_and_guesses_of_links_lock_no_name(house):
    for _n in range(20):
        SignInAttempt.guessed("link:call-back", "10.0.0.1")
    SignInAttempt.failed("jingli", "10.0.0.1")
    assert SignInAttempt.locked_names() == 0
    for n in range(50):
        SignInAttempt.failed("jingli2", f"10.0.1.{n}")
    assert SignInAttempt.locked_names() == 1


def test_a_line_counts_what_its_reader_finds_in_the_list(house):
    role = Role(code="branch", name="分部管理").create(by=house.admin)
    acts = [("positions", "view"), ("positions", "update")]
    role.set_grants(dict.fromkeys(acts, "own"), by=house.admin)
    house.yewu.update({}, by=house.admin, many={"roles": [role]})
    Position(name="客户经理").create(by=house.admin)
    assert rows(house.again("yewu"))["/positions/"].state.text == "0"
    assert rows(house.admin)["/positions/"].state.text != "0"
