"""A sales system nobody has seen: tables and columns with names of chance, 20,000 orders, some for strangers."""

from __future__ import annotations

import os
import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import make_url

STATES = {1: "录入", 2: "ok'd", 3: "生产", 4: "ready", 5: "已发货", 6: "结清"}
SIGNS = "abcdefgxyzABC_订单客户货明细 "
ODD = ["order", "select", "表", "Größe"]
NAMED = ("customer", "code", "title", "goods", "sku", "label", "price", "head", "no", "buyer", "day", "state",
         "void", "touched", "lines", "of", "what", "qty", "each", "depot", "shelf")  # fmt: skip


def url() -> str:
    return os.environ.get("LIUKE_TEST_MARIADB_URL", "")


class Foreign:
    """`names["head"]` is what chance called the table of orders, and so on."""

    def __init__(self, seed: int, orders: int = 20_000, address: str = "") -> None:
        self.seed, self.dice, self.orders = seed, random.Random(seed), orders
        address = make_url(address or url())
        self.engine = sa.create_engine(address.set(drivername={"mysql": "mysql+pymysql"}.get(
            address.drivername, address.drivername)))  # fmt: skip
        self.url = address.render_as_string(hide_password=False)
        self.names = self._names()
        self.meta = sa.MetaData()
        self._tables()

    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for place, word in enumerate(NAMED):
            name = "".join(self.dice.choices(SIGNS, k=self.dice.randint(3, 12))).strip() or "x"
            found[word] = f"{name}{place}" if place % 5 else self.dice.choice(ODD) + str(place)
        return found | {word: f"lk{self.seed} {found[word]}" for word in ("head", "lines", "customer", "goods")}

    def _tables(self) -> None:
        n, text = self.names, sa.String(60)
        self.customer = sa.Table(n["customer"], self.meta, sa.Column(n["code"], text, primary_key=True),
                                 sa.Column(n["title"], text))  # fmt: skip
        self.goods = sa.Table(n["goods"], self.meta, sa.Column(n["sku"], text, primary_key=True),
                              sa.Column(n["label"], text), sa.Column(n["price"], sa.Numeric(12, 2)))  # fmt: skip
        self.head = sa.Table(n["head"], self.meta, sa.Column(n["no"], text, primary_key=True),
                             sa.Column(n["buyer"], text), sa.Column(n["day"], sa.Date),
                             sa.Column(n["state"], text), sa.Column(n["void"], sa.Integer),
                             sa.Column(n["touched"], sa.DateTime, index=True))  # fmt: skip
        self.lines = sa.Table(n["lines"], self.meta, sa.Column("i", sa.Integer, primary_key=True),
                              sa.Column(n["of"], text, index=True), sa.Column(n["what"], text),
                              sa.Column(n["qty"], sa.Numeric(12, 3)),
                              sa.Column(n["each"], sa.Numeric(12, 4)))  # fmt: skip

    def build(self, customers: list[tuple[str, str]], strangers: int = 5, today: date = date(2026, 11, 1)) -> None:
        """Fill it: orders for these (number, name) and for so many customers that are unknown here."""
        self.meta.create_all(self.engine)
        dice, n = self.dice, self.names
        unknown = [(f"X{place}", f"无名{place}号 GmbH") for place in range(strangers)]
        buyers = [*customers, *unknown]
        goods = [(f"S-{place}", f"货品{place}", Decimal(dice.randint(1, 99999)) / 100) for place in range(50)]
        heads, lines = [], []
        for place in range(self.orders):
            day = today - timedelta(days=dice.randint(0, 900))
            touched = datetime.combine(day, datetime.min.time()) + timedelta(seconds=dice.randint(0, 86399))
            heads.append({n["no"]: f"SO{place:06}", n["buyer"]: dice.choice(buyers)[0], n["day"]: day,
                          n["state"]: STATES[dice.randint(1, 6)], n["void"]: int(dice.random() < 0.05),
                          n["touched"]: touched})  # fmt: skip
            for _line in range(dice.randint(1, 3)):
                sku, _label, price = dice.choice(goods)
                price += Decimal(dice.randint(-5, 5)) / 1000  # what is sold by the thousand has tenths of a cent
                quantity = Decimal(dice.randint(1, 20_000)) / 1000
                lines.append({n["of"]: f"SO{place:06}", n["what"]: sku, n["qty"]: quantity, n["each"]: price})
        with self.engine.begin() as db:
            db.execute(self.customer.insert(), [{n["code"]: code, n["title"]: title} for code, title in buyers])
            db.execute(self.goods.insert(), [dict(zip((n["sku"], n["label"], n["price"]), one, strict=True))
                                             for one in goods])  # fmt: skip
            for start in range(0, len(heads), 5000):
                db.execute(self.head.insert(), heads[start : start + 5000])
            for start in range(0, len(lines), 5000):
                db.execute(self.lines.insert(), lines[start : start + 5000])

    def drop(self) -> None:
        self.meta.drop_all(self.engine)
        self.engine.dispose()

    def mapping(self, **changes: str) -> str:
        """The mapping a person would write; `changes` replaces a word of it."""
        n = {word: f"[{name}]" for word, name in self.names.items()} | changes
        states = "\n".join(f"{_quoted(word)} = {number}" for number, word in STATES.items())
        return f"""
[source]
timeout_seconds = {changes.get("timeout", "5")}
bad_rows = "{changes.get("bad_rows", "stop")}"

[products]
table = {_quoted(n["goods"])}
[products.columns]
external_id = {_quoted(n["sku"])}
name = {_quoted(n["label"])}
price = {_quoted(n["price"])}
unit = {{ value = "件" }}

[orders]
table = {_quoted(n["head"] + " as h")}
joins = [{_quoted(f"left join {n['customer']} as c on c.{n['code']} = h.{n['buyer']}")}]
[orders.columns]
external_id = {_quoted(n["no"])}
customer_number = {_quoted("h." + n["buyer"])}
customer_name = {_quoted("c." + n["title"])}
order_date = {_quoted(n["day"])}
fulfilment = {_quoted(n["state"])}
status = {_quoted(n["void"])}
changed_at = {_quoted("h." + n["touched"])}
[orders.fulfilment]
{states}
[orders.status]
0 = "valid"
1 = "invalid"

[order_lines]
table = {_quoted(n["lines"])}
[order_lines.columns]
order = {_quoted(n["of"])}
product = {_quoted(n["what"])}
quantity = {_quoted(n["qty"])}
unit_price = {_quoted(n["each"])}
"""


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
