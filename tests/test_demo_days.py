"""The demo house on any day: the same rows, work to do today, and nothing but plans in the future."""

from datetime import date, datetime, time

import pytest
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from liuke.accounts.models import User
from liuke.config import demo
from liuke.core import clock
from liuke.core.models import Event
from liuke.customers.models import Contact, Customer
from liuke.marketing.models import FollowUpNote, Opportunity, PlanItem

pytestmark = [pytest.mark.django_db, pytest.mark.shown]

PLAIN = date(2026, 11, 18)  # a Wednesday
ODD_DAYS = [date(2028, 2, 29), date(2027, 1, 1), date(2026, 11, 1)]  # a leap day, New Year, a Sunday the 1st
MANAGERS = ("jingli", "jingli2", "jingli3")


@pytest.mark.parametrize("today", ODD_DAYS, ids=str)
def test_there_is_work_today_and_only_plans_lie_in_the_future(today):
    demo.load(today)
    must_be_alive(today)
    must_lie_in_the_past(today)


def test_the_rows_are_the_same_every_time_even_before_anybody_is_at_work():
    with transaction.atomic():
        demo.load(PLAIN)
        first = print_of_the_house()
        transaction.set_rollback(True)
    with clock.at(moment(PLAIN, time(0, 5))):
        demo.load()
    assert print_of_the_house() == first
    assert Event.objects.aggregate(Max("at"))["at__max"] <= moment(PLAIN, time(0, 5))


def test_a_house_in_use_gets_no_known_passwords():
    User(username="wang", name="王芳").create(by=None)
    with pytest.raises(SystemExit):
        demo.load(PLAIN)
    assert User.objects.count() == 1


def moment(day, at):
    return datetime.combine(day, at, timezone.get_default_timezone())


def must_be_alive(today):
    """Work for every manager today, something overdue, and something won this month."""
    with clock.at(moment(today, time(20))):
        for manager in MANAGERS:
            mine = PlanItem.objects.open().filter(opportunity__assignee__username=manager, executor__username=manager)
            assert Opportunity.objects.filter(status="assigned", assignee__username=manager).count() >= 5
            assert mine.filter(date=today).exists()
            assert mine.filter(date__lt=today).exists()
        assert PlanItem.objects.overdue().count() >= 6
        assert set(PlanItem.objects.open().values_list("executor__username", flat=True)) >= {"yewu"}
    first = moment(today.replace(day=1), time(0))
    assert Opportunity.objects.filter(status="won", closed_at__gte=first).exists()


def must_lie_in_the_past(today):
    end = moment(today, time(20))
    assert Event.objects.aggregate(Max("at"))["at__max"] < end
    for model in (Opportunity, Customer, Contact, PlanItem, FollowUpNote):
        assert not model._base_manager.filter(updated_at__gt=end).exists()
    assert not PlanItem.objects.filter(date__gt=today).exclude(executed_at=None).exists()
    assert all(item.date >= timezone.localdate(item.created_at) for item in PlanItem.objects.all())
    assert all(o.created_at < o.assigned_at for o in Opportunity.objects.exclude(assigned_at=None))
    assert all(o.assigned_at < o.closed_at for o in Opportunity.objects.exclude(closed_at=None))


def print_of_the_house():
    return (
        list(Opportunity.objects.order_by("id").values_list("number", "customer_name", "status", "amount")),
        list(Customer.objects.order_by("id").values_list("number", "name", "phone", "level__entry")),
        list(PlanItem.objects.order_by("id").values_list("date", "content", "result", "executor__username")),
        list(Event.objects.order_by("id").values_list("verb", "actor__username", "object_text")),
    )
