"""The pool: into it, out of it, who may, and that nobody takes more than his share."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from liuke.accounts.models import Role, User
from liuke.base.models import SettingsChange
from liuke.base.views import SettingsForm
from liuke.core import clock
from liuke.core.jobs import runner
from liuke.core.many import Draft, save_many
from liuke.core.models import Event, Notice
from liuke.customers.models import Customer, Ownership
from liuke.customers.pool import followed_up, would_move
from liuke.customers.recycling import recycle
from tests.house import Api

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*when):
    return clock.at(datetime(*when, tzinfo=SHANGHAI))


@pytest.fixture
def api(house):
    """A program of each person, with its token made before anything is compared."""
    made = {person.pk: Api(person) for person in house.people.values()}
    return lambda person: made[person.pk]


def set_to(house, **values):
    SettingsChange().apply(values, by=house.admin)


@pytest.fixture
def free(house):
    """A customer in the pool, put there by jingli long ago."""
    with at(2026, 1, 5, 9):
        customer = house.customer(house.jingli)
        customer.release(by=house.jingli)
    return customer


def hands(customer):
    """[(owner, how, is it the present one)] from the first to the last."""
    rows = Ownership.objects.filter(customer=customer).order_by("id").select_related("owner")
    return [(row.owner and row.owner.username, row.how, row.until is None) for row in rows]


def told(user):
    return sorted(Notice.objects.filter(user=user).values_list("kind", flat=True))


# out of the pool


def test_whoever_claims_first_has_it_and_the_second_is_told_why_not(house, free, api, unchanged):
    program = api(house.jingli2)
    assert program.post(f"customers/{free.pk}/claim").json()["owner"] == house.jingli2.pk
    with unchanged():
        late = api(house.jingli3).post(f"customers/{free.pk}/claim")
        assert (late.status_code, late.json()["code"]) == (409, "not_in_pool")
        assert program.post(f"customers/{free.pk}/claim").status_code == 409
    assert hands(free) == [("jingli", "created", False), (None, "released", False), ("jingli2", "claimed", True)]


def test_a_salesperson_claims_and_a_clerk_does_not(house, free, api, unchanged):
    with unchanged():
        assert api(house.kefu).post(f"customers/{free.pk}/claim").status_code == 403
        assert api(house.kefu).post(f"customers/{free.pk}/assign", owner=house.jingli.pk).status_code == 403
    assert api(house.yewu).post(f"customers/{free.pk}/claim").status_code == 200
    assert api(house.yewu).post(f"customers/{free.pk}/release").json()["owner"] is None


def test_nobody_drops_and_claims_in_turn(house, api, unchanged):
    with at(2026, 3, 1, 23, 59):
        customer = house.customer(house.jingli)
        customer.release(by=house.jingli)
    program = api(house.jingli)
    with at(2026, 3, 7, 23, 59), unchanged():
        assert program.post(f"customers/{customer.pk}/claim").json()["code"] == "claimed_lately"
    with at(2026, 3, 8, 0, 1):
        assert program.post(f"customers/{customer.pk}/claim").status_code == 200


def test_a_person_claims_up_to_the_limit(house, api, unchanged):
    set_to(house, pool_claim_limit=2)
    some = [house.customer(house.jingli2, name=f"甲{n}") for n in range(3)]
    for one in some:
        one.release(by=house.jingli2)
    program = api(house.jingli)
    house.customer(house.jingli)  # an own one does not count
    assert [program.post(f"customers/{one.pk}/claim").status_code for one in some[:2]] == [200, 200]
    with unchanged():
        assert program.post(f"customers/{some[2].pk}/claim").json()["code"] == "claim_limit"
    assert program.post(f"customers/{some[0].pk}/release").status_code == 200
    assert program.post(f"customers/{some[2].pk}/claim").status_code == 200


def test_a_supervisor_assigns_out_of_the_pool_and_the_manager_hears_of_it(house, free, api):
    answer = api(house.zhuguan).post(f"customers/{free.pk}/assign", owner=house.jingli3.pk, reason="行业对口")
    assert answer.json()["owner"] == house.jingli3.pk
    assert told(house.jingli3) == ["customer.given"]
    assert Event.of(free).first().note == "行业对口"


def test_only_a_normal_user_is_given_a_customer(house, free, api, unchanged):
    gone = User(username="zou", name="走了").create(by=house.admin)
    gone.disable(by=house.admin)
    program, mine = api(house.zhuguan), house.customer(house.jingli)
    with unchanged():
        for path in (f"customers/{free.pk}/assign", f"customers/{mine.pk}/transfer"):
            assert list(program.post(path, owner=gone.pk).json()["errors"]) == ["owner"]
            assert list(program.post(path).json()["errors"]) == ["owner"]


# into the pool, and from hand to hand


def test_a_transfer_is_told_to_both_and_written_down(house, api, unchanged):
    customer = house.customer(house.jingli)
    program = api(house.zhuguan)
    assert program.post(f"customers/{customer.pk}/transfer", owner=house.jingli3.pk).json()["owner"] == house.jingli3.pk
    assert told(house.jingli3) == ["customer.given"]
    assert told(house.jingli) == ["customer.taken"]
    assert hands(customer) == [("jingli", "created", False), ("jingli3", "transferred", True)]
    event = Event.of(customer).first()
    assert (event.verb, event.changes["owner"]) == ("transfer", ["陈静", "沈若兰"])
    with unchanged():
        assert program.post(f"customers/{customer.pk}/transfer", owner=house.jingli.pk).status_code == 403
        again = api(house.jingli3).post(f"customers/{customer.pk}/transfer", owner=house.jingli3.pk)
        assert list(again.json()["errors"]) == ["owner"]


def test_a_private_customer_is_out_of_reach_of_pool_acts(house, api, unchanged):
    customer = house.customer(house.jingli)
    with unchanged():
        assert api(house.jingli2).post(f"customers/{customer.pk}/claim").status_code == 409
        assert api(house.zhuguan).post(f"customers/{customer.pk}/assign", owner=house.jingli2.pk).status_code == 409
        assert api(house.jingli2).post(f"customers/{customer.pk}/release").status_code == 403


def test_a_customer_in_the_pool_is_read_by_all_and_changed_by_nobody(house, free, api, unchanged):
    assert api(house.kefu).get(f"customers/{free.pk}").json()["owner"] is None
    with unchanged():
        for person in (house.jingli, house.zhuguan):
            assert api(person).patch(f"customers/{free.pk}", name="改").status_code == 403
        told_ = api(house.admin).post(f"customers/{free.pk}/transfer", owner=house.jingli.pk)
        assert told_.json()["code"] == "in_pool"
        assert api(house.admin).post(f"customers/{free.pk}/release").json()["code"] == "in_pool"


def test_a_new_customer_is_put_into_the_pool_at_once(house, api, as_):
    given = {"name": "象山船厂", "region": "浙江", "level": "1", "address": "丹东街道 1 号", "phone": "0574-65712345"}
    made = api(house.jingli).post("customers", given | {"owner": "pool"}).json()
    assert made["owner"] is None
    assert (
        as_(house.jingli).post("/customers/new/", given | {"kind": "organization", "owner": "pool"}).status_code == 302
    )
    assert Customer.objects.filter(owner=None).count() == 2
    assert list(api(house.jingli).post("customers", given | {"owner": None}).json()["errors"]) == ["owner"]


def test_an_edit_neither_empties_the_owner_nor_takes_one_out_of_the_pool(house, free, api, unchanged):
    mine = house.customer(house.jingli)
    with unchanged():
        for value in (None, "pool"):
            assert list(api(house.jingli).patch(f"customers/{mine.pk}", owner=value).json()["errors"]) == ["owner"]
        drafts = [Draft(mine, {"owner": None}), Draft(free, {"owner": house.jingli})]
        save_many(drafts, None)
        assert [list(draft.errors) for draft in drafts] == [["owner"], ["owner"]]


def test_imported_customers_without_an_owner_lie_in_the_pool(house):
    drafts = [Draft(Customer(), {"name": f"导入{n}", "owner": owner}) for n, owner in enumerate((None, house.jingli))]
    save_many(drafts, house.jingli)
    assert [draft.errors for draft in drafts] == [{}, {}]
    assert [hands(draft.record) for draft in drafts] == [[(None, "created", True)], [("jingli", "created", True)]]


def test_a_won_opportunity_is_the_first_line_of_the_history(house):
    made = house.opportunity(house.jingli, house.jingli)
    made.win(by=house.jingli)
    assert hands(made.customer) == [("jingli", "won", True)]


def test_an_edit_of_the_owner_is_in_the_history_too(house, api):
    customer = house.customer(house.jingli)
    api(house.zhuguan).patch(f"customers/{customer.pk}", owner=house.jingli2.pk)
    assert hands(customer) == [("jingli", "created", False), ("jingli2", "transferred", True)]


# copies


def test_only_the_super_administrator_copies(house, api, unchanged):
    customer = house.customer(house.jingli, name="宁" * 50)
    with unchanged():
        assert api(house.admin).post(f"customers/{customer.pk}/copy").status_code == 403
    house.admin.roles.add(Role.objects.get(code="super_admin"))
    made = api(house.again("admin")).post(f"customers/{customer.pk}/copy").json()
    assert made["id"] != customer.pk
    assert made["number"] != customer.number
    assert (len(made["name"]), made["name"][-4:], made["owner"]) == (50, "（副本）", house.jingli.pk)


# the term


@pytest.fixture
def term(house):
    """The pool has been on since the first of January, thirty days."""
    with at(2026, 1, 1, 8):
        set_to(house, pool_days=30)


def deadline(customer):
    return Customer.objects.get(pk=customer.pk).pool_deadline


def test_while_the_pool_is_off_nothing_has_a_term(house):
    customer = house.customer(house.jingli)
    assert deadline(customer) is None
    assert runner.run_now("pool-recycle") == "客户池未开启"


def test_the_count_starts_on_the_day_the_pool_is_switched_on(house):
    with at(2025, 6, 1, 9):
        old = house.customer(house.jingli)
    with at(2026, 3, 1, 23, 30):
        assert "1" in would_move(0, 30)
        set_to(house, pool_days=30)
    assert deadline(old).isoformat() == "2026-03-31"
    with at(2026, 3, 2, 9):
        set_to(house, pool_days=20)
    assert deadline(old).isoformat() == "2026-03-21"
    set_to(house, pool_days=0)
    assert deadline(old) is None


def test_days_are_counted_in_shanghai(house, term):
    with at(2026, 2, 1, 0, 1):
        early = house.customer(house.jingli, name="零点一分")
    with at(2026, 1, 31, 23, 59):
        late = house.customer(house.jingli, name="前一天")
    assert (deadline(early).isoformat(), deadline(late).isoformat()) == ("2026-03-03", "2026-03-02")


def test_a_plan_step_done_and_a_note_start_the_term_anew(house, term):
    with at(2026, 1, 2, 9):
        customer = house.customer(house.jingli)
        made = house.opportunity(house.jingli, house.jingli, customer=customer)
        step = house.plan_item(made)
    with at(2026, 1, 10, 9):
        step.execute("见到了", by=house.jingli)
    assert deadline(customer).isoformat() == "2026-02-09"
    with at(2026, 1, 12, 9):
        house.note(made)
    assert deadline(customer).isoformat() == "2026-02-11"
    followed_up([customer.pk], datetime(2026, 1, 3, tzinfo=SHANGHAI))
    assert deadline(customer).isoformat() == "2026-02-11"


def test_at_the_end_of_the_term_it_is_moved_once_and_the_manager_told_once(house, term):
    with at(2026, 1, 10, 9):
        due, churned, binned = (house.customer(house.jingli, name=name) for name in ("到期", "流失", "删除"))
        binned.delete(by=house.jingli)
        Customer.objects.filter(pk=churned.pk).update(status="churned")
    for day in (datetime(2026, 2, 8).date(), datetime(2026, 2, 9).date(), datetime(2026, 2, 9).date()):
        runner.run_now("pool-recycle", day)
        owner = Customer.objects.get(pk=due.pk).owner
        assert (owner is None) == (day.day == 9)
    assert Event.objects.filter(verb="recycle").count() == 1
    assert told(house.jingli) == ["pool.moved", "pool.soon"]
    assert hands(due)[-1] == (None, "recycled", True)
    assert {one.owner for one in (Customer.objects.get(pk=churned.pk), Customer.objects.get(pk=binned.pk))} == {
        house.jingli
    }


def test_the_reminder_comes_once_for_each_deadline(house, term):
    with at(2026, 1, 10, 9):
        customer = house.customer(house.jingli)
    for day in (5, 6, 7, 8):
        runner.run_now("pool-recycle", datetime(2026, 2, day).date())
    assert told(house.jingli) == ["pool.soon"]
    followed_up([customer.pk], datetime(2026, 2, 8, 12, tzinfo=SHANGHAI))
    runner.run_now("pool-recycle", datetime(2026, 3, 8).date())
    assert told(house.jingli) == ["pool.soon", "pool.soon"]


def test_what_was_restored_has_a_fresh_term(house, term):
    with at(2026, 1, 10, 9):
        customer = house.customer(house.jingli)
        customer.delete(by=house.jingli)
    with at(2026, 5, 1, 9):
        customer.restore(by=house.jingli)
    assert deadline(customer).isoformat() == "2026-05-31"


def test_what_was_reactivated_has_a_fresh_term(house, term):
    with at(2026, 1, 10, 9):
        customer = house.customer(house.jingli)
        customer.churn("停产", by=house.jingli)
    assert deadline(customer) is None
    with at(2026, 5, 1, 9):
        customer.reactivate("又来询价", by=house.zhuguan)
    assert deadline(customer).isoformat() == "2026-05-31"
    runner.run_now("pool-recycle", datetime(2026, 5, 2).date())
    assert Customer.objects.get(pk=customer.pk).owner == house.jingli


def test_many_are_moved_with_few_questions(house, term, django_assert_max_num_queries):
    with at(2026, 1, 10, 9):
        drafts = [Draft(Customer(), {"name": f"客户{n}", "owner": house.jingli}) for n in range(60)]
        save_many(drafts, house.zhuguan)
    with at(2026, 2, 20, 0, 30), django_assert_max_num_queries(40):
        assert recycle(clock.today()) == 60
    assert Customer.objects.filter(owner=None).count() == 60


def test_the_list_says_how_many_days_are_left(house, as_, term):
    with at(2026, 1, 10, 9):
        house.customer(house.jingli, name="快到期")
    for day, words in ((1, "8 天"), (6, '<span class="bdg amber">3 天</span>')):
        with at(2026, 2, day, 9):
            assert words in as_(house.jingli).get("/customers/").content.decode()
    with at(2026, 2, 6, 9):
        assert "快到期" in as_(house.jingli).get("/customers/?scene=expiring").content.decode()
        assert "快到期" not in as_(house.jingli).get("/customers/?scene=pool").content.decode()


def test_the_settings_page_says_what_switching_on_means_before_it_does_it(house, as_):
    with at(2020, 1, 1, 9):
        house.customer(house.jingli)
    pages = as_(house.admin)
    boxes = SettingsForm().fields.items()
    form = {name: box.initial for name, box in boxes if box.initial is not None and box.initial is not False} | {
        "pool_days": 30
    }
    page = pages.post("/settings/", form)
    assert page.status_code == 200
    assert "1 位客户" in page.content.decode()
    assert Customer.objects.exclude(pool_deadline=None).count() == 0
    agreed = page.content.decode().split('name="agreed" value="')[1].split('"')[0]
    assert pages.post("/settings/", form | {"agreed": agreed, "pool_days": 20}).status_code == 200
    assert pages.post("/settings/", form | {"agreed": agreed}).status_code == 302
    assert deadline(Customer.objects.get()) == clock.today() + timedelta(days=30)
