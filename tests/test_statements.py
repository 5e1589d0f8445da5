"""Questions worded once give what Django's own give, and nothing of an earlier answer."""

from __future__ import annotations

import gc
import weakref
from threading import Thread

from django.apps import apps
from django.db import connections
from django.db.models import F, Q

from liuke.core import statements
from liuke.core.listing import Question
from liuke.core.statements import _worded
from liuke.customers.models import Customer
from tests.test_permissions import make_things


def everything(model):
    return model._base_manager.order_by("pk").values_list(*(field.attname for field in model._meta.concrete_fields))


def named(question: Question):
    return question.rows().order_by("pk").values_list("name", "rating")


def customers(**conditions) -> list:
    return statements.rows(named, Question(Customer, (Q(**conditions),)))


def test_every_kind_of_column_comes_back_as_django_reads_it(house):
    make_things(house)
    house.customer(house.jingli, registered_capital="12.50", founded_on="2020-02-29")
    ours = (model for model in apps.get_models() if model._meta.app_config.name.startswith("liuke."))
    models = [model for model in ours if model._meta.managed]
    for model in models:
        for _again in range(2):
            assert statements.rows(everything, model) == list(everything(model)), model
    assert any(statements.rows(everything, model) for model in models)


def test_another_value_is_another_question_and_the_same_value_is_asked_anew(house):
    house.customer(house.jingli, name="甲", rating=1)
    house.customer(house.jingli, name="乙", rating=2)
    before = _worded.cache_info().misses
    assert [customers(rating=1), customers(rating=2), customers(rating=1)] == [[("甲", 1)], [("乙", 2)], [("甲", 1)]]
    assert _worded.cache_info().misses - before <= 2
    Customer.objects.filter(name="甲").update(rating=2)
    assert [customers(rating=1), customers(rating=2)] == [[], [("甲", 2), ("乙", 2)]]


def test_a_question_without_answer_has_none(house):
    house.customer(house.jingli)
    assert customers(pk__in=()) == []
    assert statements.count(named, Question(Customer, (Q(pk__in=()),))) == 0
    assert statements.count(named, Question(Customer, ())) == 1


def test_a_thread_that_ends_takes_its_connection_with_it(house):
    """What was worded in a thread must not keep the thread's connection open."""
    held = []

    def ask():
        _worded(everything, Customer)
        held.append(weakref.ref(connections["default"]))
        connections.close_all()

    _worded.cache_clear()
    thread = Thread(target=ask)
    thread.start()
    thread.join()
    del thread
    gc.collect()
    assert _worded.cache_info().currsize == 1
    assert held[0]() is None


def with_owner(model):
    return (
        model._base_manager.filter(pk=statements.HERE).select_related("owner", "level").annotate(twice=F("rating") * 2)
    )


def test_records_come_whole_with_what_they_refer_to_and_what_is_noted_on_them(house, django_assert_num_queries):
    made = [house.customer(house.jingli, name="甲", rating=1), house.customer(house.zhuguan, name="乙", rating=2)]
    for customer in made:
        with django_assert_num_queries(1):
            (found,) = statements.records(with_owner, Customer, here=customer.pk)
            assert (found.name, found.owner.username, found.level.value) == (
                customer.name,
                customer.owner.username,
                "1",
            )
            assert found.twice == customer.rating * 2
        values = [getattr(found, field.attname) for field in Customer._meta.concrete_fields]
        kept = Customer.objects.get(pk=customer.pk)
        assert values == [getattr(kept, field.attname) for field in Customer._meta.concrete_fields]


def test_one_wording_serves_every_id(house):
    made = [house.customer(house.jingli, name=name) for name in ("甲", "乙", "丙")]
    before = _worded.cache_info().misses
    assert [statements.records(with_owner, Customer, here=one.pk)[0].name for one in made] == ["甲", "乙", "丙"]
    assert _worded.cache_info().misses - before <= 1
    assert statements.records(with_owner, Customer, here=made[-1].pk + 1000) == []
