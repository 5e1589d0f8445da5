"""Export: chosen columns, the rows in range, in the background when they are many; and back in again."""

from __future__ import annotations

import csv
import io

import pytest
from django.db.models import CharField, SlugField, UniqueConstraint
from openpyxl import load_workbook

from liuke.accounts.models import Role
from liuke.core import clock, extras, grantable
from liuke.core.fields import LongTextField
from liuke.core.models import Errand
from liuke.core.register import resource, resource_of, resources
from liuke.customers.models import Contact, Customer
from tests.carrying import Wizard, bring, uploaded, work

EVIL_LINE = "=1+1\"引,逗;号'０１２😀"
FIXED = {"category", "resource"}  # texts that name something there must be
EVIL = ["=1+1", "'=1+1", " 前后 ", '引"号,逗;号\t制表', "换\n行", "０１２", "000123", "😀", "+86 138"]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_only_the_chosen_columns_go_out(house, as_):
    house.customer(house.jingli)
    answer = as_(house.jingli).get("/customers/export.csv?columns=phone&columns=name&columns=nonsense")
    rows = list(csv.reader(io.StringIO(content(answer).decode("utf-8-sig"))))
    assert rows == [["客户名称", "电话"], ["宁波海川港务", "0574-27690000"]]


def test_the_form_leads_to_the_file(house, as_):
    house.customer(house.jingli)
    assert "客户名称" in as_(house.jingli).get("/customers/export/").content.decode()
    answer = as_(house.jingli).post(
        "/customers/export/", {"columns": ["name", "level"], "kind": "csv", "search": "海川", "encoding": "gb18030"}
    )
    assert answer.status_code == 302
    text = content(as_(house.jingli).get(answer["Location"])).decode("gb18030")
    assert text.splitlines()[0] == "客户名称,客户等级"
    assert len(text.splitlines()) == 2


def test_many_rows_go_to_the_background_and_are_the_same(house, as_, monkeypatch):
    monkeypatch.setattr("liuke.core.exports.BACKGROUND", 2)
    monkeypatch.setattr("liuke.core.exports.CHUNK", 2)
    for n in range(5):
        house.customer(house.jingli, name=f"我的{n}")
    house.customer(house.jingli2, name="别人的")
    client = as_(house.jingli)
    assert client.get("/customers/export.xlsx")["Location"].startswith("/customers/export/")
    answer = client.post("/customers/export/", {"columns": ["name"], "kind": "xlsx"})
    assert answer["Location"] == "/errands/"
    work()
    errand = Errand.objects.get(kind="export")
    assert (errand.state, errand.done, errand.total) == ("done", 4, 5)
    sheet = load_workbook(io.BytesIO(content(client.get(f"/errands/{errand.pk}/file/")))).active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {f"我的{n}" for n in range(5)}
    assert as_(house.zhuguan).get(f"/errands/{errand.pk}/file/").status_code == 404


def test_who_loses_the_right_before_the_work_gets_no_file(house, as_, monkeypatch):
    monkeypatch.setattr("liuke.core.exports.BACKGROUND", 0)
    house.customer(house.jingli)
    as_(house.jingli).post("/customers/export/", {"kind": "csv"})
    house.jingli.roles.clear()
    work()
    errand = Errand.objects.get(kind="export")
    assert (errand.state, errand.file) == ("failed", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_as_it_was(kind, house, as_):
    for n, text in enumerate(EVIL):
        house.customer(house.jingli, name=f"客户{n}", notes=text, address=text[:5], licence_no=text[:5])
    before = told(Customer)
    file = uploaded(content(as_(house.jingli).get(f"/customers/export.{kind}")), f"客户.{kind}")
    Customer.objects.all().delete()
    wizard = bring(house.jingli, "customers", file, rule="new")
    assert wizard.counts == (len(EVIL), 0, 0, 0), wizard.of.rows.first() and wizard.of.rows.first().reason
    assert told(Customer) == before


def told(model) -> list[tuple]:
    """What a person entered, without what the house gives out by itself."""
    names = resource(f"{model._meta.model_name}s").field_names
    rows = model.objects.order_by("name").values_list(*names)
    return [tuple(cell.strip() if isinstance(cell, str) else cell for cell in row) for row in rows]


def test_contacts_come_in_again_with_their_customer(house, as_):
    customer = house.customer(house.jingli, name="唯一的名字")
    house.contact(customer, name="王工", birthday="1990-02-03", gender="male", notes="=1")
    before = told(Contact)
    file = uploaded(content(as_(house.jingli).get("/contacts/export.csv")), "a.csv")
    Contact.objects.all().delete()
    assert bring(house.jingli, "contacts", file, rule="new").counts == (1, 0, 0, 0)
    assert told(Contact) == before


@pytest.mark.parametrize("name", [one.name for one in resources() if "import" in one.actions])
def test_a_record_of_every_kind_goes_out_and_comes_in_again_as_it_was(name, house, as_):
    """R40, for whatever is registered: the newest record of each kind, with evil texts wherever a text may stand."""
    from tests.test_permissions import make_things

    make_things(house)
    person, of = almighty(house), resource(name)
    record = example(of, person)
    spoil(record)
    before = entered(record)
    file = uploaded(content(as_(person).get(f"/{name}/export.xlsx?ids={record.pk}")), "a.xlsx")
    put_away(record)
    wizard = Wizard(person, name, file)
    assert set(of.field_names) - set(of.guarded) <= set(wizard.of.columns)  # no file names what its reader may not see
    wizard.check().run("new")
    assert wizard.counts == (1, 0, 0, 0), (wizard.of.report, wizard.of.rows.values())
    assert entered(of.model.objects.alive().latest("pk")) == before


def example(of, person):
    """The newest that can still be changed, or the first of all."""
    rows = list(
        of.rows(person, "export").order_by("-pk").exclude(pk__in=person.roles.all() if of.model is Role else [])
    )
    assert rows, f"make_things makes no {of.name}"
    return next((one for one in rows if one.refusal("update", person) is None), rows[-1])


def almighty(house):
    """The head of sales, with a role that allows everything everywhere."""
    role = Role(name="全部", code="all").create(by=house.admin)
    everything = {(name, act): "all" for name, _label, acts in grantable.everything() for act in acts}
    role.set_grants(everything, by=house.admin)
    house.zhuguan.roles.add(role)
    return house.again("zhuguan")


def spoil(record) -> None:
    """Put a text that formulas, tables and encodings stumble over into every field that takes any text."""
    names = resource_of(type(record)).field_names
    for field in record._meta.concrete_fields:
        free = type(field) in (CharField, LongTextField) and not (field.choices or field.unique or field._validators)
        if free and field.name in names and field.name not in FIXED:
            text = EVIL_LINE if type(field) is CharField else f"{EVIL_LINE}\n{EVIL_LINE}"
            setattr(record, field.name, text[: field.max_length].strip())
    for field in record._meta.many_to_many:
        getattr(record, field.name).set(field.related_model.objects.alive()[:2])
    record.save()


def put_away(record) -> None:
    """Out of the way: in the bin, and with other words where even those in the bin must differ."""
    whole = [one.fields for one in record._meta.constraints if isinstance(one, UniqueConstraint)]
    for field in record._meta.concrete_fields:
        if type(field) in (CharField, SlugField) and (field.unique or any(field.name in one for one in whole)):
            setattr(record, field.name, f"{getattr(record, field.name)[: field.max_length - 1]}z")
    record.deleted_at = clock.now()
    record.save()


def entered(record) -> dict:
    """What people have entered of a record, added fields too."""
    record, of = type(record).objects.get(pk=record.pk), resource_of(type(record))
    several = {field.name for field in record._meta.many_to_many}
    one_by_one = {name: getattr(record, name) for name in of.field_names if name not in several}
    return one_by_one | {name: set(getattr(record, name).all()) for name in several & set(of.field_names)} | {
        path: str(value) for path, value in extras.values_of(record).items()
    }  # fmt: skip
