from __future__ import annotations

import pytest
from django.db.models import Count, Sum

from liuke.accounts.models import User
from liuke.commerce.models import CustomerYear, Order, OrderLine
from liuke.config import generate as generating
from liuke.config.generate import Wanted, generate
from liuke.config.install import seed
from liuke.core import clock, written
from liuke.core.models import Event, SearchEntry
from liuke.core.models.record import Record
from liuke.core.register import resource_of
from liuke.core.search import index
from liuke.customers.models import Contact, Customer, Interaction
from liuke.marketing.models import Opportunity
from liuke.service.models import ServiceHandling, ServiceRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_house(monkeypatch):
    seed()
    monkeypatch.setattr(generating, "_settle", lambda: None)  # not inside a test's transaction
    monkeypatch.setattr(generating, "BATCH", 40)


def names():
    return list(Customer.objects.order_by("pk").values_list("name", "phone", "owner__username"))


def test_an_empty_house_gets_people_customers_contacts_and_opportunities(empty_house):
    generate(Wanted(100, 20, 20, 7))
    assert Customer.objects.count() == 100
    assert 60 < Contact.objects.count() < 180
    assert Opportunity.objects.count() == 20
    assert Interaction.objects.count() == 20
    assert User.objects.filter(roles__code="account_manager").count() == 180


def test_every_row_has_its_number_its_event_and_its_owner(empty_house):
    generate(Wanted(100, 20, 20, 7))
    assert Customer.objects.filter(number__regex=r"^KH\d{13}$").values("number").distinct().count() == 100
    for model in (Customer, Contact, Interaction, Opportunity):
        told = Event.objects.filter(content_type__model=model.__name__.lower(), verb="create")
        assert sorted(told.values_list("object_id", flat=True)) == sorted(model.objects.values_list("pk", flat=True))
    customer = Customer.objects.select_related("owner").first()
    event = Event.objects.get(content_type__model="customer", object_id=customer.pk)
    assert event.changes["owner"] == [None, customer.owner.name]
    assert event.at == customer.created_at


def test_the_rows_are_as_sound_as_those_people_enter(empty_house):
    generate(Wanted(60, 60, 60, 7))
    for model in (Customer, Contact, Interaction, Opportunity):
        for row in model.objects.all():
            if getattr(row, "customer_id", None) is None or row.customer.status == "normal":
                row.full_clean()
    assert set(Opportunity.objects.filter(status="won").values_list("customer__name", flat=True)) - {None}
    assert not Opportunity.objects.filter(status="unassigned").exclude(assignee=None).exists()


def test_what_follows_from_a_name_is_there_to_be_found_by(empty_house):
    generate(Wanted(20, 0, 0, 7))
    for customer in Customer.objects.all():
        kept = customer.name_key
        customer.save()
        assert kept
        assert kept == customer.name_key


def test_a_customers_first_contact_is_its_primary_one(empty_house):
    generate(Wanted(50, 0, 0, 7))
    for customer in Customer.objects.annotate(people=Count("contacts")):
        first = customer.contacts.order_by("pk").first()
        assert customer.primary_contact == first


def test_a_customers_last_follow_up_is_that_of_its_newest_interaction(empty_house):
    generate(Wanted(20, 0, 40, 7))
    for customer in Customer.objects.all():
        newest = customer.interactions.order_by("-happened_at").first()
        assert customer.last_follow_at == (newest and newest.happened_at)


def test_the_same_seed_makes_the_same_house(empty_house):
    generate(Wanted(60, 0, 0, 7))
    generate(Wanted(60, 0, 0, 7))
    generate(Wanted(60, 0, 0, 8))
    made = names()
    assert made[:60] == made[60:120]
    assert made[:60] != made[120:]


def test_followers_hear_of_every_row(empty_house, monkeypatch):
    heard: list[Record] = []
    monkeypatch.setattr(written, "_followers", [heard.extend])
    generate(Wanted(50, 10, 10, 7))
    for model in (Customer, Contact, Interaction, Opportunity):
        assert [one.pk for one in heard if type(one) is model] == list(
            model.objects.order_by("pk").values_list("pk", flat=True)
        )


def test_where_people_work_nothing_is_made_up_unless_somebody_is_sure(house, unchanged, empty_house):
    User(username="zhangsan", name="张三").create(by=None)
    with unchanged(), pytest.raises(SystemExit, match="--yes"):
        generate(Wanted(10, 0, 0, 7))
    generate(Wanted(10, 0, 0, 7), sure=True)
    assert Customer.objects.count() == 10


def test_in_a_demo_house_its_account_managers_get_some(house, empty_house):
    generate(Wanted(400, 0, 0, 7))
    assert Customer.objects.filter(owner__username__in=("jingli", "jingli2", "jingli3")).exists()


def test_what_was_made_before_goes_on_with_fresh_numbers(house, empty_house):
    before = house.customer(house.jingli)
    generate(Wanted(10, 0, 0, 7))
    after = house.customer(house.jingli, name="后来的")
    assert len({before.number, after.number, *Customer.objects.values_list("number", flat=True)}) == 12
    assert after.pk > Customer.objects.exclude(pk=after.pk).order_by("-pk").first().pk


def test_orders_are_made_with_their_lines_and_sums(empty_house):
    generate(Wanted(20, 0, 0, 7, orders=200))
    assert (Order.objects.count(), OrderLine.objects.count()) == (200, 200)
    counted = Order.objects.read().aggregate(n=Count("pk"), total=Sum("lines__amount"))
    kept = CustomerYear.objects.filter(year=0).aggregate(n=Sum("orders"), total=Sum("amount"))
    assert (kept["n"], kept["total"]) == (counted["n"], counted["total"])
    assert not Order.objects.filter(order_date__gt=clock.today()).exists()


def test_what_a_second_process_writes_into_the_index_is_what_belongs_there(empty_house, monkeypatch):
    monkeypatch.setattr(generating, "LARGE", 100)
    generate(Wanted(100, 20, 20, 7))
    for model in (Customer, Contact, Interaction, Opportunity):
        pks = list(model.objects.values_list("pk", flat=True))
        start = index.start_of(index.kind_of(model))
        written = SearchEntry.objects.filter(pk__in=[start + pk for pk in pks]).values_list("pk", "grams", "trace")
        wanted = index.entries_of(resource_of(model), pks)
        assert {pk - start: (grams, trace) for pk, grams, trace in written} == wanted
        assert len(wanted) == len(pks)


def test_service_requests_are_made_with_their_rounds_and_as_sound_as_those_people_enter(empty_house):
    generate(Wanted(40, 0, 0, 7, services=200))
    assert ServiceRequest.objects.count() == 200
    assert set(ServiceRequest.objects.values_list("status", flat=True)) >= {"archived", "assigned"}
    for one in ServiceRequest.objects.prefetch_related("handlings"):
        one.full_clean()
        rounds = sorted(one.handlings.all(), key=lambda each: each.round)
        assert [each.round for each in rounds] == list(range(1, one.round + 1)) if one.handled_at else rounds == []
        assert one.created_at <= (one.assigned_at or one.created_at) <= (one.handled_at or clock.now())
        if one.is_archived:
            last = rounds[-1]
            assert (last.method, last.result, last.satisfaction) == (one.method, one.result, one.satisfaction)
            assert last.answered_at == one.archived_at
            assert one.satisfaction >= 3
            assert all(each.satisfaction < 3 for each in rounds[:-1])
    assert not ServiceHandling.objects.filter(answered_at__gt=clock.now()).exists()
