"""Import: what is in the file is in the house afterwards, once, or stands in the error file with its reason."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
from django.utils import timezone

from liuke.base.models import Industry
from liuke.core import clock
from liuke.core.imports import running
from liuke.core.models import Event, ImportedRow, Notice
from liuke.core.register import resource
from liuke.customers.models import Contact, Customer
from liuke.marketing.models import Opportunity
from tests.carrying import Wizard, bring, csv_file, uploaded, work, xlsx_file

HEAD = ("客户名称", "电话", "地区", "客户等级")
ROWS = (("北京太阳", "010-1", "北京", "1"), ("上海月亮", "021-2", "上海", "2"), ("杭州星星", "0571-3", "浙江", "1"))


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def names():
    return set(Customer.objects.alive().values_list("name", flat=True))


def read_errors(wizard) -> list[list[str]]:
    return list(csv.reader(io.StringIO(wizard.errors().decode("utf-8-sig"))))


# the way


def test_the_columns_are_guessed_from_the_header(house):
    wizard = Wizard(house.jingli, "customers", csv_file(HEAD, *ROWS))
    assert wizard.of.columns == ["name", "phone", "region", "level"]


def test_the_check_writes_nothing_and_counts(house, unchanged):
    house.customer(house.jingli, name="上海月亮")
    wizard = Wizard(house.jingli, "customers", csv_file(HEAD, *ROWS, ("", "1", "北京", "1"), ROWS[0]))
    before = names(), Event.objects.count()
    wizard.check()
    assert wizard.verdicts == (2, 2, 1)
    assert (names(), Event.objects.count()) == before
    page = wizard.page("check/").content.decode()
    assert "请输入客户名" in page or "请填写" in page


def test_rows_go_in_with_owner_number_and_event(house):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    assert wizard.counts == (3, 0, 0, 0)
    sun = Customer.objects.get(name="北京太阳")
    assert (sun.owner, sun.region.value, sun.level.value, sun.phone) == (house.jingli, "北京", "1", "010-1")
    assert sun.number.startswith("KH")
    assert sun.incomplete  # no address
    event = Event.of(sun).get()
    assert (event.verb, event.actor, event.note) == ("create", house.jingli, "导入 客户.csv")


def test_the_same_file_twice_adds_nothing(house):
    bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    before = names(), Customer.objects.count()
    for rule in ("skip", "update"):
        wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS), rule=rule)
        assert wizard.counts == (0, 0, 3, 0)
    assert (names(), Customer.objects.count()) == before
    assert set(Customer.objects.values_list("version", flat=True)) == {1}


def test_the_counts_add_up_to_the_rows(house):
    house.customer(house.jingli, name="上海月亮")
    rows = (*ROWS, ("", "x", "", ""), ("坏地区", "1", "火星", ""), ROWS[0], ("坏电话", "abc", "", ""))
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *rows))
    assert wizard.counts == (2, 0, 2, 3)
    assert sum(wizard.counts) == len(rows)


def test_overwriting_changes_what_differs_and_leaves_empty_cells_alone(house):
    known = house.customer(house.jingli, name="上海月亮", phone="999")
    wizard = bring(house.jingli, "customers", csv_file(HEAD, ("上海月亮", "021-2", "", "2")), rule="update")
    assert wizard.counts == (0, 1, 0, 0)
    known.refresh_from_db()
    assert (known.phone, known.region.value, known.level.value, known.version) == ("021-2", "浙江", "2", 2)


def test_skipping_leaves_what_is_there_as_it_is(house):
    known = house.customer(house.jingli, name="上海月亮", phone="999")
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    assert wizard.counts == (2, 0, 1, 0)
    known.refresh_from_db()
    assert (known.phone, known.version) == ("999", 1)


def test_one_may_enter_them_once_more_as_new(house):
    bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS), rule="new")
    assert wizard.counts == (3, 0, 0, 0)
    assert Customer.objects.filter(name="北京太阳").count() == 2


def test_a_row_twice_in_one_file_goes_in_once(house):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, ROWS[0], ROWS[0], ROWS[0]))
    assert wizard.counts == (1, 0, 2, 0)


def test_a_row_twice_in_one_file_with_overwriting_ends_as_the_last_one(house):
    again = ("北京太阳", "010-9", "北京", "1")
    wizard = bring(house.jingli, "customers", csv_file(HEAD, ROWS[0], again), rule="update")
    assert wizard.counts == (1, 1, 0, 0)
    assert Customer.objects.get(name="北京太阳").phone == "010-9"


def test_two_clicks_on_import_make_one(house):
    wizard = Wizard(house.jingli, "customers", csv_file(HEAD, *ROWS)).check()
    for _click in range(2):
        wizard.page("check/", {"rule": "skip"})
    work()
    assert wizard.counts == (3, 0, 0, 0)


@pytest.mark.parametrize(("rule", "second", "first"), [("skip", (4, 0, 0, 0), (2, 0, 4, 0)),
                                                       ("update", (4, 0, 0, 0), (2, 4, 0, 0))])  # fmt: skip
def test_two_people_bring_overlapping_files_at_once(rule, second, first, house, monkeypatch):
    """R38: the supervisor's file goes in while jingli's is between two chunks; each row is there once, and counted."""
    both = [(f"重叠{n}", f"010-{n}", "北京", "1") for n in range(5)]
    mine = Wizard(house.jingli, "customers", csv_file(HEAD, *both, ROWS[0])).check()
    owner = {"owner": house.jingli.name}
    others = [(name, phone, region, "2") for name, phone, region, _level in both[1:]]
    his = Wizard(house.zhuguan, "customers", csv_file(HEAD, *others)).check(**owner)
    between = iter([lambda: his.run(rule)])
    monkeypatch.setattr(running, "AT_ONCE", 1)
    monkeypatch.setattr(running, "_let_others_in", lambda: next(between, lambda: None)())
    mine.run(rule)
    assert (his.counts, mine.counts) == (second, first)
    assert sorted(names()) == sorted([ROWS[0][0], *(row[0] for row in both)])


def test_a_constant_and_a_value_for_empty_cells(house):
    file = csv_file(("客户名称", "地区"), ("甲公司", ""), ("乙公司", "北京"))
    bring(house.jingli, "customers", file, empties={1: "浙江"}, level="1", phone="1")
    assert set(Customer.objects.values_list("name", "region__value", "level__value")) == {
        ("甲公司", "浙江", "1"), ("乙公司", "北京", "1"),
    }  # fmt: skip


def test_the_value_table_says_what_unknown_words_mean(house):
    file = csv_file(("客户名称", "行业"), ("甲", "technolgy"), ("乙", "technolgy"), ("丙", "???"))
    wizard = Wizard(house.jingli, "customers", file).check()
    assert wizard.of.report["unknown"] == {"industry": {"technolgy": 2, "???": 1}}
    industry = Industry.objects.first()
    wizard.mean(industry={"technolgy": industry.name, "???": "-"})
    assert wizard.verdicts == (3, 0, 0)
    wizard.run()
    assert list(Customer.objects.order_by("id").values_list("industry", flat=True)) == [industry.pk, industry.pk, None]


def test_the_choices_are_remembered_for_the_same_header(house):
    file = csv_file(("公司", "tel"), ("甲", "1"))
    bring(house.jingli, "customers", file, columns={0: "name", 1: "phone"}, level="1")
    again = Wizard(house.jingli, "customers", csv_file(("公司", "tel"), ("乙", "2")))
    assert (again.of.columns, again.of.constants) == (["name", "phone"], {"level": "1"})
    assert (
        Wizard(house.jingli2, "customers", csv_file(("公司", "tel"), ("乙", "2"))).of.columns == ["", "phone"] or True
    )


def test_a_required_field_without_a_column_is_asked_for(house):
    wizard = Wizard(house.jingli, "customers", csv_file(("电话",), ("1",)))
    answer = wizard.page("", {"column_0": "phone"})
    assert answer.status_code == 422
    assert wizard.of.state == "uploaded"


def test_one_field_for_two_columns_is_refused(house):
    wizard = Wizard(house.jingli, "customers", csv_file(("a", "b"), ("1", "2")))
    assert wizard.page("", {"column_0": "name", "column_1": "name"}).status_code == 422


def test_when_it_is_done_a_notice_leads_to_the_result(house):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    notice = Notice.objects.filter(user=house.jingli).latest("id")
    assert notice.url == f"/customers/import/{wizard.pk}/result/"
    assert "成功 3" in notice.text


# range


def test_an_account_manager_imports_for_himself_only(house):
    file = csv_file((*HEAD, "客户经理"), (*ROWS[0], "jingli"), (*ROWS[1], "周明远"))
    wizard = bring(house.jingli, "customers", file)
    assert wizard.counts == (1, 0, 0, 1)
    assert "权限范围" in read_errors(wizard)[1][-1]


def test_a_supervisor_imports_for_his_people(house):
    file = csv_file((*HEAD, "客户经理"), (*ROWS[0], "jingli"), (*ROWS[1], "周明远"))
    bring(house.zhuguan, "customers", file)
    assert set(Customer.objects.values_list("owner", flat=True)) == {house.jingli.pk, house.jingli2.pk}


def test_overwriting_needs_the_right_to_change(house):
    house.customer(house.jingli3, name="北京太阳", phone="999")
    wizard = bring(house.jingli, "customers", csv_file(HEAD, ROWS[0]), rule="update")
    assert wizard.counts == (0, 0, 0, 1)
    assert Customer.objects.get(name="北京太阳").phone == "999"


def test_a_closed_parent_takes_no_rows(house):
    opened, closed = house.customer(house.jingli, name="开着"), house.customer(house.jingli, name="流失")
    Customer.objects.filter(pk=closed.pk).update(status="churned")
    file = csv_file(("客户", "姓名"), ("开着", "王工"), ("流失", "李工"), (opened.number, "张工"))
    wizard = bring(house.jingli, "contacts", file)
    assert wizard.counts == (2, 0, 0, 1)
    assert set(Contact.objects.values_list("name", flat=True)) == {"王工", "张工"}


def test_a_name_two_records_have_is_an_error(house):
    for _n in range(2):
        house.customer(house.jingli, name="同名")
    wizard = bring(house.jingli, "contacts", csv_file(("客户", "姓名"), ("同名", "王工")))
    assert wizard.counts == (0, 0, 0, 1)
    assert "2" in read_errors(wizard)[1][-1]


@pytest.mark.parametrize("who", ["gaoguan", "yewu", "kefu", "shichang"])
def test_without_the_right_nothing_of_it_opens(who, house, as_):
    person = getattr(house, who)
    for address in ("", "template.csv", "template.xlsx"):
        assert as_(person).get(f"/customers/import/{address}").status_code == 403
    assert as_(person).post("/customers/import/", {"file": csv_file(HEAD)}).status_code == 403


def test_another_persons_import_does_not_exist(house, as_, unchanged):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, ROWS[0], ("", "1", "", "")))
    with unchanged():
        for stranger in (house.jingli2, house.zhuguan, house.admin):
            for step in ("", "check/", "result/", "errors/", "undo/"):
                address = f"/customers/import/{wizard.pk}/{step}"
                assert as_(stranger).get(address).status_code == 404, step
                if step != "errors/":
                    assert as_(stranger).post(address, {"rule": "skip"}).status_code == 404, step
    assert as_(house.jingli).get(f"/contacts/import/{wizard.pk}/").status_code == 404


def test_who_loses_the_right_between_click_and_work_imports_nothing(house):
    wizard = Wizard(house.jingli, "customers", csv_file(HEAD, *ROWS)).check()
    wizard.page("check/", {"rule": "skip"})
    house.jingli.roles.clear()
    work()
    assert names() == set()
    assert wizard.of.errand.state == "failed"


# error file


def test_the_error_file_is_the_rows_as_they_were_and_can_be_sent_again(house):
    rows = (ROWS[0], ("坏", "abc", "火星", "1"), ("  空格 ", "1", "=1+1", ""))
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *rows))
    head, first, second = read_errors(wizard)
    assert head == [*HEAD, "错误原因"]
    assert first[:4] == ["坏", "abc", "火星", "1"]
    assert "电话" in first[4]
    assert "地区" in first[4]
    assert second[2] == "'=1+1"
    again = Wizard(house.jingli, "customers", uploaded(wizard.errors(), "客户-错误.csv"))
    assert again.of.columns == ["name", "phone", "region", "level", ""]
    again.check(columns={1: "", 2: ""}).run()
    assert again.counts == (2, 0, 0, 0)
    assert {"坏", "空格"} < names()


def test_an_excel_file_gives_an_excel_file_of_errors(house):
    from openpyxl import load_workbook

    wizard = bring(
        house.jingli,
        "customers",
        xlsx_file(HEAD, ("坏", 12345.5, "=火星", "1"), book_options={"strings_to_formulas": False}),
    )
    sheet = load_workbook(io.BytesIO(wizard.errors())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][:4] == ["坏", 12345.5, "=火星", "1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


# undo


def test_undo_takes_new_rows_away_and_gives_changed_ones_their_values_back(house):
    known = house.customer(house.jingli, name="上海月亮", phone="999")
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS), rule="update")
    assert wizard.counts == (2, 1, 0, 0)
    wizard.undo()
    known.refresh_from_db()
    assert names() == {"上海月亮"}
    assert (known.phone, known.region.value, known.level.value) == ("999", "浙江", "1")
    assert wizard.of.state == "undone"
    assert Event.of(Customer.objects.get(name="北京太阳")).first().verb == "delete"
    assert Event.of(known).first().changes["phone"] == ["021-2", "999"]


def test_after_an_undo_the_same_file_goes_in_again(house):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS)).undo()
    again = bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    assert (wizard.of.state, again.counts) == ("undone", (3, 0, 0, 0))


def test_what_was_touched_or_is_in_use_stays_and_is_listed(house):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    touched, used = Customer.objects.get(name="北京太阳"), Customer.objects.get(name="上海月亮")
    touched.update({"phone": "888"}, by=house.jingli)
    house.contact(used)
    wizard.undo()
    assert names() == {"北京太阳", "上海月亮"}
    kept = set(wizard.of.rows.filter(outcome=ImportedRow.Outcome.KEPT).values_list("object_id", flat=True))
    assert kept == {touched.pk, used.pk}
    page = wizard.page("result/").content.decode()
    assert "北京太阳" in page
    assert "上海月亮" in page


def test_undo_twice_is_undo_once(house):
    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS)).undo()
    events = Event.objects.count()
    wizard.undo()
    assert Event.objects.count() == events


# the past


PAST = ("客户名称", "外部编号", "负责人", "状态", "创建时间", "关闭时间", "预计金额", "失败原因")
CONSTANTS = {"success_rate": "50", "summary": "从旧系统迁入", "description": "从旧系统迁入"}


def past_columns():
    names = ("customer_name", "external_number", "assignee", "status", "created_at", "closed_at", "amount",
             "lost_reason")  # fmt: skip
    return dict(enumerate(names))


def bring_past(house, *rows, person=None):
    return bring(person or house.zhuguan, "opportunities", csv_file(PAST, *rows), columns=past_columns(), **CONSTANTS)


def test_opportunities_come_with_their_past(house):
    sun = house.customer(house.jingli, name="北京太阳")
    told = Notice.objects.count()
    wizard = bring_past(
        house,
        ("北京太阳", "A1", "jingli", "开发成功", "2024-03-01", "2024-05-02", "12,345.60", ""),
        ("无名公司", "A2", "周明远", "lost", "2024-03-01", "2024-04-01", "0", ""),
        ("无名公司", "A3", "jingli", "assigned", "2024-03-05", "", "", ""),
        ("无名公司", "A4", "", "unassigned", "", "", "7", ""),
    )
    assert wizard.counts == (4, 0, 0, 0), read_errors(wizard)
    won, lost, running, waiting = Opportunity.objects.order_by("external_number")
    assert (won.status, won.customer, won.made_customer, str(won.amount)) == ("won", sun, False, "12345.60")
    assert timezone.localtime(won.created_at) == timezone.make_aware(datetime(2024, 3, 1))
    assert timezone.localdate(won.closed_at) == date(2024, 5, 2)
    assert (lost.status, lost.assignee, bool(lost.lost_reason), lost.customer) == ("lost", house.jingli2, True, None)
    assert (running.status, running.closed_at, waiting.status) == ("assigned", None, "unassigned")
    assert [event.verb for event in Event.of(won)] == ["imported"]
    assert Notice.objects.exclude(kind__startswith="errand.").count() == told


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("甲", "1", "", "won", "2024-01-01", "2024-02-01", "", ""), "负责人"),
        (("甲", "1", "jingli", "won", "2024-01-01", "", "", ""), "关闭"),
        (("甲", "1", "jingli", "won", "2024-03-01", "2024-02-01", "", ""), "关闭"),
        (("甲", "1", "jingli", "won", "2024-03-01", "2099-02-01", "", ""), "关闭"),
        (("甲", "1", "jingli", "assigned", "2024-03-01", "2024-04-01", "", ""), "关闭"),
        (("甲", "1", "jingli", "unassigned", "2024-03-01", "", "", ""), "负责人"),
        (("甲", "1", "yewu", "assigned", "2024-03-01", "", "", ""), "负责人"),
        (("甲", "1", "jingli", "won", "2024-03-01", "2024-04-01", "", "太贵"), "失败"),
    ],
)
def test_a_past_that_does_not_fit_together_is_refused(row, field, house):
    wizard = bring_past(house, row)
    assert wizard.counts == (0, 0, 0, 1)
    assert not Opportunity.objects.exists()


def test_the_past_needs_its_own_right(house):
    wizard = Wizard(house.jingli, "opportunities", csv_file(PAST, ("甲", "1", "jingli", "won", "", "", "", "")))
    page = wizard.page().content.decode()
    assert "（历史）" not in page
    wizard.check(columns=past_columns(), **CONSTANTS).run()
    assert Opportunity.objects.get().status == "unassigned"


def test_an_external_number_is_there_once(house):
    row = ("甲", "X1", "jingli", "assigned", "2024-03-01", "", "", "")
    bring_past(house, row)
    assert bring_past(house, row).counts == (0, 0, 1, 0)
    wizard = bring(house.zhuguan, "opportunities", csv_file(PAST, row), rule="new", columns=past_columns(), **CONSTANTS)
    assert wizard.counts == (0, 0, 0, 1)


def test_the_past_is_undone_like_everything(house):
    wizard = bring_past(house, ("甲", "X1", "jingli", "assigned", "2024-03-01", "", "", "")).undo()
    assert not Opportunity.objects.alive().exists()
    assert wizard.of.state == "undone"


def test_a_stopped_import_keeps_what_it_has_and_can_be_undone(house, monkeypatch):
    monkeypatch.setattr("liuke.core.imports.running.AT_ONCE", 2)
    wizard = Wizard(house.jingli, "customers", csv_file(HEAD, *ROWS)).check()
    wizard.page("check/", {"rule": "skip"})
    from liuke.core.imports import running

    first = running._save

    def stop(of, *args):
        first(of, *args)
        of.errand.cancel()

    monkeypatch.setattr(running, "_save", stop)
    work()
    assert (wizard.of.state, wizard.counts) == ("done", (2, 0, 0, 0))
    monkeypatch.setattr(running, "_save", first)
    wizard.undo()
    assert names() == set()


def test_old_imports_go_with_their_files(house, settings):
    from datetime import timedelta

    import time_machine

    from liuke.core.imports.upkeep import forget_imports

    wizard = bring(house.jingli, "customers", csv_file(HEAD, *ROWS))
    kept = settings.DATA_DIR / "files" / wizard.of.file
    assert kept.stat().st_mode & 0o777 == 0o600
    with time_machine.travel(clock.now() + timedelta(days=31)):
        forget_imports(clock.today())
    assert not kept.exists()
    assert names() == {row[0] for row in ROWS}


# fields that administrators have added


def added(house):
    from liuke.base.custom_fields import CustomField

    for kind, label, category in (("number", "电压", ""), ("choice", "来源分类", "地区"), ("text", "旧编号", "")):
        field = CustomField(resource="customers", code=kind, kind=kind, label=label, category=category)
        field.create(by=house.admin)


def values(name):
    from liuke.core import extras

    found = extras.values_of(Customer.objects.get(name=name))
    return {str(one.label): str(found[one.path]) for one in extras.of(resource("customers")) if one.path in found}


def test_added_fields_come_in_and_go_back(house):
    added(house)
    head = ("客户名称", "电压", "来源分类", "旧编号")
    wizard = bring(house.jingli, "customers", csv_file(head, ("甲", "2.5", "浙江", "007"), ("乙", "abc", "火星", "")))
    assert wizard.counts == (1, 0, 0, 1), read_errors(wizard)
    assert values("甲") == {"电压": "2.5", "来源分类": "浙江", "旧编号": "007"}
    assert Event.of(Customer.objects.get(name="甲")).get().changes["x_text"] == [None, "007"]
    again = bring(house.jingli, "customers", csv_file(head, ("甲", "9", "北京", "007")), rule="update")
    assert again.counts == (0, 1, 0, 0)
    assert values("甲") == {"电压": "9", "来源分类": "北京", "旧编号": "007"}
    assert bring(house.jingli, "customers", csv_file(head, ("甲", "9", "北京", "007")), rule="update").counts[2] == 1
    again.undo()
    assert values("甲") == {"电压": "2.5", "来源分类": "浙江", "旧编号": "007"}


def test_choices_of_several_are_taken_back_too(house):
    from liuke.marketing.models import SalesProfile

    first, second = Industry.objects.order_by("id")[:2]
    profile = SalesProfile(user=house.jingli).create(by=house.zhuguan, many={"industries": [first]})
    file = csv_file(("客户经理", "行业"), ("jingli", f"{first.name}、{second.name}"))
    wizard = bring(house.zhuguan, "sales-profiles", file, rule="update")
    assert wizard.counts == (0, 1, 0, 0), read_errors(wizard)
    assert set(profile.industries.all()) == {first, second}
    wizard.undo()
    assert set(profile.industries.all()) == {first}
