"""A new entity costs a model and a Resource; every door opens by itself, and only to those who are granted it."""

from __future__ import annotations

import types
from typing import ClassVar

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import override_settings
from django.urls import clear_url_caches, include, path

from liuke.core import register as shelf
from liuke.core.models import Event

GRANTS = {"view": "all", "create": "own", "update": "own", "delete": "own", "export": "own", "close": "own"}


def declare():
    """The two places: what it is, and how people see it. No sooner than the test wants it."""
    from liuke.core.fields import LongTextField, MoneyField
    from liuke.core.models import Record
    from liuke.core.resource import ALL, MINE, Menu, Resource, Stats, Verb
    from liuke.core.verbs import verb

    class Gadget(Record):
        class Status(models.TextChoices):
            OPEN = "open", "Open"
            CLOSED = "closed", "Closed"

        LINKED = True
        NUMBER_PREFIX = "ZZ"
        MOVES: ClassVar = {("open", "update"): "open", ("open", "close"): "closed"}

        number = models.CharField("Number", max_length=20, unique=True, editable=False)
        name = models.CharField("Name", max_length=30)
        owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="Owner")
        price = MoneyField("Price", null=True, blank=True)
        due_on = models.DateField("Due on", null=True, blank=True)
        notes = LongTextField("Notes", blank=True)
        status = models.CharField("Status", max_length=10, choices=Status.choices, default=Status.OPEN, editable=False)

        class Meta:
            app_label = "customers"
            verbose_name = "Gadget"
            verbose_name_plural = "Gadgets"

        @verb
        def close(self, *, by):
            self.move("close")

    class Gadgets(Resource):
        model = Gadget
        menu = Menu("customers", 99)
        columns = ("name", "number", "owner", "price", "due_on", "status")
        search = ("name",)
        filters = ("status", "owner", "due_on")
        scenes = (ALL, MINE)
        fields = (("Gadget", ("name", "owner", "price", "due_on", "notes")),)
        own = ("owner",)
        extensible = True
        verbs = (Verb("close", "Close"),)
        stats = Stats("status", "price")

    return Gadget, Gadgets


@pytest.fixture
def gadgets(house):
    """The entity with its table and addresses, and account managers who are granted it."""
    from liuke.accounts.models import Grant, Role
    from liuke.config import urls
    from liuke.core.urls import api_addresses, page_addresses

    model, cls = declare()
    shelf.register(cls)
    resource = shelf.resource("gadgets")
    _make_table(model)
    role = Role.objects.get(code="account_manager")
    Grant.objects.bulk_create(Grant(role=role, resource="gadgets", action=a, scope=s) for a, s in GRANTS.items())
    root = types.ModuleType("throwaway_urls")
    pages, operations = include(page_addresses(resource)), include(api_addresses(resource))
    root.urlpatterns = [path("gadgets/", pages), path("api/v1/", operations), *urls.urlpatterns]
    root.handler403, root.handler404 = urls.handler403, urls.handler404
    with override_settings(ROOT_URLCONF=root):
        clear_url_caches()
        yield model
    shelf.forget("gadgets")
    del apps.all_models["customers"]["gadget"]
    apps.clear_cache()
    clear_url_caches()
    ContentType.objects.clear_cache()


def _make_table(model) -> None:
    """The statements of the schema editor, run inside the test's transaction (which SQLite's editor refuses)."""
    editor = connection.schema_editor(collect_sql=True)
    editor.deferred_sql = []
    editor.create_model(model)
    with connection.cursor() as cursor:
        for statement in [*editor.collected_sql, *map(str, editor.deferred_sql)]:
            cursor.execute(statement.replace("%%", "%"))


@pytest.fixture
def samples(gadgets, house):
    made = {}
    for username in ("jingli", "jingli2", "jingli3"):
        owner = getattr(house, username)
        made[username] = gadgets(name=f"{username} 的样品", owner=owner, price="12.50").create(by=owner)
    return made


def test_list_detail_and_form_come_by_themselves(samples, house, as_):
    pages, own = as_(house.jingli), samples["jingli"]
    text = pages.get("/gadgets/?search=样品&status=open&ordering=-price").content.decode()
    assert text.count("的样品") >= 3
    assert "¥12.50" in text
    assert 'href="/gadgets/"' in pages.get("/").content.decode()
    assert own.number in pages.get(f"/gadgets/{own.pk}/").content.decode()
    assert 'name="due_on"' in pages.get("/gadgets/new/").content.decode()
    assert "jingli2 的样品" not in pages.get("/gadgets/?scene=mine").content.decode()
    assert "¥38" in pages.get("/gadgets/stats/").content.decode()


def test_it_is_entered_changed_deleted_and_restored(samples, house, as_, gadgets):
    pages = as_(house.jingli)
    given = {"name": "新样品", "owner": house.jingli.pk, "price": "9.90", "due_on": "2027-01-31", "once": "k1"}
    assert pages.post("/gadgets/new/", given).status_code == 302
    made = gadgets.objects.get(name="新样品")
    assert (made.number[:2], made.created_by, str(made.price)) == ("ZZ", house.jingli, "9.90")
    assert pages.post("/gadgets/new/", given).status_code == 409
    given = {"name": "改名", "owner": house.jingli.pk, "version": made.version}
    assert pages.post(f"/gadgets/{made.pk}/edit/", given).status_code == 302
    assert pages.post(f"/gadgets/{made.pk}/edit/", given | {"name": "又改"}).status_code == 409
    assert pages.post(f"/gadgets/{made.pk}/delete/").status_code == 302
    assert pages.post(f"/gadgets/{made.pk}/restore/").status_code == 302
    made.refresh_from_db()
    assert (made.name, made.deleted_at) == ("改名", None)


def test_the_api_knows_it(samples, house, api, gadgets):
    mine = api(house.jingli)
    made = mine.post("gadgets", name="接口样品", owner=house.jingli.pk, price="1.00")
    assert (made.status_code, made.json()["owner__text"], made.json()["price"]) == (201, house.jingli.name, "1.00")
    pk = made.json()["id"]
    assert mine.patch(f"gadgets/{pk}", name="改").json()["name"] == "改"
    assert mine.post(f"gadgets/{pk}/close").json()["status"] == "closed"
    assert mine.post(f"gadgets/{pk}/close").status_code == 409
    assert mine.patch(f"gadgets/{pk}", name="再改").status_code == 409
    assert mine.delete(f"gadgets/{pk}").status_code == 204
    assert mine.get("gadgets?status=deleted").json()["count"] == 1
    paths = mine.get("openapi.json").json()["paths"]
    assert {"/api/v1/gadgets", "/api/v1/gadgets/{id}", "/api/v1/gadgets/{id}/close"} <= set(paths)


def test_it_has_export_and_history(samples, house, as_, gadgets):
    pages, own = as_(house.jingli), samples["jingli"]
    text = b"".join(pages.get("/gadgets/export.csv").streaming_content).decode("utf-8-sig")
    assert "jingli 的样品" in text
    assert "jingli2 的样品" not in text
    own.update({"price": "15.00"}, by=house.jingli)
    assert Event.of(own).first().changes == {"price": ["12.50", "15.00"]}
    history = pages.get(f"/gadgets/{own.pk}/?tab=history").content.decode()
    assert "¥15.00" in history


def test_nobody_gets_in_who_is_not_granted_it(samples, house, as_, api, unchanged):
    near = samples["jingli2"].pk
    pages = as_(house.zhuguan)  # the supervisor's role was granted nothing: default deny
    kefu, jingli = api(house.kefu), api(house.jingli)
    with unchanged():
        for path in ("/gadgets/", f"/gadgets/{near}/", "/gadgets/new/", "/gadgets/export.csv", "/gadgets/stats/"):
            assert pages.get(path).status_code == 403, path
        assert kefu.get("gadgets").status_code == kefu.get(f"gadgets/{near}").status_code == 403
        assert as_().get("/gadgets/").status_code == 302
        assert jingli.patch(f"gadgets/{near}", name="抢").status_code == 403
        assert jingli.delete(f"gadgets/{near}").status_code == 403
        assert jingli.post(f"gadgets/{near}/close").status_code == 403
        assert jingli.post("gadgets", name="给别人", owner=house.jingli2.pk).status_code == 422
        assert jingli.patch(f"gadgets/{samples['jingli'].pk}", owner=house.jingli2.pk).status_code == 422


def test_administrators_add_fields_to_it(samples, house, as_, api, gadgets):
    from liuke.base.models import CustomField

    given = {"label": "Voltage", "code": "voltage", "kind": "number", "resource": "gadgets"}
    assert api(house.admin).post("custom-fields", given).status_code == 201
    pages, mine, own = as_(house.jingli), api(house.jingli), samples["jingli"]
    assert 'name="x_voltage"' in pages.get("/gadgets/new/").content.decode()
    assert mine.patch(f"gadgets/{own.pk}", x_voltage=230).json()["x_voltage"] == "230"
    assert [one["id"] for one in mine.get("gadgets?x_voltage__gte=200").json()["items"]] == [own.pk]
    for page in ("/gadgets/", f"/gadgets/{own.pk}/", f"/gadgets/{own.pk}/?tab=history", "/gadgets/print/"):
        text = pages.get(page).content.decode()
        assert "Voltage" in text, page
        assert "230" in text, page
    assert mine.post(f"gadgets/{own.pk}/close").status_code == 200
    assert mine.patch(f"gadgets/{own.pk}", x_voltage=110).status_code == 409
    CustomField.objects.get(code="voltage").delete(by=house.admin)
    assert "x_voltage" not in mine.get(f"gadgets/{own.pk}").json()
