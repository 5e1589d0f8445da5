"""Sixty payloads, one record of each kind for each of them with it in every text field, every view opened in a browser.

Nothing may run, and the content policy may have nothing to stop: what was typed is text wherever it is shown.
"""

from __future__ import annotations

import itertools
import os
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.served.browser import ARGUMENTS
from tests.served.clients import Api

from .house import Served, served
from .told import Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.served.product import Demo

RUN = "window.hit=1"
# Ways out of where a text may stand: a text node, each kind of attribute, a script, a style, a comment, a title.
OUT = ("", '">', "'>", "</textarea>", "</title>", "</script>", "--></style>", "]]>", "`>", "</option></select>")
INSIDE = (
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<svg onload={RUN}>", f"<details open ontoggle={RUN}>x",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
)  # fmt: skip
ALONE = (
    f"javascript:{RUN}", f'" autofocus onfocus="{RUN}', f"' autofocus onfocus='{RUN}", f'" onmouseover="{RUN}" x="',
    f"{{{{constructor.constructor('{RUN}')()}}}}", f"${{{RUN}}}", f"</script><script>{RUN}//", f"\u2028;{RUN};//",
    f"<a href='javascript:{RUN}'>x</a>", f"<input hx-on:load='{RUN}' autofocus hx-get=/ hx-trigger=load>",
)  # fmt: skip
PAYLOADS = (*(out + run for out, run in itertools.product(OUT, INSIDE)), *ALONE)
SHORT = "<svg onload=hit=1>"  # where a payload does not fit
WATCH = """
window.hit = 0; window.stopped = [];
document.addEventListener('securitypolicyviolation',
    e => window.stopped.push(e.violatedDirective + ' ' + e.blockedURI));
"""


def prove(demo: Demo, seed: int, quick: bool) -> Told:
    told, payloads, views = Told(), PAYLOADS[::10] if quick else PAYLOADS, 0
    assert len(PAYLOADS) == 60
    with served(demo) as product, sync_playwright() as playwright:
        made = Records(product, told)
        for turn, payload in enumerate(payloads):
            made.fill(payload, turn)
        program = os.environ.get("LIUKE_TEST_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = _signed_in(browser, product)
        for address in made.addresses():
            views += 1
            _look(page, product.address + address, told)
        browser.close()
        if complaints := product.complaints():
            told.fault(complaints[-600:])
    fields = sum(len(one) for one in made.texts.values())
    told.figures = (
        f"{len(payloads)} payloads, {len(made.ids)} records of {len(made.texts)} kinds, {fields} text fields, "
        f"{views} views"
    )
    return told


class Records:
    """Made through the API by people who may; what a field does not take (a telephone, an address) is left out."""

    def __init__(self, product: Served, told: Told) -> None:
        self.product, self.told = product, told
        people = {who for _kind, who, _given in KINDS}
        self.apis = {who: Api(product.address, product.liuke("token", who).split()[-1]) for who in people}
        self.jingli = self.apis["admin"].user("jingli")
        self.ids: list[tuple[str, int]] = []
        document = self.apis["admin"].get("openapi.json")
        self.bodies = {
            path.rpartition("/")[2]: _schema(document, one["post"])
            for path, one in document["paths"].items()
            if "post" in one and path.count("/") == 3
        }
        self.texts: dict[str, dict[str, int]] = {}

    def fill(self, payload: str, turn: int) -> None:
        known = {"jingli": self.jingli, "turn": turn}
        for kind, who, given in KINDS:
            try:
                values = given(known)
            except KeyError:  # what it hangs on could not be made, which is told already
                continue
            texts = self.texts.setdefault(kind, _texts(self.bodies[kind], values))
            body = values | {
                name: payload if len(payload) <= most else f"{SHORT}{turn}" for name, most in texts.items()
            }
            made = self._create(who, kind, body, texts)
            if made:
                known[kind] = made["id"]
                self.ids.append((kind, made["id"]))

    def _create(self, who: str, kind: str, body: dict[str, Any], texts: dict[str, int]) -> dict[str, Any] | None:
        for _turn in range(4):
            answer = self.apis[who].post(kind, body)
            if answer.status == 201:
                return answer.json
            wrong = [name for name in answer.json.get("errors", {}) if name in texts] if answer.status == 422 else []
            if not wrong:
                break
            for name in wrong:  # a choice, a number, a telephone
                del texts[name]
                del body[name]
        self.told.fault(f"{kind} {answer.status}: {answer.text[:300]}")
        return None

    def addresses(self) -> list[str]:
        lists = [f"/{kind}/{rest}" for kind in self.texts for rest in ("?page_size=100", "print/", "bin/", "batch/")]
        records = [f"/{kind}/{pk}/{rest}" for kind, pk in self.ids for rest in ("", "edit/", "?tab=history")]
        return ["/", "/search/?q=window", "/search/?q=%3Cimg", "/notices/", *lists, *records]


def _schema(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    schema = operation["requestBody"]["content"]["application/json"]["schema"] if "requestBody" in operation else {}
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _texts(schema: dict[str, Any], given: dict[str, Any]) -> dict[str, int]:
    """Fields that take a text in which something could run, with the length of it."""
    return {
        name: one.get("maxLength", 10**6)
        for name, one in schema.get("properties", {}).items()
        if name not in given
        and "string" in _types(one)
        and not _closed(one)
        and one.get("maxLength", 99) > len(SHORT) + 2
    }


def _types(one: dict[str, Any]) -> list[str]:
    kinds = one.get("type", [])
    return [
        *([kinds] if isinstance(kinds, str) else kinds),
        *(t for part in one.get("anyOf", []) for t in _types(part)),
    ]


def _closed(one: dict[str, Any]) -> bool:
    return bool({"enum", "format", "pattern", "const"} & set(one)) or any(map(_closed, one.get("anyOf", [])))


def _signed_in(browser: Any, product: Served) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(WATCH)
    context.add_cookies([{**one, "url": product.address} for one in product.pages("admin").cookies])
    return context.new_page()


def _look(page: Page, address: str, told: Told) -> None:
    answer = page.goto(address)
    page.wait_for_load_state("networkidle")
    if answer and answer.status >= 500:
        told.fault(f"{address}: {answer.status}")
    if page.evaluate("window.hit"):
        told.fault(f"{address}: a payload ran")
    if stopped := page.evaluate("window.stopped"):
        told.fault(f"{address}: the content policy stopped {stopped}")


TODAY = date.today().isoformat()
# Kind, who makes it, and what it must have besides texts; `known`: the ids of what this payload stands in already.
KINDS: tuple[tuple[str, str, Callable[[dict[str, int]], dict[str, Any]]], ...] = (
    ("customers", "jingli", lambda known: {"kind": "organization", "owner": known["jingli"], "region": "北京",
                                           "level": "1", "phone": "010-12345678"}),
    ("contacts", "jingli", lambda known: {"customer": known["customers"], "gender": "female",
                                          "office_phone": "0571-1234567"}),
    ("interactions", "jingli", lambda known: {"customer": known["customers"], "date": TODAY}),
    ("credit-assessments", "jingli", lambda known: {"customer": known["customers"], "score": 4, "date": TODAY}),
    ("opportunities", "jingli", lambda known: {"success_rate": 50}),
    ("orders", "jingli", lambda known: {"customer": known["customers"], "order_date": TODAY}),
    ("order-lines", "jingli", lambda known: {"order": known["orders"], "quantity": "2.5", "unit_price": "9.90"}),
    ("service-requests", "kefu", lambda known: {"customer": known["customers"], "type": "1"}),
    ("complaints", "kefu", lambda known: {"customer": known["customers"], "category": "产品损坏",
                                          "complained_at": f"{TODAY}T00:00:00+08:00", "staff": known["jingli"]}),
    ("knowledge-articles", "kefu", lambda known: {"knowledge_class": "faq"}),
    ("tasks", "zhuguan", lambda known: {"executor": known["jingli"], "priority": 2}),
    ("management-reports", "zhuguan", lambda known: {"year": 2026}),
    ("products", "shangwu", lambda known: {}),
    ("warehouses", "shangwu", lambda known: {}),
    ("departments", "admin", lambda known: {}),
    ("positions", "admin", lambda known: {}),
    ("industries", "admin", lambda known: {}),
    ("cities", "admin", lambda known: {}),
    ("roles", "admin", lambda known: {"code": f"proof_{known['turn']}"}),
    ("users", "admin", lambda known: {"username": f"proof{known['turn']}"}),
    ("customer-statuses", "admin", lambda known: {"tone": "blue", "position": 9}),
    ("customer-categories", "admin", lambda known: {"position": 9}),
    ("sales-stages", "admin", lambda known: {"position": 50, "win_probability": 20}),
    ("custom-fields", "admin", lambda known: {"resource": "contacts", "kind": "text", "position": 1,
                                              "code": f"proof{known['turn']}"}),
    ("dictionary-items", "admin", lambda known: {"category": "地区", "position": 5, "editable": True}),
    ("calendar-days", "admin", lambda known: {"date": f"{2031 + known['turn'] // 12}-{known['turn'] % 12 + 1:02d}-05",
                                              "kind": "free"}),
)  # fmt: skip
