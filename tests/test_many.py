"""`save_many` against one by one: for every Resource the same rows are accepted and refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from liuke.core.forms import record_form
from liuke.core.hallway import enter
from liuke.core.many import Draft, save_many
from liuke.core.many.alike import alike
from liuke.core.models import Event
from liuke.core.refusals import Refused
from liuke.core.register import resource, resources
from tests.test_permissions import MISSING, entry, make_things

MADE_BY_WORK = ("service-handlings", "service-dues")
ENTERED = [one.name for one in resources() if one.fields and one.name not in MADE_BY_WORK]


def person_for(house, name):
    people = (house.zhuguan, house.admin, house.office()) if name != "orders" else (house.office(),)  # sets its state
    return next(person for person in people if resource(name).may(person, "create"))


def variants(name, things, person) -> list[dict]:
    """A good row, and for each field what may be wrong with it."""
    good = entry(name, things, person.username)
    rows = [good, dict(good)]  # the same twice: unique ones must be refused the second time
    for field in resource(name).field_names:
        known = resource(name).model._meta.get_field(field)
        if known.many_to_many:
            continue
        rows.append({**good, **_fresh(good, field), field: None})
        if known.is_relation and not hasattr(known, "code_field"):
            rows.append({**good, **_fresh(good, field), field: MISSING})
        if isinstance(known, models.CharField | models.TextField):
            rows.append({**good, **_fresh(good, field), field: "长" * 6000})
        if isinstance(known, models.IntegerField | models.DecimalField) and not known.is_relation:
            rows.append({**good, **_fresh(good, field), field: -5})
    parents = {"plan-items": ("opportunity", "u1 w1 d1 a3"), "contacts": ("customer", "ch cd c3"),
               "follow-up-notes": ("opportunity", "u1 w1 d1")}.get(name, ("", ""))  # fmt: skip
    return rows + [{**good, parents[0]: things[one].pk} for one in parents[1].split()]


def _fresh(good, field):
    """Another name for every row, so that it is not the name that is taken already."""
    _fresh.count = getattr(_fresh, "count", 0) + 1
    texts = ("name", "code", "username", "value")
    return {one: f"{good[one]}{_fresh.count}" for one in texts if one in good and one != field}


def one_by_one(name, person, row) -> bool:
    sent = {key: "" if value is None else str(value) for key, value in row.items()}
    form = record_form(resource(name), person, data=sent)
    for field in form.fields.values():
        field.required = field.required and not getattr(field, "by_setting", False)
    try:
        with transaction.atomic():
            enter(resource(name), person, form, ("", "", ""))
    except (ValidationError, Refused):
        return False
    return True


def values_of(name, row) -> dict:
    """The row with dictionary choices as ids, as an importer has them after reading the cells."""
    from liuke.base.models import DictionaryItem

    values = {}
    for key, value in row.items():
        field = resource(name).model._meta.get_field(key)
        if value is None and not field.null:
            value = "" if isinstance(field, models.CharField | models.TextField) else None
        if value is not None and hasattr(field, "code_field"):
            value = DictionaryItem.objects.get(category=field.category, value=value)
        values[key] = bool(value) if isinstance(field, models.BooleanField) else value
    return values


@pytest.mark.parametrize("name", ENTERED)
def test_one_by_one_and_many_accept_and_refuse_the_same_rows(name, house, monkeypatch):
    things = make_things(house)
    person = person_for(house, name)
    monkeypatch.setattr(resource(name), "required_when_entered", ())
    monkeypatch.setattr("liuke.core.forms.required_fields", lambda resource: [])
    rows = variants(name, things, person)
    marker = transaction.savepoint()
    single = [one_by_one(name, person, row) for row in rows]
    transaction.savepoint_rollback(marker)
    drafts = [Draft(resource(name).model(), values_of(name, row)) for row in rows]
    save_many(drafts, person)
    many = [not draft.errors for draft in drafts]
    told = [(row, one, draft.errors) for row, one, draft in zip(rows, single, drafts, strict=True)]
    assert single == many, [line for line, a, b in zip(told, single, many, strict=True) if a != b]
    assert True in many
    assert False in many or name == "positions"


def customers(house, count, **more):
    region = house.item("地区", "浙江")
    return [Draft(resource("customers").model(), {"name": f"客户{n}", "owner": house.jingli, "region": region, **more})
            for n in range(count)]  # fmt: skip


def test_a_thousand_rows_cost_no_more_questions_than_ten(house):
    def cost(count):
        with CaptureQueriesContext(connection) as asked:
            save_many(customers(house, count), house.zhuguan)
        return len(asked)

    cost(1)
    # SQLite takes only so many values in one statement, and writes wide rows in several
    assert cost(1000) <= cost(10) + 70
    assert cost(1000) < 120


def test_many_write_one_event_each_and_numbers_without_a_gap(house):
    drafts = customers(house, 20)
    save_many(drafts, house.zhuguan)
    records = [draft.record for draft in drafts]
    assert len({one.number for one in records}) == 20
    events = Event.objects.filter(
        content_type__model="customer", object_id__in=[one.pk for one in records], verb="create"
    )
    assert events.count() == 20
    told = events.get(object_id=records[0].pk)
    assert told.actor == house.zhuguan
    assert told.changes["owner"] == [None, "陈静"]
    assert told.changes["region"] == [None, "浙江"]


def test_followers_hear_of_a_batch_once(house, monkeypatch):
    heard = []
    monkeypatch.setattr("liuke.core.written._followers", [lambda records: heard.append(len(records))])
    save_many(customers(house, 30), house.zhuguan)
    assert heard == [30]


def test_changes_are_made_with_their_event_and_version(house):
    known = house.customer(house.jingli, name="太阳", phone="1")
    draft = Draft(known, {"phone": "010-2", "owner": house.jingli2})
    save_many([draft], house.zhuguan)
    known.refresh_from_db()
    assert (known.phone, known.owner, known.version) == ("010-2", house.jingli2, 2)
    event = Event.of(known).first()
    assert event.verb == "update"
    assert event.changes["phone"] == ["1", "010-2"]
    assert event.changes["owner"] == ["陈静", "周明远"]


def test_what_is_frozen_or_not_possible_stays_as_it_is(house):
    assigned = house.opportunity(house.jingli, house.jingli)
    won = house.opportunity(house.jingli, house.jingli, customer_name="另一家")
    won.win(by=house.jingli)
    drafts = [Draft(assigned, {"customer_name": "改名"}), Draft(won, {"subject": "改"}), Draft(assigned, {})]
    save_many(drafts[:2], house.jingli)
    assert list(drafts[0].errors) == ["customer_name"]
    assert list(drafts[1].errors) == ["__all__"]


def test_rows_out_of_range_are_left_out_and_the_others_go_in(house):
    drafts = customers(house, 3)
    drafts[1].values["owner"] = house.jingli3
    save_many(drafts, house.jingli)
    assert [bool(draft.errors) for draft in drafts] == [False, True, False]
    assert resource("customers").model.objects.filter(name__startswith="客户").count() == 2


def test_a_dry_run_finds_the_same_and_writes_nothing(house, unchanged):
    drafts = customers(house, 3)
    drafts[1].values["owner"] = house.jingli3
    drafts[2].values["name"] = ""
    with unchanged():
        save_many(drafts, house.jingli, dry=True)
    assert [bool(draft.errors) for draft in drafts] == [False, True, True]


def test_a_change_of_a_record_of_somebody_else_is_refused(house):
    theirs = house.customer(house.jingli3)
    draft = Draft(theirs, {"phone": "010-2"})
    save_many([draft], house.jingli)
    theirs.refresh_from_db()
    assert draft.errors
    assert theirs.version == 1


def test_somebody_who_was_quicker_costs_only_the_row_that_he_took(house, monkeypatch):
    """The database has the last word: what it refuses in a batch is found by halving it."""
    model = resource("industries").model
    model(name="航空").create(by=house.admin)
    monkeypatch.setattr("liuke.core.many.checking.refuse_taken", lambda drafts: None)
    drafts = [Draft(model(), {"name": name}) for name in ("船舶", "航空", "铁路", "公路")]
    save_many(drafts, house.admin)
    assert [bool(draft.errors) for draft in drafts] == [False, True, False, False]
    assert set(model.objects.filter(name__in=["船舶", "铁路", "公路"]).values_list("name", flat=True)) == {
        "船舶", "铁路", "公路",
    }  # fmt: skip


def test_records_made_alike_differ_in_what_is_given_and_in_their_state_only(house):
    first = house.jingli.__class__(username="same", name="甲")
    one, other = alike(first, [{"name": "乙"}, {"name": "丙"}])
    other._state.adding = False
    assert [first.name, one.name, other.name] == ["甲", "乙", "丙"]
    assert (one.username, one._state.adding, one.created_at) == ("same", True, first.created_at)


def test_records_made_alike_read_later_what_the_first_had_not_read(house, django_assert_num_queries):
    user = type(house.jingli)
    [one] = alike(user.objects.only("pk").first(), [{"id": house.jingli.pk}])
    with django_assert_num_queries(1):
        assert one.name == house.jingli.name
