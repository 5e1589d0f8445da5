"""The customer-management report (RPT-06): written, submitted once, frozen as sent, read by those it was sent to."""

from __future__ import annotations

import re

import pytest

from liuke.core import clock
from liuke.core.models import Notice
from liuke.core.refusals import Forbidden, Refused
from liuke.reports import parts
from liuke.reports.models import ManagementReport
from liuke.reports.parts import PARTS

HOME = "/management-reports/"


@pytest.fixture
def draft(house):
    house.customer(house.jingli, name="甲", level=house.item("客户等级", "2"))
    return house.management_report(conclusion="大客户要多走动")


def told_to(*people) -> list[str]:
    rows = Notice.objects.filter(user__in=people, kind="report.submitted")
    return sorted(rows.values_list("user__username", flat=True))


def test_a_draft_is_saved_and_saved_again(house, as_):
    pages = as_(house.zhuguan)
    given = {"title": "十一月", "year": 2026, "recipients": [house.gaoguan.pk], "once": "k1"}
    assert pages.post(f"{HOME}new/", given).status_code == 302
    made = ManagementReport.objects.get(title="十一月")
    assert (made.status, made.created_by, list(made.recipients.all())) == ("draft", house.zhuguan, [house.gaoguan])
    changed = {**given, "churn_note": "三家流失", "version": made.version}
    assert pages.post(f"{HOME}{made.pk}/edit/", changed).status_code == 302
    made.refresh_from_db()
    assert made.churn_note == "三家流失"
    assert told_to(house.gaoguan) == []


def test_executives_are_the_first_choice_and_account_managers_can_be_chosen(house, as_):
    page = as_(house.zhuguan).get(f"{HOME}new/").content.decode()
    boxes = page.partition('id="field-recipients"')[2].partition("</fieldset>")[0]
    ticked = [part for part in boxes.split("<input")[1:] if "checked" in part]
    assert [house.gaoguan.name in part for part in ticked] == [True]
    assert house.jingli.name in boxes
    assert house.kefu.name not in boxes


def test_submitting_tells_the_recipients_who_then_read_it(house, draft, as_):
    draft.submit(by=house.zhuguan)
    assert told_to(house.gaoguan, house.jingli, house.jingli2) == ["gaoguan", "jingli"]
    page = as_(house.gaoguan).get(f"{HOME}{draft.pk}/").content.decode()
    assert "大客户要多走动" in page
    assert re.search(r">\s*2026\s*<", page)  # a year is no quantity: no separators
    assert "前十名占六成" in page
    assert as_(house.gaoguan).get(f"{HOME}{draft.pk}/print/").status_code == 200
    assert draft.title in as_(house.gaoguan).get(f"{HOME}?scene=received").content.decode()


def test_a_draft_is_nobody_elses(house, draft, as_, unchanged):
    for person in (house.gaoguan, house.jingli):
        with unchanged():
            assert as_(person).get(f"{HOME}{draft.pk}/").status_code == 404
            assert as_(person).get(f"{HOME}{draft.pk}/print/").status_code == 404
            assert as_(person).post(f"{HOME}{draft.pk}/submit/").status_code == 403
    with unchanged():
        assert as_(house.jingli2).get(f"{HOME}{draft.pk}/print/").status_code == 404
        assert as_(house.bumen).get(f"{HOME}{draft.pk}/").status_code == 403


def test_without_recipients_it_is_not_submitted(house, unchanged):
    lonely = house.management_report()
    lonely.update({}, by=house.zhuguan, many={"recipients": []})
    with unchanged(), pytest.raises(Refused, match="请先选择接收人"):
        lonely.submit(by=house.zhuguan)


def test_who_may_not_read_it_receives_none(house, draft, unchanged):
    """Chosen while he might; a refusal names him, and the report stays a draft."""
    draft.update({}, by=house.zhuguan, many={"recipients": [house.gaoguan, house.kefu]})
    with unchanged(), pytest.raises(Refused, match=f"请先去掉无权查看报告的接收人：{house.kefu.name}$"):
        draft.submit(by=house.zhuguan)


def test_somebody_who_has_left_receives_none(house, unchanged):
    draft = house.management_report(to=[house.gaoguan, house.jingli2])
    house.jingli2.disable(by=house.admin)
    with unchanged(), pytest.raises(Refused, match=house.jingli2.name):
        draft.submit(by=house.zhuguan)


def test_submitted_twice_is_once(house, draft, unchanged):
    draft.submit(by=house.zhuguan)
    with unchanged(), pytest.raises(Refused):
        draft.submit(by=house.zhuguan)
    assert told_to(house.gaoguan) == ["gaoguan"]


@pytest.mark.parametrize("act", ["update", "delete"])
def test_what_was_sent_stays_as_it_is(act, house, draft, unchanged):
    draft.submit(by=house.zhuguan)
    with unchanged(), pytest.raises((Refused, Forbidden)):
        draft.update({"conclusion": "改口"}, by=house.zhuguan) if act == "update" else draft.delete(by=house.zhuguan)


def test_its_figures_are_those_of_the_day_it_was_sent(house, draft, as_):
    """A draft shows the figures of now; a submitted report those of then, also to whoever sees more by now."""
    pages = as_(house.zhuguan)
    assert _large(pages, draft) == "1"
    house.customer(house.jingli2, name="乙", level=house.item("客户等级", "2"))
    assert _large(pages, draft) == "2"
    draft.submit(by=house.zhuguan)
    house.customer(house.jingli3, name="丙", level=house.item("客户等级", "2"))
    assert _large(pages, draft) == _large(as_(house.gaoguan), draft) == "2"


def test_every_part_has_its_sheets_comment_and_question(house, draft, as_):
    """The four analyses are joined as they are signed in: each with a sheet, in the draft, as sent, and on paper."""
    house.order(house.customer(house.jingli, name="乙"), clock.today(), 100, fulfilment=5)
    house.alert(house.customer(house.jingli, name="丙"), "上门", reason="停产")
    draft.update({part.note: f"评{part.key}" for part in PARTS}, by=house.zhuguan)
    draft.submit(by=house.zhuguan)
    assert set(draft.sheets.values_list("part", flat=True)) == {part.key for part in PARTS}
    assert all(one.sheet["lines"] for one in draft.sheets.all())
    for path in (f"{HOME}{draft.pk}/", f"{HOME}{draft.pk}/print/"):
        page = as_(house.gaoguan).get(path).content.decode()
        places = [page.find(f"评{part.key}") for part in PARTS]
        assert -1 < places[0] < places[1] < places[2]
        assert "停产" in page
    new = as_(house.zhuguan).get(f"{HOME}new/").content.decode()
    assert [f'name="{part.note}"' in new for part in PARTS] == [True] * len(PARTS)


def test_a_total_of_more_rows_than_are_shown_says_so(house, draft, as_, monkeypatch):
    monkeypatch.setattr(parts, "ROWS", "1")
    for name in ("乙", "丙"):
        house.order(house.customer(house.jingli, name=name), clock.today(), 100, fulfilment=5)
    for path in ("", "edit/", "print/"):
        page = as_(house.zhuguan).get(f"{HOME}{draft.pk}/{path}").content.decode()
        assert "仅列前 1 行，共 2 行" in page, path
        assert "¥200.00" in page, path


def _large(pages, draft) -> str:
    """How many large customers the report tells of."""
    page = pages.get(f"{HOME}{draft.pk}/").content.decode()
    cell = page.partition(">大客户<")[2].partition('<td class="num strong">')[2].partition("</td>")[0]
    return cell.partition(">")[2].partition("<")[0] if cell.startswith("<a") else cell
