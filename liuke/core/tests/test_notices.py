"""Notices: told once, never to whoever did it himself, read in one's own language."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from liuke.core import events, notices
from liuke.core.models import Event, Notice
from liuke.core.notices import Told, declare_kind, mark_read, notify, notify_many, unread_count

User = get_user_model()


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(notices, "_kinds", {})
    monkeypatch.setattr(events, "_listeners", defaultdict(list))
    declare_kind("user.changed", icon="user", tone="blue", text="%(actor)s changed “%(record)s”")
    declare_kind("report.due", text="Report of %(day)s: %(count)s lines, 100%%")


@pytest.fixture
def people(db):
    return [User.objects.create(username=name, name=name, password="-") for name in ("zhuguan", "jingli", "jingli3")]


def tell_everybody(record, event):
    notify(User.objects.order_by("pk"), "user.changed", record=record, event=event)


def readers() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("user__username", flat=True))


def test_a_listener_tells_the_others_and_not_the_one_who_did_it(people):
    zhuguan, jingli, _jingli3 = people
    events.on(User, "update")(tell_everybody)
    jingli.update({"email": "li@example.com"}, by=zhuguan)
    assert readers() == ["jingli", "jingli3"]
    told = Notice.objects.first()
    assert told.text == "zhuguan changed “jingli”"
    assert told.event == Event.objects.get(verb="update")
    assert told.read_at is None


def test_a_verb_that_fails_tells_nobody(people):
    zhuguan, jingli, _jingli3 = people

    def tell_and_break(record, event):
        tell_everybody(record, event)
        raise ZeroDivisionError

    events.on(User, "update")(tell_and_break)
    with pytest.raises(ZeroDivisionError):
        jingli.update({"email": "li@example.com"}, by=zhuguan)
    assert readers() == []


def test_an_event_is_told_once_however_often_it_is_asked_for(people):
    zhuguan, jingli, jingli3 = people
    jingli.update({"email": "li@example.com"}, by=zhuguan)
    event = Event.objects.get()
    for _again in range(2):
        notify([jingli, jingli3, jingli], "user.changed", record=jingli, event=event)
    assert readers() == ["jingli", "jingli3"]
    declare_kind("user.other", text="other")
    notify(jingli, "user.other", record=jingli, event=event)
    assert readers() == ["jingli", "jingli3", "jingli"]


def test_a_reminder_comes_once_a_day_for_a_record(people):
    zhuguan, jingli, jingli3 = people
    for day in (date(2026, 11, 21), date(2026, 11, 21), date(2026, 11, 22)):
        notify(zhuguan, "user.changed", record=jingli, day=day)
    notify(zhuguan, "user.changed", record=jingli3, day=date(2026, 11, 22))
    assert Notice.objects.count() == 3


def test_many_are_told_as_one_by_one_and_once(people):
    """The rows are written by hand: whatever one by one keeps, many keep, and what is there already stays."""
    zhuguan, jingli, jingli3 = people
    User.objects.filter(pk=jingli3.pk).update(status="disabled")
    day = date(2026, 3, 1)
    notify(jingli, "report.due", record=zhuguan, day=day, count=3)
    many = [Told(one, zhuguan, day=day, words={"count": 3}) for one in (jingli, User.objects.get(pk=jingli3.pk))]
    many += [Told(zhuguan, one, day=day, words={"count": 3, "day": day}) for one in (zhuguan, jingli)]
    for _time in range(2):
        notify_many("report.due", many)
    assert readers() == ["jingli", "zhuguan", "zhuguan"]
    one, *others = Notice.objects.order_by("pk")
    assert [told.occasion for told in others] == [f"accounts.User {pk} 2026-03-01" for pk in (zhuguan.pk, jingli.pk)]
    assert others[0].params == one.params | {"day": "2026-03-01"}
    assert (others[0].url, others[0].event, others[0].read_at) == (one.url, None, None)
    assert abs(others[0].created_at - one.created_at) < timedelta(minutes=1)


def test_a_reminder_without_a_record_comes_once_a_day_too(people):
    for _again in range(2):
        notify(people[0], "report.due", day=date(2026, 11, 21), count=3)
    assert Notice.objects.count() == 1


def test_the_database_itself_refuses_a_second_notice(people):
    notify(people[0], "report.due", day=date(2026, 11, 21))
    again = Notice.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_whoever_cannot_sign_in_is_not_told(people):
    zhuguan, jingli, jingli3 = people
    jingli3.disable(by=zhuguan)
    notify([None, jingli, jingli3], "report.due")
    assert readers() == ["jingli"]
    notify(None, "report.due", day=date(2026, 1, 1))
    assert readers() == ["jingli"]


def test_a_kind_nobody_declared_is_refused(people):
    with pytest.raises(KeyError, match=r"report\.dew"):
        notify(people, "report.dew")


def test_the_words_are_filled_in_and_missing_ones_do_no_harm(people):
    notify(people[0], "report.due", count=3, day=date(2026, 11, 21))
    assert Notice.objects.get().text == "Report of : 3 lines, 100%"


def test_each_reads_it_in_his_own_language(people):
    declare_kind("said", text=_("Done"))
    notify(people[0], "said")
    notice = Notice.objects.get()
    with translation.override("en"):
        assert notice.text == "Done"
    with translation.override("zh-hans"):
        assert notice.text == str(_("Done"))


def test_a_notice_whose_module_is_gone_still_names_its_record(people):
    notify(people[0], "user.changed", record=people[1])
    Notice.objects.update(kind="gone.module")
    with translation.override("en"):
        assert Notice.objects.get().text == "About jingli"


def test_unread_ones_are_counted_by_one_query_up_to_a_hundred(people, django_assert_num_queries):
    zhuguan, jingli, _jingli3 = people
    Notice.objects.bulk_create(Notice(user=zhuguan, kind="report.due", occasion=str(n)) for n in range(150))
    Notice.objects.create(user=jingli, kind="report.due", occasion="1")
    with django_assert_num_queries(1):
        assert unread_count(zhuguan) == 100
    mark_read(zhuguan, Notice.objects.filter(user=zhuguan)[:147].values_list("pk", flat=True))
    assert unread_count(zhuguan) == 3


def test_only_ones_own_are_marked_and_only_what_was_named(people):
    zhuguan, jingli, _jingli3 = people
    mine, also_mine, his = [
        Notice.objects.create(user=user, kind="report.due", occasion=str(n))
        for n, user in enumerate((zhuguan, zhuguan, jingli))
    ]
    assert mark_read(zhuguan, [mine.pk, his.pk]) == 1
    assert unread_count(jingli) == 1
    assert mark_read(zhuguan, up_to=mine.pk) == 0
    assert mark_read(zhuguan, up_to=also_mine.pk) == 1
    assert mark_read(jingli) == 1
