"""What is printed once and used again — the frame of a page, the rows of a list — is never somebody else's or stale."""

from __future__ import annotations

import re

from liuke.accounts.models import Grant, Role
from liuke.core.notices import declare_kind, notify

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def page(client, path="/customers/") -> str:
    return client.get(path).content.decode()


def test_everybody_stands_in_the_corner_of_his_own_page(house, as_):
    for person in (house.jingli, house.zhuguan, house.jingli):
        corner = page(as_(person)).split("lk-me-menu")[1][:200]
        assert f"<b>{person.name}</b>" in corner


def test_a_new_notice_shows_on_the_next_page(house, as_):
    declare_kind("test.kept", text="…")
    client = as_(house.jingli)
    assert 'id="unread"' not in page(client)
    notify([house.jingli], "test.kept")
    assert 'id="unread">1<' in page(client)


def test_every_request_has_its_own_token_in_all_its_forms_and_it_is_taken(house, as_):
    client = as_(house.jingli, enforce_csrf_checks=True)
    first, second = (TOKEN.findall(page(client)) for _ in range(2))
    assert len(set(first)) == len(set(second)) == 1
    assert first[0] != second[0]
    sent = client.post("/preferences/theme/", {"theme": "dark", "csrfmiddlewaretoken": second[0]})
    assert sent.status_code == 302
    assert 'data-bs-theme="dark"' in page(client)


def test_an_entry_of_the_menu_goes_with_the_permission(house, as_):
    assert 'href="/contacts/"' in page(as_(house.kefu), "/")
    Grant.objects.filter(role=Role.objects.get(code="service_staff"), resource="contacts").delete()
    assert 'href="/contacts/"' not in page(as_(house.again("kefu")), "/")


def test_rows_are_printed_anew_when_their_values_change(house, as_):
    client, customer = as_(house.jingli), house.customer(house.jingli, name="旧名")
    assert "旧名</a>" in page(client)
    customer.update({"name": "新名"}, by=house.jingli)
    assert "新名</a>" in page(client)
    assert "旧名</a>" not in page(client)


def test_the_buttons_of_a_row_are_those_of_the_reader(house, as_):
    customer = house.customer(house.jingli)
    edit = f'href="/customers/{customer.pk}/edit/"'
    assert edit in page(as_(house.jingli))
    assert edit not in page(as_(house.jingli2))
    assert edit in page(as_(house.zhuguan))


def test_a_record_to_be_completed_keeps_its_link(house, as_):
    customer = house.customer(house.jingli, name="待完善公司")
    type(customer).objects.update(incomplete=True)
    assert f'<a href="/customers/{customer.pk}/">待完善公司</a><span class="bdg amber">' in page(as_(house.jingli))


def test_rows_speak_the_language_of_the_reader(house, as_):
    house.customer(house.jingli)
    client = as_(house.jingli)
    assert ">正常</span>" in page(client)
    house.jingli.language = "en"
    house.jingli.save(update_fields=["language"])
    english = page(client)
    assert ">Normal</span>" in english
    assert ">正常</span>" not in english
