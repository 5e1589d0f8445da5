"""The feedback list: what customers said in one list, by the rights of each source, with one task for an entry."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuke.core import clock
from liuke.core.models import Event, Notice
from liuke.core.refusals import Refused
from liuke.service.feedback import entries, sources
from liuke.service.feedback.sources import Source
from liuke.service.models import FollowUpVisit, ServiceHandling
from liuke.workspace.models import Task
from tests.house import page_client

pytestmark = pytest.mark.django_db


def said(house, customer, mark=5, text="客户满意", to=None, at=None):
    """A service of the customer with its answer; returns the round."""
    request = house.service(customer, to=to or house.kefu, handled=True, summary=f"{customer.name}的事")
    with clock.at(at or clock.now()):
        request.feedback(text, mark, by=customer.owner)
    return request.handlings.order_by("round").first()


def listed(api, user, **params):
    answer = api(user).get("feedback", **params)
    assert answer.status_code == 200, answer.content
    return [one["text"] for one in answer.json()["items"]]


def sent(house, **more):
    return {"title": "回电", "executor": house.kefu.pk, "priority": 2, "once": "abc", **more}


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


def test_each_answered_round_is_an_entry_and_an_open_one_is_none(house, customer, api):
    said(house, customer, 1, "没修好")
    house.service(customer, to=house.kefu, handled=True)
    (one,) = api(house.jingli).get("feedback").json()["items"]
    assert (one["text"], one["satisfaction"], one["customer__text"], one["staff__text"]) == (
        "没修好", 1, customer.name, house.kefu.name)  # fmt: skip
    assert (one["source"], one["state"], one["task"]) == ("service", "未生成任务", None)


def test_it_is_filtered_by_customer_staff_kind_day_mark_and_state(house, customer, api):
    other = house.customer(house.jingli2, name="杭州西湖仪器")
    said(house, customer, 2, "一", at=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))  # 23:59 of that day here
    second = said(house, other, 5, "二", to=house.yewu, at=datetime(2026, 4, 1, 8, tzinfo=UTC))
    house.task(house.jingli, house.kefu, about=second, source="feedback")
    user = house.gaoguan
    assert listed(api, user) == ["二", "一"]
    assert listed(api, user, name="西湖") == ["二"]
    assert listed(api, user, customer=customer.pk) == ["一"]
    assert listed(api, user, staff=house.yewu.pk) == ["二"]
    assert listed(api, user, at__lte="2026-03-31") == ["一"]
    assert listed(api, user, at__gte="2026-04-01") == ["二"]
    assert listed(api, user, satisfaction=2) == ["一"]
    assert [listed(api, user, state=state) for state in ("none", "open", "done")] == [["一"], ["二"], []]
    assert listed(api, user, kind="service") == ["二", "一"]
    for name, value in (("kind", "x"), ("staff", "x"), ("at__gte", "gestern"), ("satisfaction", 9), ("state", "x")):
        answer = api(user).get("feedback", **{name: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])


def test_everybody_sees_what_the_sources_own_list_shows_him(house, api, as_):
    said(house, house.customer(house.jingli), 5, "销售部的")
    said(house, house.customer(house.jingli3, name="大客户"), 1, "大客户部的", to=house.jingli3)
    for user in (house.gaoguan, house.zhuguan, house.bumen, house.jingli, house.jingli3, house.kefu):
        own = {one["result"] for one in api(user).get("service-handlings").json()["items"] if one["answered_at"]}
        assert set(listed(api, user)) == own, user
    assert "大客户部的" not in listed(api, house.jingli)  # still open with others, and the archive is all he reads
    assert listed(api, house.yewu) == listed(api, house.shichang) == []  # they see complaints alone, and only own ones
    assert as_(house.kefu).get("/feedback/export.csv").status_code == 403


def test_complaints_are_entries_of_those_who_see_them(house, customer, api, as_):
    said(house, customer, 4, "很快", at=clock.now() - timedelta(days=1))
    one = house.complaint(customer, staff=house.yewu, content="表头进水")
    assert listed(api, house.jingli) == ["表头进水", "很快"]
    assert listed(api, house.yewu) == listed(api, house.yewu, kind="complaint") == ["表头进水"]
    assert listed(api, house.jingli3) == ["很快"]
    (row,) = api(house.yewu).get("feedback").json()["items"]
    assert (row["about"], row["kind"], row["staff__text"], row["satisfaction"]) == (
        "产品损坏", "投诉", house.yewu.name, None)  # fmt: skip
    path = f"/feedback/complaint/{one.pk}/task/"
    assert as_(house.jingli3).post(path, sent(house)).status_code == 404
    assert as_(house.yewu).post(path, sent(house)).status_code == 302
    assert Task.objects.get().record == f"complaints/{one.pk}"
    assert "回电" in as_(house.yewu).get(f"/complaints/{one.pk}/?tab=tasks").content.decode()
    assert listed(api, house.jingli, state="open") == ["表头进水"]
    one.close("换了新表", by=house.yewu)
    assert listed(api, house.jingli) == ["表头进水", "很快"]


def test_answers_of_call_backs_are_entries_and_sheets_without_one_are_none(house, customer, api, as_):
    house.complaint(customer, result="换了新表")
    visit = customer.visits.get()
    assert listed(api, house.kefu, kind="visit") == []
    visit.record(2, "来得太慢", by=house.kefu)
    (row,) = api(house.jingli).get("feedback", kind="visit").json()["items"]
    assert (row["text"], row["kind"], row["satisfaction"], row["about"]) == ("来得太慢", "回访", 2, visit.about)
    assert listed(api, house.jingli2, kind="visit") == []
    assert as_(house.jingli).post(f"/feedback/visit/{visit.pk}/task/", sent(house)).status_code == 302
    assert Task.objects.get().record == f"follow-up-visits/{visit.pk}"
    assert "回电" in as_(house.jingli).get(f"/follow-up-visits/{visit.pk}/?tab=tasks").content.decode()


def test_pages_go_on_where_the_one_before_ended(house, customer, api):
    for n in range(7):
        said(house, customer, 5, str(n), at=datetime(2026, 5, 1 + n // 2, tzinfo=UTC))
    whole = listed(api, house.jingli, limit=200)
    assert sorted(whole) == list("0123456")
    parts = [listed(api, house.jingli, limit=3, page=n) for n in (1, 2, 3)]
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [*parts[0], *parts[1], *parts[2]] == whole


@pytest.fixture
def second_source(monkeypatch):
    """The rounds once more under another name: how a further register signs in."""
    monkeypatch.setattr(sources, "_sources", dict(sources._sources))
    first = sources.source("service")
    sources.sign(Source(
        "calls", "电话", ServiceHandling, at="handled_at", customer="request__customer", staff="handler", text="method",
        title="request__summary",
    ))  # fmt: skip
    return first


def test_several_sources_are_one_list_in_the_order_of_time(house, customer, api, second_source):
    said(house, customer, 5, "先说的", at=clock.now() + timedelta(hours=1))
    said(house, customer, 5, "后说的", at=clock.now() + timedelta(hours=2))
    house.complaint(customer, complained_at=clock.now() - timedelta(days=9))
    found = api(house.jingli).get("feedback").json()
    assert [(one["kind"], one["text"]) for one in found["items"]] == [
        ("服务", "后说的"), ("服务", "先说的"), ("电话", "重新标定"), ("电话", "重新标定"),
        ("投诉", "表头进水，读数不准")]  # fmt: skip
    assert found["count"] == 5
    assert listed(api, house.jingli, limit=1, page=2) == ["先说的"]
    assert listed(api, house.jingli, kind="calls") == ["重新标定"] * 2
    assert listed(api, house.jingli, satisfaction=5) == ["后说的", "先说的"]  # the other has no marks


def test_a_page_is_chosen_and_cut_in_the_database(house, customer, second_source, monkeypatch):
    monkeypatch.setattr(entries, "FEW", 4)
    for n in range(5):
        said(house, customer, 5, str(n))
    asked_of = [one for one in sources.sources() if one.key not in ("complaint", "visit")]
    arms = entries.arms((one, one.seen(house.jingli)) for one in asked_of)
    with CaptureQueriesContext(connection) as asked:
        assert len(entries.page(arms, 2, 4)) == 2
    told = [one["sql"] for one in asked.captured_queries]
    assert [("UNION ALL" in sql, "LIMIT 4" in sql) for sql in told].count((True, True)) == 1
    assert len(told) == 2 + 1 + 3  # how many there are of each, the page's keys, what is read of them


def test_export_and_print_carry_the_same(house, customer, as_):
    said(house, customer, 4, "很快修好")
    page = as_(house.jingli)
    assert "很快修好" in b"".join(page.get("/feedback/export.csv").streaming_content).decode("utf-8-sig")
    assert page.get("/feedback/export.xlsx").status_code == 200
    assert "很快修好" in page.get("/feedback/print/").content.decode()


def test_answers_to_call_backs_are_entries_too(house, customer, api):
    one = said(house, customer, 5, "修好了")
    visit = FollowUpVisit.objects.get(request=one.request)
    assert listed(api, house.jingli, kind="visit") == []
    visit.record(satisfaction=2, suggestions="来得太慢", by=house.kefu)
    (row,) = api(house.jingli).get("feedback", kind="visit").json()["items"]
    assert (row["text"], row["satisfaction"], row["customer"]) == ("来得太慢", 2, customer.pk)
    found = api(house.jingli).get("feedback", satisfaction=2).json()["items"]
    assert [(one["source"], one["id"]) for one in found] == [("visit", visit.pk)]


# the task


def test_an_entry_makes_one_task_and_shows_what_became_of_it(house, customer, as_, api):
    one = said(house, customer, 2, "没修好")
    path = f"/feedback/service/{one.pk}/task/"
    page = as_(house.jingli)
    assert f'href="{path}" data-dialog' in page.get("/feedback/").content.decode()
    dialog = page.get(path).content.decode()
    assert f"{customer.name}反馈：没修好" in dialog
    once = re.search(r'name="once" value="([^"]+)"', dialog)[1]
    assert page.post(path, sent(house, once=once)).status_code == 302
    task = Task.objects.get()
    assert (task.source, task.record, task.executor, task.creator) == (
        "feedback", f"service-handlings/{one.pk}", house.kefu, house.jingli)  # fmt: skip
    assert Notice.objects.get(kind="task.assigned").user == house.kefu
    assert listed(api, house.jingli, state="open") == ["没修好"]
    assert "回电" in page.get(f"/service-handlings/{one.pk}/?tab=tasks").content.decode()
    assert f'href="/tasks/{task.pk}/"' in page.get("/feedback/").content.decode()
    task.accept(by=house.kefu)
    task.start(by=house.kefu)
    task.finish("换了模块", by=house.kefu)
    assert listed(api, house.jingli, state="done") == ["没修好"]


def test_pressed_twice_by_one_or_by_two_it_stays_one_and_says_so(house, customer, as_):
    one = said(house, customer)
    path = f"/feedback/service/{one.pk}/task/"
    as_(house.jingli).post(path, sent(house))
    for who, once in ((house.jingli, "abc"), (house.jingli, "def"), (house.kefu, "abc")):
        again = as_(who).post(path, sent(house, once=once))
        assert again.status_code == 409
        assert "该反馈已有任务「回电」，执行人 许文丽，新建" in again.content.decode()
    assert "该反馈已有任务" in as_(house.gaoguan).get(path).content.decode()
    assert Task.objects.count() == 1
    assert Event.objects.filter(object_text="回电", verb="create").count() == 1


def test_the_rule_stands_in_the_verb_whichever_door_one_comes_by(house, customer, unchanged):
    one = said(house, customer)
    first = house.task(house.jingli, house.kefu, about=one, source="feedback")
    with unchanged(), pytest.raises(Refused, match="该反馈已有任务"):
        house.task(house.jingli2, house.jingli2, about=one, source="feedback")
    first.delete(by=house.jingli)
    house.task(house.jingli2, house.jingli2, about=one, source="feedback")
    with unchanged(), pytest.raises(Refused, match="该反馈已有任务"):
        first.restore(by=house.jingli)


def test_after_a_refusal_another_may_be_made_and_the_first_stays_back(house, customer, as_, unchanged):
    one = said(house, customer)
    path = f"/feedback/service/{one.pk}/task/"
    as_(house.jingli).post(path, sent(house))
    first = Task.objects.get()
    first.refuse("不归我管", by=house.kefu)
    with unchanged():
        again = as_(house.jingli).post(path, sent(house, title="换人做"))  # of the page that was left open
        dialog = again.content.decode()
        assert (again.status_code, "再次提交" in dialog, 'value="换人做"' in dialog) == (409, True, True)
    once = re.search(r'name="once" value="([^"]+)"', dialog)[1]
    assert as_(house.jingli).post(path, sent(house, executor=house.yewu.pk, once=once)).status_code == 302
    with unchanged(), pytest.raises(Refused, match="该反馈已有任务"):
        first.reassign(house.jingli2, "再试", by=house.jingli)


def test_a_stranger_makes_none_and_what_is_wrong_is_told(house, as_, unchanged):
    one = said(house, house.customer(house.jingli3, name="大客户"), 1, to=house.jingli3)
    path = f"/feedback/service/{one.pk}/task/"
    with unchanged():
        assert as_(house.jingli).post(path, sent(house)).status_code == 404  # an open request of others
        assert as_(house.yewu).post(path, sent(house)).status_code == 403  # he reads no rounds at all
        assert as_(house.gaoguan).post("/feedback/nothing/1/task/", sent(house)).status_code == 404
        wrong = as_(house.gaoguan).post(path, sent(house, title="", executor=987654321))
        assert wrong.status_code == 422
        assert "请填写标题" in wrong.content.decode()


def test_a_task_that_is_out_of_sight_is_told_of_but_neither_named_nor_opened(house, customer, as_, api, unchanged):
    one = said(house, customer)
    path = f"/feedback/service/{one.pk}/task/"
    first = house.task(house.jingli, house.kefu, about=one, source="feedback")
    first.refuse("不归我管", by=house.kefu)
    gone = house.task(house.jingli, house.kefu, about=one, source="feedback")
    gone.delete(by=house.jingli)
    hidden = house.task(house.gaoguan, house.gaoguan, about=one, source="feedback", title="私下处理")
    page = as_(house.jingli).get("/feedback/").content.decode()
    assert "处理中" in page
    assert "/tasks/" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    with unchanged():
        for answer in (as_(house.jingli).get(path), as_(house.jingli).post(path, sent(house))):
            told = answer.content.decode()
            assert "该反馈已有任务" in told
            assert not any(word in told for word in ("查看任务", "私下处理", house.gaoguan.name))
        for act in (gone.restore, lambda by: first.reassign(house.yewu, "再试", by=by)):
            with pytest.raises(Refused, match=r"该反馈已有任务$") as refusal:
                act(by=house.jingli)
            assert refusal.value.extra == {}
    tasks = [api(who).get("feedback").json()["items"][0]["task"] for who in (house.jingli, house.gaoguan)]
    assert tasks == [None, hidden.pk]


def test_a_task_is_made_of_an_entry_by_token_too_once_and_by_nobody_else(house, customer, api, unchanged):
    one = said(house, customer, 1, "等得太久")
    path = f"feedback/service/{one.pk}/task"
    jingli, kefu, stranger, other = (api(getattr(house, name)) for name in ("jingli", "kefu", "jingli3", "yewu"))
    with unchanged():
        assert stranger.post(path).status_code == 404
        assert other.post(path).status_code == 403  # he sees complaints alone
        assert other.post(f"feedback/none/{one.pk}/task").status_code == 404
        for wrong in ({"record": "customers/1"}, {"title": ""}, {"executor": 987654}, {"due": "gestern"}):
            answer = jingli.post(path, wrong)
            assert (answer.status_code, list(answer.json()["errors"])) == (422, list(wrong))
    made = jingli.post(path, {"due": "2026-12-01"}, key="k1")
    told = made.json()
    assert (made.status_code, told["record"], told["source"]) == (201, f"service-handlings/{one.pk}", "feedback")
    assert (told["executor"], told["due"], "等得太久" in told["description"]) == (house.kefu.pk, "2026-12-01", True)
    with unchanged():
        again = jingli.post(path, {"due": "2026-12-01"}, key="k1")
        assert (again.status_code, again.json()["id"]) == (200, told["id"])
        assert (kefu.post(path).status_code, kefu.post(path).json()["code"]) == (409, "task_exists")
    assert listed(api, house.jingli, state="open") == ["等得太久"]


def test_a_file_of_tasks_calls_what_they_are_about_by_its_name(house, customer):
    one = said(house, customer, 1, "等得太久")
    house.task(house.zhuguan, house.jingli, about=one)
    hidden = house.complaint(house.customer(house.jingli3, name="别家"), content="机密")
    house.task(house.zhuguan, house.jingli, about=hidden, title="二")
    file = page_client(house.jingli).get("/tasks/export.csv").getvalue().decode("utf-8-sig")
    assert f"service-handlings/{one.pk}" not in file
    assert str(one) in file
    assert "机密" not in file
    assert f"投诉 {hidden.pk}" in file


def test_few_and_many_entries_stand_in_the_same_order_and_count(house, customer, api, monkeypatch):
    for n in range(3):
        said(house, customer, 1 + n, f"第{n}句", at=clock.now() - timedelta(days=n))
    house.complaint(customer, content="表头进水", complained_at=clock.now() - timedelta(days=1, hours=2))
    few = [listed(api, house.jingli), listed(api, house.jingli, limit=2, page=2)]
    for most, cap in ((0, 10_000), (0, 1), (2, 2)):
        monkeypatch.setattr(entries, "FEW", most)
        monkeypatch.setattr(entries, "COUNT_CAP", cap)
        assert [listed(api, house.jingli), listed(api, house.jingli, limit=2, page=2)] == few
    assert few[0] == ["第0句", "第1句", "表头进水", "第2句"]


@pytest.mark.parametrize("many", [0, 2000])
def test_entries_are_found_by_their_tasks_and_without_them(many, house, customer, api, monkeypatch):
    monkeypatch.setattr(entries, "MANY", many)
    _none, waiting, done, refused = (said(house, customer, 4, text) for text in ("无", "待办", "办完", "拒绝"))
    for about, until in ((waiting, "accepted"), (done, "done"), (refused, "new")):
        task = house.task(house.jingli, house.kefu, about=about, until=until, source=Task.Source.FEEDBACK)
        if about is refused:
            task.refuse("没空", by=house.kefu)
    assert [set(listed(api, house.jingli, state=one)) for one in ("none", "open", "done")] == [
        {"无", "拒绝"}, {"待办"}, {"办完"}]  # fmt: skip
