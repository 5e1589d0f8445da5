"""Tasks: given, accepted, carried out, and what others learn of it (TASK-01, TASK-02)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from liuke.accounts import handover
from liuke.core import clock
from liuke.core.models import Event, Notice
from liuke.core.refusals import Forbidden, Refused
from liuke.core.register import resource
from liuke.workspace.jobs import remind_of_tasks
from liuke.workspace.models import Task
from liuke.workspace.task_card import my_tasks

pytestmark = pytest.mark.django_db


def told(kind):
    return sorted(Notice.objects.filter(kind=f"task.{kind}").values_list("user__username", flat=True))


def titles(user, **params):
    from liuke.core.listing import Listing

    return sorted(Listing(resource("tasks"), user, params).filtered.values_list("title", flat=True))


def test_a_task_goes_its_way_and_both_sides_hear_of_it(house):
    task = house.task(house.zhuguan, house.jingli)
    assert (task.status, task.source, told("assigned")) == ("new", "direct", ["jingli"])
    task.accept(by=house.jingli)
    task.start(by=house.jingli)
    task.finish("样机寄出了", by=house.jingli)
    task.refresh_from_db()
    assert (task.status, task.result, told("done")) == ("done", "样机寄出了", ["zhuguan"])
    assert all((task.accepted_at, task.started_at, task.done_at))
    assert [one.verb for one in Event.of(task)] == ["finish", "start", "accept", "create"]


def test_nobody_carries_out_what_was_given_to_another(house, unchanged):
    task = house.task(house.zhuguan, house.jingli)
    with unchanged():
        for act in (task.accept, task.start, lambda by: task.finish("x", by=by), lambda by: task.refuse("x", by=by)):
            with pytest.raises(Forbidden, match="执行人"):
                act(by=house.zhuguan)
        with pytest.raises(Forbidden):
            task.cancel(by=house.jingli)


def test_each_step_once_and_in_its_order(house, unchanged):
    task = house.task(house.zhuguan, house.jingli)
    with unchanged():
        for early in (task.start, lambda by: task.finish("太早", by=by)):
            with pytest.raises(Refused):
                early(by=house.jingli)
    task.accept(by=house.jingli)
    with unchanged():
        for late in (task.accept, lambda by: task.refuse("晚了", by=by)):
            with pytest.raises(Refused):
                late(by=house.jingli)
    task.start(by=house.jingli)
    with unchanged(), pytest.raises(ValidationError, match="结果"):
        task.finish("  ", by=house.jingli)
    task.finish("好了", by=house.jingli)
    with unchanged():
        for over in (lambda by: task.finish("又好了", by=by), task.cancel):
            with pytest.raises(Refused):
                over(by=house.jingli if over is not task.cancel else house.zhuguan)


def test_a_refused_task_goes_back_and_on_to_another(house):
    task = house.task(house.zhuguan, house.jingli)
    task.refuse("这周出差", by=house.jingli)
    assert (task.status, task.reason, told("refused")) == ("refused", "这周出差", ["zhuguan"])
    task.reassign(house.jingli2, "换人", by=house.zhuguan)
    assert (task.status, task.executor, told("taken")) == ("new", house.jingli2, ["jingli"])
    assert told("assigned") == ["jingli", "jingli2"]
    with pytest.raises(ValidationError, match="已"):
        task.reassign(house.jingli2, "再换", by=house.zhuguan)


def test_a_cancelled_task_tells_its_executor_and_is_over(house, unchanged):
    task = house.task(house.zhuguan, house.jingli, until="accepted")
    task.cancel("不做了", by=house.zhuguan)
    assert (task.status, told("cancelled")) == ("cancelled", ["jingli"])
    with unchanged(), pytest.raises(Refused):
        task.start(by=house.jingli)


def test_a_task_deleted_before_it_is_done_tells_its_executor(house):
    task = house.task(house.zhuguan, house.jingli)
    task.delete(by=house.zhuguan)
    assert [(one.user, one.url) for one in Notice.objects.filter(kind="task.deleted")] == [(house.jingli, "/tasks/")]
    over = house.task(house.zhuguan, house.jingli)
    over.cancel("不做了", by=house.zhuguan)
    over.delete(by=house.zhuguan)
    assert told("deleted") == ["jingli"]


def test_work_is_given_to_nobody_who_is_disabled(house, unchanged):
    house.jingli2.disable(by=house.admin)
    gone = house.again("jingli2")
    gone.status = "normal"  # as somebody read him a moment ago
    task = house.task(house.zhuguan, house.jingli)
    with unchanged():
        for give in (lambda: house.task(house.zhuguan, gone), lambda: task.reassign(gone, "换", by=house.zhuguan)):
            with pytest.raises(ValidationError, match="周明远"):
                give()


def test_a_task_is_about_what_its_creator_sees_and_tells_its_name_to_whoever_sees_it(house, as_, api, unchanged):
    won = house.opportunity(house.jingli, house.jingli, customer_name="机密项目")
    sent = {"title": "跟进", "executor": house.jingli.pk, "record": f"opportunities/{won.pk}"}
    stranger, own = api(house.jingli3), api(house.jingli)
    with unchanged():
        assert list(stranger.post("tasks", sent).json()["errors"]) == ["record"]
        assert stranger.post("tasks", {**sent, "record": won.number}).status_code == 422
        assert "没有" in own.post("tasks", {**sent, "record": "nothing"}).json()["errors"]["record"][0]
        absent = f"{won.number[:-4]}9999"
        for sent_with in (sent, {**sent, "title": ""}):  # a number is refused alike whether it exists or not
            hidden, none = (
                stranger.post("tasks", {**sent_with, "record": number}).json()["errors"]
                for number in (won.number, absent)
            )
            assert hidden == none
            assert "record" in hidden
    for about in (won.number, f"http://house/opportunities/{won.pk}/?tab=notes", f"opportunities/{won.pk}"):
        made = own.post("tasks", {**sent, "executor": house.kefu.pk, "record": about}).json()
        assert made["record"] == f"opportunities/{won.pk}"
    seen, hidden = (as_(who).get("/tasks/").content.decode() for who in (house.jingli, house.kefu))
    assert "机密项目" in seen
    assert "机密项目" not in hidden
    assert f"/opportunities/{won.pk}/" in hidden  # leads to a page that says it does not exist
    page = as_(house.kefu).get(f"/tasks/{made['id']}/").content.decode()
    assert "机密项目" not in page
    assert "机密项目" in as_(house.jingli).get(f"/tasks/{made['id']}/").content.decode()


def test_any_record_is_found_by_a_few_letters_as_far_as_one_sees(house, as_):
    secret = house.opportunity(house.jingli, house.jingli, customer_name="机密项目")
    offered = as_(house.jingli).get("/tasks/choices/record/?q=机密").json()["items"]
    assert {"value": f"opportunities/{secret.pk}", "text": "销售机会 机密项目"} in offered
    assert as_(house.jingli3).get("/tasks/choices/record/?q=机密").json()["items"] == []
    assert as_(house.jingli).get("/tasks/choices/record/").json()["items"] == []


def test_the_page_of_a_record_shows_its_tasks_and_offers_a_new_one(house, as_):
    customer = house.customer(house.jingli)
    house.task(house.jingli, house.kefu, about=customer, title="寄资料")
    house.task(house.jingli2, house.jingli2, about=customer, title="别人的事")
    page = as_(house.jingli).get(f"/customers/{customer.pk}/?tab=tasks").content.decode()
    assert "寄资料" in page
    assert "别人的事" not in page
    assert f"/tasks/new/?record=customers%2F{customer.pk}" in page
    form = as_(house.jingli).get(f"/tasks/new/?record=customers%2F{customer.pk}").content.decode()
    assert f'<option value="customers/{customer.pk}" selected>客户 {customer.name}</option>' in form


def test_lists_by_executor_by_creator_and_of_the_staff(house):
    house.task(house.zhuguan, house.jingli, title="甲")
    house.task(house.jingli, house.yewu, title="乙")
    house.task(house.jingli3, house.jingli3, title="丙")
    house.task(house.jingli, house.kefu, title="丁", due=clock.today() - timedelta(days=1))
    assert titles(house.jingli) == ["丁", "乙", "甲"]
    assert titles(house.jingli, scene="mine") == ["甲"]
    assert titles(house.jingli, scene="given") == ["丁", "乙"]
    assert titles(house.zhuguan, scene="team") == ["乙", "甲"]
    assert titles(house.zhuguan) == ["丁", "乙", "甲"]
    assert titles(house.bumen) == ["丙"]
    assert titles(house.kefu, scene="overdue") == ["丁"]
    assert titles(house.jingli, scene="overdue") == []


def test_due_and_overdue_tasks_are_reminded_of_once(house):
    today = clock.today()
    for title, days in (("今天", 0), ("昨天", -1), ("明天", 1)):
        house.task(house.zhuguan, house.jingli, title=title, due=today + timedelta(days=days))
    house.task(house.zhuguan, house.jingli, title="做完的", due=today - timedelta(days=1), until="done")
    for _twice in range(2):
        remind_of_tasks(today)
    assert (told("due"), told("overdue")) == (["jingli"], ["jingli", "zhuguan"])
    remind_of_tasks(today + timedelta(days=1))
    assert told("overdue") == ["jingli", "jingli", "zhuguan", "zhuguan"]


def test_the_home_card_counts_what_its_lists_show(house):
    assert my_tasks(house.jingli) is None
    house.task(house.zhuguan, house.jingli, due=clock.today() - timedelta(days=2))
    house.task(house.zhuguan, house.jingli, until="accepted")
    house.task(house.zhuguan, house.jingli, until="done")
    house.task(house.zhuguan, house.jingli2)
    figures = my_tasks(house.jingli).figures
    assert [one.value for one in figures] == ["1", "1", "2"]
    for one in figures:
        params = dict(part.split("=") for part in one.url.partition("?")[2].split("&"))
        assert len(titles(house.jingli, **params)) == int(one.value)


def test_open_tasks_are_handed_over_before_their_executor_is_disabled(house, api):
    house.task(house.zhuguan, house.jingli, until="in_progress")
    house.task(house.zhuguan, house.jingli, until="done")
    assert {duty.key: n for duty, n in handover.open_work(house.jingli)} == {"tasks": 1}
    assert api(house.admin).post(f"users/{house.jingli.pk}/disable").json()["code"] == "open_work"
    sent = {"to": house.jingli2.pk, "reason": "离职", "disable": True}
    assert api(house.admin).post(f"users/{house.jingli.pk}/hand_over", sent).json()["status"] == "disabled"
    assert Task.objects.open().get().executor == house.jingli2


def test_tasks_come_by_a_file_as_they_go_out(house):
    from liuke.core.many import save_many
    from liuke.core.many.drafts import Draft

    customer = house.customer(house.jingli)
    values = {"title": "回访", "executor": house.jingli2, "priority": 3, "record": customer.number}
    drafts = [Draft(Task(), dict(values)), Draft(Task(), {**values, "record": "customers/987654321"})]
    save_many(drafts, house.jingli)
    assert [draft.errors.keys() for draft in drafts] == [set(), {"record"}]


def test_a_change_of_what_is_settled_is_refused(house, api, unchanged):
    task, giver = house.task(house.zhuguan, house.jingli), api(house.zhuguan)
    with unchanged():
        told = giver.patch(f"tasks/{task.pk}", executor=house.jingli2.pk)
        assert (told.status_code, list(told.json()["errors"])) == (422, ["executor"])
        assert giver.patch(f"tasks/{task.pk}", source="feedback").status_code == 422
    assert giver.patch(f"tasks/{task.pk}", priority=3, due="2030-01-02").json()["due"] == "2030-01-02"
