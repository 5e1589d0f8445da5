"""The demo house: believable, the same every time, and made by nothing but verbs."""

from collections import Counter
from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from liuke.accounts.models import User
from liuke.config import demo
from liuke.core import options
from liuke.core.models import Event
from liuke.customers.models import Contact, CreditAssessment, Customer, Interaction, Ownership
from liuke.marketing.models import FollowUpNote, Opportunity, PlanItem

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]  # filling the house takes seconds: once

PLAIN = date(2026, 11, 18)  # a Wednesday
MANAGERS = ("jingli", "jingli2", "jingli3")


def everything():
    return {
        model._meta.label: (model._base_manager.count(), model._base_manager.aggregate(Max("pk"))["pk__max"])
        for model in apps.get_models()
        if model._meta.managed
    }


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """One house for all tests here, which only look at it: filling it takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load(PLAIN)
        yield
        transaction.set_rollback(True)


def test_a_second_time_changes_nothing(house):
    before = everything()
    assert demo.load(PLAIN) == demo.load()
    assert everything() == before


def test_zhuguan_is_named_first_and_everybody_can_sign_in(house):
    lines = demo.load().splitlines()
    assert "zhuguan" in lines[1]
    assert "liuke-demo" in lines[1]
    names = [name for name, _label in options.get("demo_logins")]
    assert names == [
        "zhuguan",
        "jingli",
        "jingli2",
        "yewu",
        "bumen",
        "jingli3",
        "gaoguan",
        "shichang",
        "kefu",
        "shangwu",
        "admin",
    ]
    assert authenticate(username="kefu", password="liuke-demo") == User.objects.get(username="kefu")
    assert options.get("company_name") == "海川仪表"


def test_superiors_are_those_of_the_requirements(house):
    above = {u.username: {s.username for s in u.superiors()} for u in User.objects.all()}
    assert above["jingli"] == above["yewu"] == {"zhuguan", "gaoguan"}
    assert above["jingli3"] == {"bumen", "gaoguan"}
    assert above["zhuguan"] == {"gaoguan"}
    assert above["gaoguan"] == set()


def test_there_is_enough_to_look_at(house):
    statuses = Counter(Opportunity.objects.alive().values_list("status", flat=True))
    assert statuses == {"unassigned": 12, "assigned": 34, "won": 14, "lost": 12}
    customers = Customer.objects.alive()
    assert customers.count() >= 45
    assert {c.owner.username for c in customers if c.owner} == set(MANAGERS)
    assert customers.filter(owner=None).count() >= 3  # in the pool
    assert {one.how for one in Ownership.objects.all()} >= {
        "claimed",
        "assigned",
        "transferred",
        "released",
        "recycled",
    }
    assert customers.filter(origin="opportunity", incomplete=True).count() >= 2
    assert customers.filter(origin="opportunity", incomplete=False).count() >= 8
    assert not customers.filter(incomplete=False, level=None).exists()
    assert Contact.objects.exclude(deleted_at=None).count() >= 3
    assert PlanItem.objects.exclude(executed_at=None).count() >= 60
    assert all(o.follow_ups.exists() for o in Opportunity.objects.filter(status="assigned"))
    assert all(o.lost_reason for o in Opportunity.objects.filter(status="lost"))
    assert Interaction.objects.alive().count() >= 120
    assert CreditAssessment.objects.count() >= 20
    assert customers.exclude(follow_status=None).count() >= 30
    assert customers.exclude(categories=None).count() >= 20
    assert len(set(Opportunity.objects.values_list("description", flat=True))) == 72
    assert len(set(Opportunity.objects.values_list("customer_name", flat=True))) == 72


def test_texts_do_not_repeat_on_a_page(house):
    for rows in (PlanItem.objects.order_by("-id").values_list("content", flat=True),
                 FollowUpNote.objects.order_by("-id").values_list("text", flat=True)):  # fmt: skip
        pages = [list(rows)[start : start + 20] for start in range(0, len(rows), 20)]
        assert all(len(set(page)) >= len(page) - 1 for page in pages)


def test_no_status_without_its_event(house):
    for opportunity in Opportunity.objects.all():
        told = Counter(Event.of(opportunity).values_list("verb", flat=True))
        assert told["create"] == 1
        assert told["assign"] == (opportunity.status != "unassigned")
        assert told["win"] - told["reopen"] == (opportunity.status == "won")
        assert told["lose"] == (opportunity.status == "lost")
    handed_on = [one for each in Opportunity.objects.all() for one in Event.of(each).filter(verb="reassign")]
    assert [bool(event.note) for event in handed_on] == [True]
    assert Event.objects.filter(verb="reopen").exclude(note="").count() == 1
    executed = PlanItem.objects.exclude(executed_at=None)
    assert Event.objects.filter(verb="execute").count() == executed.count()
    assert not executed.filter(result="").exists()


def test_people_rest_at_the_weekend(house):
    later = Event.objects.exclude(at=Event.objects.earliest("id").at)  # the first day is the fitting out
    moments = [timezone.localtime(at) for at in later.exclude(actor=None).values_list("at", flat=True)]
    assert {moment.weekday() for moment in moments} == {0, 1, 2, 3, 4}
    assert all(8 <= moment.hour <= 19 for moment in moments)
