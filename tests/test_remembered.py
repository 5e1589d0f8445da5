"""What pages remember is never older than the house: whoever changed it, in whichever process, by whatever means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from liuke.accounts.models import Department, Grant, Role, User
from liuke.base.models import DictionaryItem, SystemSetting
from liuke.core import clock, remembered, watching
from liuke.core.models import HouseSign, ListSetting
from liuke.core.register import has_resource, resource_of
from liuke.marketing.models import SalesStage
from tests.house import page_client

LIST = "/opportunities/"


def sign() -> list[str]:
    return sorted(HouseSign.objects.values_list("sign", flat=True))


class Processes:
    """Two web processes that share a database and no memory."""

    def __init__(self, user) -> None:
        self.user, self.memories = user, [remembered.Memory(()), remembered.Memory(())]

    def pages(self, url: str = LIST) -> list[str]:
        """The page as each of them shows it, asked twice: worked out, and remembered."""
        return [self.page(place, url) for place in (0, 1, 0, 1)]

    def page(self, place: int, url: str) -> str:
        remembered._latest = self.memories[place]
        answer = page_client(self.user).get(url)
        self.memories[place] = remembered._latest
        return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


@pytest.fixture
def two(house):
    for _one in range(2):
        house.opportunity(house.jingli)
    yield Processes(house.jingli)
    remembered._latest = remembered.Memory(())


def test_every_watched_table_has_its_triggers_and_a_write_gives_another_sign(house):
    with connection.cursor() as cursor:
        there = watching._triggers(cursor)
    for one in remembered.watched():
        model = apps.get_model(one.label)
        assert {name for name, _statement in watching._wanted(model, one)} <= there, one.label
        before, table, key = sign(), model._meta.db_table, model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {key} = {key}")
        assert (sign() != before) == bool(model._base_manager.exists() or connection.vendor == "postgresql"), one.label


def test_triggers_that_a_new_table_lost_come_back(house):
    dropped = "accounts_role_update_sign" if connection.vendor == "sqlite" else "accounts_role_change_sign"
    where = "" if connection.vendor == "sqlite" else " ON accounts_role"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {dropped}{where}")
    watching.watch_tables()
    before = sign()
    Role.objects.update(description="新")
    assert sign() != before


def test_a_theme_gives_no_other_sign_and_shows_at_once(two):
    two.pages()
    before = sign()
    User.objects.filter(pk=two.user.pk).update(theme="dark", density="compact")
    assert sign() == before
    assert all('data-bs-theme="dark"' in page and 'data-density="compact"' in page for page in two.pages())


CHANGES = {
    "a right is taken": (
        lambda: Grant.objects.filter(role__code="account_manager", resource="opportunities").delete(),
        lambda page: page == "403",
    ),
    "a role is taken": (lambda: User.objects.get(username="jingli").roles.clear(), lambda page: page == "403"),
    "a role is deleted by SQL": (
        lambda: sql("UPDATE accounts_role SET deleted_at = created_at WHERE code = 'account_manager'"),
        lambda page: page == "403",
    ),
    "a stage has another name": (
        lambda: SalesStage.objects.filter(position=1).update(name="头道茶"), lambda page: ">头道茶</option>" in page,
    ),
    "a setting": (
        lambda: SystemSetting.objects.create(key="page_size", value=1), lambda page: "page=2" in page,
    ),
    "a department has another name": (
        lambda: Department.objects.filter(name="销售部").update(name="销售一部"), lambda page: "销售一部" in page,
    ),
    "a view is kept": (
        lambda: ListSetting.objects.create(user=User.objects.get(username="jingli"), resource="opportunities",
                                           name="我的丢单", query="status=lost"),
        lambda page: "我的丢单" in page,
    ),
}  # fmt: skip


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_shows_in_every_process_at_once(change, two):
    do, is_shown = CHANGES[change]
    assert not any(map(is_shown, two.pages()))
    do()
    assert all(map(is_shown, two.pages()))


def test_what_was_undone_is_not_remembered(two):
    with transaction.atomic():
        SalesStage.objects.filter(position=1).update(name="头道茶")
        assert all("头道茶" in page for page in two.pages())
        transaction.set_rollback(True)
    assert not any("头道茶" in page for page in two.pages())


def test_rows_their_number_and_what_waits_are_never_remembered(two, house):
    assert all("2 条" in page and "新来的客户" not in page for page in two.pages())
    made = house.opportunity(house.jingli, customer_name="新来的客户")
    assert all("3 条" in page and "新来的客户" in page for page in two.pages())
    house.task(house.zhuguan, house.jingli, title="去拜访")
    assert all('<span class="n">1</span>' in page for page in two.pages())
    made.delete(by=house.jingli)
    assert all("2 条" in page and "新来的客户" not in page for page in two.pages())


def test_nobody_is_shown_the_page_of_another_nor_of_another_role(two, house):
    """A list of one address, in one process."""
    said = [f"<span>{one.name} · {one.department_name}" for one in (house.jingli, house.zhuguan)]
    for _again in range(2):
        pages = [page_client(one).get(LIST).content.decode() for one in (house.jingli, house.zhuguan)]
        assert [[word in page for word in said] for page in pages] == [[True, False], [False, True]]
    with remembered.reading():
        whole = User.objects.get(pk=house.jingli.pk)
        assert whole.reach("opportunities", "view") is not None
        assert whole.limited_to(set()).reach("opportunities", "view") is None
        assert whole.reach("opportunities", "view") is not None


def test_forms_of_a_remembered_page_hold_the_token_of_who_asks(two):
    first, _other, again, _last = two.pages()
    assert first.count("csrfmiddlewaretoken") == again.count("csrfmiddlewaretoken") > 1
    assert first != again  # each time another mask


def test_whoever_writes_remembers_nothing(house):
    made: list[int] = []
    with remembered.reading(safe=False):
        for _again in range(2):
            remembered.remembered("a thing", lambda: made.append(1))
    remembered.remembered("a thing", lambda: made.append(1))
    assert len(made) == 3
    with remembered.reading():
        for _again in range(2):
            remembered.remembered("a thing", lambda: made.append(1))
    assert len(made) == 4


def test_without_a_sign_nothing_is_remembered(house):
    HouseSign.objects.all().delete()
    made: list[int] = []
    with remembered.reading():
        for _again in range(2):
            remembered.remembered("a thing", lambda: made.append(1))
    assert len(made) == 2


def test_a_full_memory_starts_anew(house, monkeypatch):
    monkeypatch.setattr(remembered, "ROOM", 10)
    with remembered.reading():
        remembered._here.set(remembered.Memory(("x",)))
        for n in range(25):
            assert remembered.remembered(n, lambda n=n: n) == n
        assert len(remembered._here.get().found) <= 10


def tables_of(rows) -> set[str]:
    try:
        asked = str(rows.query)
    except EmptyResultSet:
        return set()
    return {name for name in connection.introspection.table_names() if f'"{name}"' in asked}


def test_what_filters_offer_follows_from_watched_tables_alone(house):
    tables = {apps.get_model(one.label)._meta.db_table for one in remembered.watched()}
    offered = [apps.get_model(one.label) for one in remembered.watched()]
    for model in filter(has_resource, offered):
        for user in (house.jingli, house.zhuguan, house.kefu, house.admin):
            read = tables_of(resource_of(model).choices(user))
            assert read <= tables, (model, read - tables)
    assert DictionaryItem in offered


def test_another_day_begins_anew(db):
    """What counts days, such as how long a customer has left, is another tomorrow though nobody has written."""
    made = []
    for day in (1, 1, 2):
        with clock.at(datetime(2026, 2, day, 9, tzinfo=UTC)), remembered.reading():
            remembered.remembered("days left", lambda day=day: made.append(day))
    assert made == [1, 2]
