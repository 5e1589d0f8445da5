"""Acts on many rows: each by its own right, told one by one, done once."""

from __future__ import annotations

import io
import re
from typing import ClassVar

import pytest
from openpyxl import load_workbook

from liuke.core import batches, errands
from liuke.core.models import Errand, Event
from liuke.core.register import resource
from liuke.core.resource import Verb
from liuke.customers.models import Customer

MISSING = 987_654_321


@pytest.fixture
def three(house):
    """Two customers of jingli's and one of jingli3's, whom only his own people may change."""
    return [
        house.customer(house.jingli, name="甲公司"),
        house.customer(house.jingli, name="乙公司"),
        house.customer(house.jingli3, name="丙公司"),
    ]


def ids(*records) -> str:
    return ",".join(str(getattr(one, "pk", one)) for one in records)


def send(pages, act: str, chosen: str, **more):
    return pages.post(f"/customers/batch/{act}/", {"ids": chosen, **more}, headers={"HX-Request": "true"})


def told(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_one_field_of_many_is_changed_and_each_change_is_an_event(three, house, as_):
    answer = send(as_(house.jingli), "update", ids(*three[:2]), field="rating", rating="4", question="scene=mine")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/customers/?scene=mine")
    assert [Customer.objects.get(pk=one.pk).rating for one in three] == [4, 4, None]
    assert Event.of(three[0]).first().changes == {"rating": [None, 4]}


def test_foreign_missing_and_doubled_ids_are_left_alone_and_told(three, house, as_):
    chosen = ids(three[0], three[0], three[2], MISSING, "x", "1;drop")
    answer = send(as_(house.jingli), "update", chosen, field="rating", rating="5")
    assert answer.status_code == 200
    text = told(answer)
    assert "成功 1 条，失败 2 条" in text
    assert "丙公司 没有权限" in text
    assert f"#{MISSING} 没有找到该记录，可能已被删除或你无权查看" in text
    assert [Customer.objects.get(pk=one.pk).rating for one in three] == [5, None, None]
    assert Event.of(three[0]).filter(verb="update").count() == 1


def test_a_record_nobody_may_see_has_no_name_in_the_answer(house, as_):
    hidden = house.opportunity(house.jingli3, house.jingli3, customer_name="机密客户")
    own = house.opportunity(house.jingli, house.jingli)
    answer = as_(house.jingli).post("/opportunities/batch/delete/", {"ids": ids(own, hidden)})
    assert "机密客户" not in answer.content.decode()
    assert f"#{hidden.pk}" in answer.content.decode()


def test_many_are_deleted_and_a_person_without_the_right_deletes_nothing(three, house, as_, unchanged):
    with unchanged():
        assert send(as_(house.kefu), "delete", ids(*three)).status_code == 403
        assert as_(house.kefu).get(f"/customers/batch/delete/?ids={ids(*three)}").status_code == 403
    assert send(as_(house.jingli), "delete", ids(*three[:2])).status_code == 204
    assert list(Customer.objects.alive()) == [three[2]]
    again = send(as_(house.jingli), "delete", ids(*three[:2]))
    assert "成功 0 条，失败 2 条" in told(again)


def test_more_than_a_hundred_are_deleted_by_typing_their_number(three, house, as_, monkeypatch):
    monkeypatch.setattr("liuke.core.doors.batch_forms.CountForm.FROM", 1)
    pages, chosen = as_(house.jingli), ids(*three[:2])
    assert "输入数字 2 确认" in pages.get(f"/customers/batch/delete/?ids={chosen}").content.decode()
    assert send(pages, "delete", chosen).status_code == 422
    assert send(pages, "delete", chosen, typed="3").status_code == 422
    assert Customer.objects.alive().count() == 3
    assert send(pages, "delete", chosen, typed="2").status_code == 204
    assert Customer.objects.alive().count() == 1


def test_the_same_batch_sent_twice_is_done_once(three, house, as_):
    pages = as_(house.jingli)
    assert send(pages, "update", ids(*three[:2]), field="rating", rating="2", once="k1").status_code == 204
    Customer.objects.update(rating=None)
    again = send(pages, "update", ids(*three[:2]), field="rating", rating="2", once="k1")
    assert again.status_code == 409
    assert "请勿重复提交" in again.content.decode()
    assert set(Customer.objects.values_list("rating", flat=True)) == {None}


def test_a_dialog_and_a_look_change_nothing(three, house, as_, unchanged):
    pages = as_(house.jingli)
    with unchanged():
        for path in ("", "update/", "delete/"):
            page = pages.get(f"/customers/batch/{path}?ids={three[0].pk}&ids={three[1].pk}")
            assert page.status_code == 200
            assert "2 条" in page.content.decode()
        assert send(pages, "update", ids(*three), choose="1", field="level").status_code == 200


def test_choosing_a_field_asks_for_its_kind_of_value(three, house, as_):
    page = send(as_(house.jingli), "update", ids(*three), choose="1", field="founded_on").content.decode()
    assert re.search(r'<input[^>]+name="founded_on"[^>]+data-date', page)
    level = send(as_(house.jingli), "update", ids(*three), choose="1", field="level").content.decode()
    assert re.search(r'<select[^>]+name="level"', level)


@pytest.mark.parametrize(
    "field", ["version", "deleted_at", "status", "created_by", "number", "no_such", "owner_id", ""]
)
def test_fields_no_form_has_cannot_be_changed_by_a_batch(field, three, house, as_, unchanged):
    with unchanged():
        answer = send(as_(house.jingli), "update", ids(three[0]), field=field, **{field or "x": "1"})
        assert answer.status_code in (200, 422)


def test_a_wrong_value_is_told_in_the_dialog_and_nothing_changes(three, house, as_, unchanged):
    with unchanged():
        answer = send(as_(house.jingli), "update", ids(*three), field="rating", rating="9")
        assert answer.status_code == 422


def test_nobody_hands_a_batch_of_records_out_of_his_range(three, house, as_, unchanged):
    with unchanged():
        answer = send(as_(house.jingli), "update", ids(*three[:2]), field="owner", owner=house.jingli3.pk)
        assert answer.status_code in (200, 422)
    assert "超出" in told(answer) or answer.status_code == 422


def test_all_means_all_that_match_the_question_and_no_more(three, house, as_):
    pages = as_(house.jingli)
    dialog = pages.get("/customers/batch/delete/?all=1&question=search%3D甲").content.decode()
    assert f'name="ids" value="{three[0].pk}"' in dialog
    whole = pages.get("/customers/batch/delete/?all=1&question=scene%3Dmine").content.decode()
    assert f'name="ids" value="{three[1].pk},{three[0].pk}"' in whole


def test_nothing_chosen_is_told(house, as_, unchanged):
    with unchanged():
        for path in ("/customers/batch/", "/customers/batch/delete/", "/customers/batch/update/?ids=,,"):
            answer = as_(house.jingli).get(path)
            assert answer.status_code == 422
            assert "先在列表中勾选" in answer.content.decode()


def test_rights_are_those_of_the_moment_each_record_is_written(three, house, as_, monkeypatch):
    """Half-way through the batch the person loses the right: the first row is done, the second is not."""
    first = batches.refusal

    def then_lose_it(*args):
        reason = first(*args)
        house.jingli.roles.clear()
        return reason

    monkeypatch.setattr(batches, "refusal", then_lose_it)
    answer = send(as_(house.jingli), "update", ids(*three[:2]), field="rating", rating="3")
    assert [Customer.objects.get(pk=one.pk).rating for one in three[:2]] == [3, None]
    assert "成功 1 条，失败 1 条" in told(answer)


def test_a_person_disabled_half_way_does_no_more(three, house, as_, monkeypatch):
    first = batches.refusal

    def then_disable(*args):
        reason = first(*args)
        house.again("jingli").is_active and house.again("jingli").disable(by=house.admin)
        return reason

    monkeypatch.setattr(batches, "refusal", then_disable)
    send(as_(house.jingli), "update", ids(*three[:2]), field="rating", rating="3")
    assert [Customer.objects.get(pk=one.pk).rating for one in three[:2]] == [3, None]


def test_beyond_five_hundred_the_background_takes_over_and_goes_on_after_a_crash(three, house, as_, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    answer = send(as_(house.jingli), "update", ids(*three), field="rating", rating="1", question="")
    assert answer["HX-Redirect"] == "/customers/"
    work = Errand.objects.get(kind="batch")
    assert [Customer.objects.get(pk=one.pk).rating for one in three] == [None, None, None]
    work.notes = {"next": 1}  # the first was done before the crash
    work.save()
    errands.run_errand(None, errand=work.pk)
    work.refresh_from_db()
    assert [Customer.objects.get(pk=one.pk).rating for one in three] == [None, 1, None]
    assert (work.state, work.done, work.total) == ("done", 3, 3)
    assert work.result == "成功 2 条，失败 1 条 · 丙公司: 没有权限"


def test_a_file_tells_all_that_were_not_done_in_the_background(three, house, as_, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    monkeypatch.setattr(batches, "CHUNK", 7)
    monkeypatch.setattr(batches, "TOLD", 2)
    others = [house.customer(house.jingli3, name=f"=别人{n}") for n in range(20)]
    pages = as_(house.jingli)
    send(pages, "update", ids(*three, *others, MISSING), field="rating", rating="1")
    work = Errand.objects.get(kind="batch")
    errands.run_errand(None, errand=work.pk)
    answer = pages.get(f"/errands/{work.pk}/file/")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert head == ("ID", "客户", "原因")
    assert [row[0] for row in rows] == [three[2].pk, *(one.pk for one in others), MISSING]
    assert rows[1] == (others[0].pk, "=别人0", "没有权限")
    assert rows[-1] == (MISSING, None, "没有找到该记录，可能已被删除或你无权查看")
    assert as_(house.jingli2).get(f"/errands/{work.pk}/file/").status_code == 404


def test_where_all_are_done_there_is_no_file(three, house, as_, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    send(as_(house.jingli), "update", ids(*three[:2]), field="rating", rating="1")
    work = Errand.objects.get(kind="batch")
    errands.run_errand(None, errand=work.pk)
    work.refresh_from_db()
    assert (work.result, work.file) == ("成功 2 条，失败 0 条", "")


def test_a_verb_with_batch_is_a_button_and_asks_once_for_all(house, as_, monkeypatch):
    """`Verb(..., batch=True)`: one dialog, whose form knows all records; each is then done by its own form."""
    from liuke.marketing.forms import ReasonForm

    seen = []

    class Form(ReasonForm):
        def prepare(self):
            seen.append((self.record, len(self.records)))

    customers = resource("opportunities")
    made: ClassVar = [house.opportunity(house.jingli, house.jingli, customer_name=f"机会{n}") for n in range(2)]
    won = house.opportunity(
        house.jingli, house.jingli, customer_name="成了", contact_name="吴", contact_phone="13900139000"
    )
    won.win(by=house.jingli)
    monkeypatch.setattr(type(customers), "verbs", tuple(
        Verb("lose", "终止", form=Form, batch=True) if verb.name == "lose" else verb for verb in customers.verbs
    ))  # fmt: skip
    from liuke.core.doors.batch import batch_act, batch_acts

    assert [one.label for one in batch_acts(customers, house.jingli) if one.key == "lose"] == ["终止"]
    pages = as_(house.jingli)
    request = pages.get("/opportunities/").wsgi_request
    request.GET = request.GET.copy()
    request.GET["ids"] = ids(*made, won)
    assert batch_act(request, customers, "lose").status_code == 200
    assert seen == [(None, 3)]
    counted = batches.run(customers, house.jingli, "lose", [one.pk for one in (*made, won)], _form(reason="没有预算"))
    assert (counted.done, [one.pk for one in counted.failures]) == (2, [won.pk])
    assert {type(one).objects.get(pk=one.pk).status for one in made} == {"lost"}


def _form(**values):
    from django.http import QueryDict

    sent = QueryDict(mutable=True)
    sent.update(values)
    return sent


def test_the_list_has_boxes_where_there_are_acts_and_none_where_not(three, house, as_):
    page = as_(house.jingli).get("/customers/").content.decode()
    assert page.count('name="ids" value=') == 3
    assert 'aria-label="选择 甲公司"' in page
    assert 'formaction="/customers/batch/delete/"' in page
    assert 'name="ids"' not in as_(house.kefu).get("/customers/").content.decode()


def test_chosen_rows_become_a_file_or_a_sheet(three, house, as_):
    pages = as_(house.jingli)
    chosen = f"ids={three[0].pk}&ids={three[2].pk}&question=ordering%3Dname"
    file = pages.get(f"/customers/batch/export/?{chosen}")
    assert file["Location"] == f"/customers/export.xlsx?ordering=name&ids={three[0].pk}%2C{three[2].pk}"
    text = b"".join(pages.get(file["Location"].replace("xlsx", "csv")).streaming_content).decode()
    assert "甲公司" in text
    assert "丙公司" not in text  # seen, but exported by its own people only
    assert "乙公司" not in text


def test_a_list_is_printed_as_it_is_filtered_and_within_the_right_to_export(three, house, as_):
    page = as_(house.jingli).get("/customers/print/?search=公司&ordering=name&limit=1").content.decode()
    assert [name for name in ("甲公司", "乙公司", "丙公司") if name in page] == ["甲公司", "乙公司"]
    assert "打印人 陈静" in page
    assert as_(house.kefu).get("/customers/print/").status_code == 403
    assert as_(house.jingli).get("/customers/print/?status=deleted").status_code == 403
    assert as_(house.jingli).get("/customers/print/?nonsense=1").status_code == 422
