"""A year of another company's sales, as it was found: people, customers, and 8,800 opportunities with their past."""

from __future__ import annotations

import csv
import io
import os
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum

from liuke.accounts.models import User
from liuke.core import clock
from liuke.core.models import Import
from liuke.core.models.record import Record
from liuke.customers.models import Customer
from liuke.marketing.models import Opportunity
from tests.carrying import Wizard, bring, csv_file, uploaded, xlsx_file

FOLDER = Path(os.environ.get("LIUKE_REAL_DATA") or "/nowhere") / "maven-crm"
pytestmark = pytest.mark.django_db
real = pytest.mark.skipif(not FOLDER.is_dir(), reason="no real data: set LIUKE_REAL_DATA")
SECTORS = {
    "technolgy": "软件与互联网", "medical": "医药", "retail": "零售", "software": "软件与互联网",
    "entertainment": "教育", "marketing": "零售", "telecommunications": "电子信息", "finance": "金融",
    "employment": "教育", "services": "物流运输",
}  # fmt: skip
PIPELINE = (
    "external_number",
    "assignee",
    "needed_product",
    "customer_name",
    "status",
    "created_at",
    "closed_at",
    "amount",
)
CONSTANTS = {"success_rate": "50", "summary": "从旧系统迁入", "description": "从旧系统迁入"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    # a test is one long transaction, for whose end the sign of life of a job would wait
    monkeypatch.setattr("liuke.core.jobs.runner._beating", lambda run, every: nullcontext())


def found(name: str):
    return uploaded((FOLDER / name).read_bytes(), name)


def told(wizard) -> list[list[str]]:
    return list(csv.reader(io.StringIO(wizard.errors().decode("utf-8-sig"))))


def alive() -> dict[str, list[int]]:
    """What people see of the house: every record that is not in the bin."""
    models = [one for one in apps.get_models() if issubclass(one, Record)]
    return {one.__name__: sorted(one.objects.alive().values_list("pk", flat=True)) for one in models}


def bring_people(house) -> None:
    """Offices as departments, managers as supervisors, agents as account managers."""
    teams = list(csv.DictReader((FOLDER / "sales_teams.csv").open(encoding="utf-8-sig")))
    offices = sorted({one["regional_office"] for one in teams})
    rooms = csv_file(("name",), *((office,) for office in offices), name="offices.csv")
    assert bring(house.admin, "departments", rooms, parent="销售部").counts == (3, 0, 0, 0)
    managers = sorted({(one["manager"], one["regional_office"]) for one in teams})
    agents = [(one["sales_agent"], one["regional_office"]) for one in teams]
    for people, role, count in ((managers, "销售主管", 6), (agents, "客户经理", 35)):
        rows = [(name.lower().replace(" ", "."), name, office) for name, office in people]
        file = csv_file(("username", "name", "department"), *rows, name="people.csv")
        wizard = bring(house.admin, "users", file, roles=role)
        assert wizard.counts == (count, 0, 0, 0), told(wizard)


def pipeline(person, file, **empties) -> Wizard:
    """The file as it is; what its words for states mean is said once."""
    columns = dict(enumerate(PIPELINE))
    wizard = Wizard(person, "opportunities", file).check(columns, empties.get("empties"), **CONSTANTS)
    if unknown := wizard.of.report["unknown"]:
        assert set(unknown) == {"status"}, unknown
        wizard.mean(status={"Engaging": "assigned", "Prospecting": "assigned"})
    return wizard


@real
@pytest.mark.real_data
def test_a_sales_team_moves_in_with_its_customers_and_its_past(house):
    bring_people(house)
    assert User.objects.filter(roles__code="account_manager", department__parent__name="销售部").count() == 35

    accounts = Wizard(house.zhuguan, "customers", found("accounts.csv"))
    accounts.check({0: "name", 1: "industry", 5: "address", 6: "notes"}).mean(industry=SECTORS).run()
    assert accounts.counts == (85, 0, 0, 0), told(accounts)
    assert Customer.objects.filter(industry__name="软件与互联网").count() == 19
    before = alive()

    # the columns stand as they are in the file: number, agent, product, account, state, days, value
    first = pipeline(house.zhuguan, found("sales_pipeline.csv"))
    assert first.verdicts == (7375, 0, 1425)
    assert alive() == before
    first.run()
    assert first.counts == (7375, 0, 0, 1425)
    errors = told(first)
    assert len(errors) == 1 + 1425
    assert {row[3] for row in errors[1:]} == {""}
    assert all("客户" in row[-1] for row in errors[1:])

    second = pipeline(house.zhuguan, uploaded(first.errors(), "errors.csv"), empties={3: "未登记客户"}).run()
    assert second.counts == (1425, 0, 0, 0)
    _counts_are_those_of_the_file()

    again = pipeline(house.zhuguan, found("sales_pipeline.csv"), empties={3: "未登记客户"}).run()
    assert again.counts == (0, 0, 8800, 0)

    for wizard in (second, first):
        wizard.undo()
        assert wizard.of.state == "undone"
    assert alive() == before


def _counts_are_those_of_the_file() -> None:
    """As counted in the data's own README."""
    chances = Opportunity.objects.alive()
    assert {status: chances.filter(status=status).count() for status in ("won", "lost", "assigned", "unassigned")} == {
        "won": 4238, "lost": 2473, "assigned": 1589 + 500, "unassigned": 0,
    }  # fmt: skip
    prospects = chances.filter(status="assigned", created_at__date=clock.today())  # those have no day yet
    assert prospects.count() == 500
    assert chances.filter(status="won").aggregate(sum=Sum("amount"))["sum"] == 10_005_534
    assert not chances.filter(status="won", customer=None).exclude(customer_name="未登记客户").exists()
    one = chances.get(external_number="1C1I7A6R")
    assert (one.customer.name, one.assignee.name, str(one.amount)) == ("Cancity", "Moses Frase", "1054.00")
    assert (f"{one.created_at.astimezone():%Y-%m}", f"{one.closed_at.astimezone():%Y-%m}") == ("2016-10", "2017-03")


# files of a size people have, made here

HEAD = ("客户名称", "地区", "客户等级", "电话", "地址", "营业执照号", "注册资金", "纪念日")


def rows(count: int):
    for n in range(count):
        yield (f"苏州第{n}精密机械有限公司", ("江苏", "浙江", "北京")[n % 3], str(n % 5), f"0512-{n:08d}",
               f"星湖街 {n} 号", f"0{n:017d}", f"{n}.50",
               f"20{n % 24:02d}-{n % 12 + 1:02d}-{n % 28 + 1:02d}")  # fmt: skip


def test_an_old_csv_of_a_chinese_office_keeps_every_value(house):
    wizard = bring(house.zhuguan, "customers", csv_file(HEAD, *rows(2000), encoding="gb18030"))
    assert wizard.counts == (2000, 0, 0, 0), told(wizard)
    last = Customer.objects.get(name="苏州第1999精密机械有限公司")
    assert (last.licence_no, last.phone, str(last.registered_capital)) == (
        "0" + f"{1999:017d}",
        "0512-00001999",
        "1999.50",
    )
    assert (last.region.entry, str(last.founded_on)) == ("浙江", "2007-08-12")


@pytest.mark.shown
def test_fifty_thousand_customers_come_in_by_one_excel_file(house):
    count = 50_000 if connection.vendor == "sqlite" else 5_000  # it takes its time; the rows are alike
    wizard = Wizard(house.zhuguan, "customers", xlsx_file(HEAD, *rows(count)))
    Import.objects.filter(pk=wizard.pk).update(state=Import.State.CHECKED)  # the check is tried on smaller files
    wizard.run()
    assert wizard.counts == (count, 0, 0, 0)
    assert Customer.objects.values("number").distinct().count() == count
    assert Customer.objects.filter(region__entry="江苏").count() == (count + 2) // 3
