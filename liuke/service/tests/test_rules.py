"""Rules every way in obeys, pages, programs and imports alike."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuke.core.many import Draft, save_many
from liuke.core.models import Event, Notice
from liuke.service.models import ServiceRequest
from tests.house import page_client


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


@pytest.mark.parametrize(
    ("act", "said", "missing"),
    [
        ("reassign", lambda house: (house.yewu, " "), "reason"),
        ("take_over", lambda house: (house.yewu, ""), "reason"),
        ("escalate", lambda house: ("\n",), "reason"), ("handle", lambda house: ("  ",), "method"),
    ],
)  # fmt: skip
def test_no_step_is_taken_without_its_words(act, said, missing, house, customer, unchanged):
    request = house.service(customer, to=house.kefu)
    with unchanged(), pytest.raises(ValidationError) as wrong:
        getattr(request, act)(*said(house), by=house.kefu)
    assert list(wrong.value.message_dict) == [missing]


def test_a_mark_without_a_result_is_no_feedback(house, customer, unchanged):
    request = house.service(customer, to=house.kefu, handled=True)
    with unchanged(), pytest.raises(ValidationError) as wrong:
        request.feedback(" ", 5, by=house.jingli)
    assert list(wrong.value.message_dict) == ["result"]


def test_the_first_request_of_a_matter_keeps_its_customer(house, customer, unchanged, api):
    other = house.customer(house.jingli, name="别家")
    first, alone = house.service(customer), house.service(customer)
    house.service(customer, matter=first)
    client = api(house.jingli)
    with unchanged():
        told = client.patch(f"service-requests/{first.pk}", customer=other.pk)
        assert (told.status_code, list(told.json()["errors"])) == (422, ["customer"])
    assert client.patch(f"service-requests/{alone.pk}", customer=other.pk).status_code == 200


def drafts(house, customer, count):
    kind = house.item("服务类型", "1")
    rows = ({"customer": customer.pk, "type": kind.pk, "summary": f"旧 {n}", "request": "读数"} for n in range(count))
    return [Draft(ServiceRequest(), row) for row in rows]


def test_many_imported_requests_cost_what_few_do_and_tell_nobody(house, customer):
    costs = []
    for count in (1, 3, 30):  # the first asks for what is kept from then on
        rows = drafts(house, customer, count)
        with CaptureQueriesContext(connection) as asked:
            save_many(rows, house.jingli, action="import")
        assert [draft.errors for draft in rows] == [{}] * count
        costs.append(len(asked))
    assert costs[1] == costs[2]
    assert Event.objects.filter(verb="create", content_type__model="servicerequest").count() == 34
    assert Notice.objects.count() == 0


def test_a_chosen_customer_leaves_its_own_contacts_and_requests_to_choose_from(house, customer):
    house.contact(customer, name="钱工")
    house.contact(house.customer(house.jingli, name="别家"), name="外人")
    house.service(customer, summary="上一次")
    page = page_client(house.jingli).get(f"/service-requests/new/?customer={customer.pk}").content.decode()
    for name, offered in (("contact", "钱工"), ("matter", "上一次")):
        [box] = re.findall(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
        assert offered in box
        assert "data-remote" not in box  # it would find everybody's
        assert "外人" not in box
