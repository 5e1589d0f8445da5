"""An order and its lines in one save, and who may (ORD-03, ORD-04)."""

from decimal import Decimal

import pytest

from liuke.accounts.models import Role
from liuke.commerce.models import Order, OrderLine, Product
from tests.house import page_client

from .orders import line, order

LINES = {
    "lines": "3",
    "line-0-product_name": "阀门", "line-0-quantity": "2", "line-0-unit_price": "9.99",
    "line-1-product_name": "法兰", "line-1-quantity": "1.5", "line-1-unit_price": "10",
}  # fmt: skip


@pytest.fixture
def customer(house):
    return house.customer(house.jingli)


def enter(who, customer, **sent):
    sent = {"customer": customer.pk, "order_date": "2026-03-01", **sent}
    return page_client(who).post("/orders/new/", sent)


def edited(who, of, **sent):
    """What a person gets who saves the order as its page showed it, except for what is said here."""
    shown = {"customer": of.customer_id, "order_date": of.order_date, "status": of.status, "fulfilment": of.fulfilment}
    shown |= {"version": of.version}
    for n, one in enumerate(of.lines.alive().order_by("id")):
        values = {"id": one.pk} | {name: getattr(one, name) for name in ("product_name", "quantity", "unit_price")}
        shown |= {f"line-{n}-{name}": value for name, value in values.items()} | {"lines": n + 1}
    return lambda **more: page_client(who).post(f"/orders/{of.pk}/edit/", {**shown, **sent, **more})


def rows(of):
    return [(one.product_name, one.quantity, one.unit_price) for one in of.lines.alive().order_by("id")]


def text(answer):
    return answer.content.decode()


def test_an_order_is_entered_with_its_lines(house, customer):
    assert enter(house.jingli, customer, **LINES).status_code == 302
    order = Order.objects.get()
    assert [str(line.amount) for line in order.lines.order_by("id")] == ["19.98", "15.00"]
    assert str(order.amount) == "34.98"


def test_a_price_keeps_its_digits_and_shows_two_at_least(house, customer, api):
    enter(house.jingli, customer, **{**LINES, "line-0-quantity": "10000", "line-0-unit_price": "1230.01250"})
    of = Order.objects.get()
    assert [(str(one.unit_price), str(one.amount)) for one in of.lines.order_by("id")] == [
        ("1230.0125", "12300125.00"), ("10.00", "15.00"),
    ]  # fmt: skip
    page = text(page_client(house.jingli).get(f"/orders/{of.pk}/"))
    assert ">¥1,230.0125<" in page
    assert ">¥10.00<" in page
    told = api(house.jingli).get(f"order-lines?order={of.pk}&ordering=id").json()["items"]
    assert [one["unit_price"] for one in told] == ["1230.0125", "10.00"]
    assert api(house.jingli).get("order-lines?unit_price=1230.0125").json()["count"] == 1
    form = text(page_client(house.office()).get(f"/orders/{of.pk}/edit/"))
    assert 'value="1230.0125"' in form
    assert 'value="10.00"' in form


def test_a_wrong_line_leaves_no_order_behind(house, customer):
    answer = enter(house.jingli, customer, **{**LINES, "line-1-quantity": "-1"})
    assert answer.status_code == 422
    assert Order.objects.count() == 0


def test_the_back_office_changes_and_removes_lines(house, customer):
    enter(house.jingli, customer, **LINES)
    order = Order.objects.get()
    sent = {"fulfilment": "5", "line-0-quantity": "3", "line-1-delete": "1"}
    assert edited(house.jingli, order)(**sent).status_code == 403
    assert edited(house.office(), order)(**sent).status_code == 302
    order.refresh_from_db()
    assert (str(order.amount), order.fulfilment, order.lines.alive().count()) == ("29.97", 5, 1)


# how many


def many(count):
    values = {"product_name": "阀门", "quantity": 1, "unit_price": 1}
    return {"lines": count} | {f"line-{n}-{name}": values[name] for n in range(count) for name in values}


def test_more_lines_than_are_saved_at_once_are_refused_with_the_way_out_and_stay_in_the_form(house, customer):
    answer = enter(house.jingli, customer, **many(201))
    assert answer.status_code == 422
    assert "随订单一次最多保存 200 行。请先去掉一些" in text(answer)
    assert 'name="line-200-quantity" value="1"' in text(answer)
    assert not Order.objects.exists()


@pytest.mark.parametrize("count", ["9" * 5000, "-1", "1.5", "x"])
def test_a_number_of_lines_that_is_none_is_told(house, customer, count):
    answer = enter(house.jingli, customer, **{**LINES, "lines": count})
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert "订单明细：没有收到行数，请刷新页面" in text(answer)


def test_a_row_that_came_counts_whatever_number_is_told(house, customer):
    enter(house.jingli, customer, **{**LINES, "lines": 1})
    assert OrderLine.objects.count() == 2


def test_a_form_of_too_many_fields_is_told_what_to_do(house, customer):
    answer = enter(house.jingli, customer, **many(700))
    assert answer.status_code == 400
    assert "一张表单最多 2,000 个输入项。请返回，分几次保存" in text(answer)


# two at once


def test_a_page_opened_before_a_line_was_removed_does_not_bring_it_back(house, customer):
    made, office = order(customer, "5", "7"), house.office()
    save = edited(office, made)
    made.lines.first().delete(by=house.admin)
    answer = save(**{"line-1-quantity": "3"})
    assert answer.status_code == 409
    assert rows(made) == [("流量计", 1, 7)]
    assert "流量计 1 × ¥5.00" in text(answer)  # what was sent for it stands beside what there is
    assert 'name="line-0-keep" value="theirs" checked' in text(answer)
    assert 'name="line-1-keep" value="mine" checked' in text(answer)
    assert save(version="").status_code == 409  # nor does one that tells no version
    assert rows(made) == [("流量计", 1, 7)]


def test_of_a_line_two_have_changed_one_chooses_on_the_page_of_both(house, customer):
    made, office = order(customer, "5", "7"), house.office()
    first, second = made.lines.order_by("id")
    save = edited(office, made)
    first.update({"quantity": Decimal(9)}, by=house.admin)
    line(made, "11")
    answer = save(**{"line-0-quantity": "2", "line-1-quantity": "3"})
    assert answer.status_code == 409
    page = text(answer)
    assert rows(made) == [("流量计", 9, 5), ("流量计", 1, 7), ("流量计", 1, 11)]
    for words in ("流量计 2 × ¥5.00", "流量计 9 × ¥5.00", "流量计 3 × ¥7.00", "流量计 1 × ¥11.00"):
        assert words in page
    assert f'name="line-1-id" value="{second.pk}"' in page
    made.refresh_from_db()
    chosen = {"version": made.version, "line-0-quantity": "2", "line-0-keep": "theirs", "line-1-quantity": "3",
              "line-1-keep": "mine"}  # fmt: skip
    assert save(**chosen).status_code == 302
    assert rows(made) == [("流量计", 9, 5), ("流量计", 3, 7), ("流量计", 1, 11)]


# what a person may do with lines


def without(house, *acts):
    """The back office without these acts on order lines."""
    office, role = house.office(), Role.objects.get(code="back_office")
    role.grants.filter(resource="order-lines", action__in=acts).delete()
    return house.again(office.username)


@pytest.mark.parametrize(
    ("act", "sent", "told"),
    [
        ("create", {"lines": 2, "line-1-product_name": "阀门", "line-1-quantity": 1, "line-1-unit_price": 1},
         "第 2 行：您没有添加订单明细的权限"),
        ("update", {"line-0-quantity": 3}, "第 1 行：数量：该字段已不能修改"),
    ],
)  # fmt: skip
def test_what_a_person_may_not_do_with_lines_he_may_not_do_in_the_order(house, customer, act, sent, told):
    made = order(customer, "5")
    answer = edited(without(house, act), made)(**sent)
    assert (answer.status_code, rows(made)) == (422, [("流量计", 1, 5)])
    assert told in text(answer)


def test_who_may_not_delete_lines_is_offered_no_box_and_refused(house, customer):
    made, office = order(customer, "5"), without(house, "delete")
    assert "line-0-delete" not in text(page_client(office).get(f"/orders/{made.pk}/edit/"))
    assert edited(office, made)(**{"line-0-delete": 1}).status_code == 403
    assert rows(made) == [("流量计", 1, 5)]


def test_who_does_not_see_lines_sees_none_in_the_order(house, customer):
    made, office = order(customer, "5"), without(house, "view", "create")
    for path in (f"/orders/{made.pk}/", f"/orders/{made.pk}/edit/"):
        page = page_client(office).get(path)
        assert page.status_code == 200
        assert "流量计" not in text(page)


# an emptied price


def test_an_emptied_price_is_that_of_the_product_or_the_line_is_named(house, customer):
    made, office = order(customer, "5", "7"), house.office()
    product = Product(name="阀门", price=Decimal("8.5")).create(by=None)
    answer = edited(office, made)(**{"line-1-unit_price": ""})
    assert "第 2 行：单价：请填写单价，或选择一个有价格的产品" in text(answer)
    assert rows(made)[1] == ("流量计", 1, 7)
    assert edited(office, made)(**{"line-1-unit_price": "", "line-1-product": product.pk}).status_code == 302
    assert rows(made)[1] == ("流量计", 1, Decimal("8.5"))
