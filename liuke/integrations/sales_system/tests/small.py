"""A small sales system in SQLite, to be changed by a test."""

from __future__ import annotations

import sqlite3

MAPPING = """
[source]
overlap_minutes = {overlap}
bad_rows = "{bad}"
[products]
table = "goods"
[products.columns]
external_id = "id"
name = "name"
price = "price"
[warehouses]
table = "depot"
[warehouses.columns]
external_id = "id"
name = "name"
[stock]
table = "shelf"
[stock.columns]
product = "goods"
warehouse = "depot"
quantity = "n"
[orders]
table = "so"
[orders.columns]
external_id = "no"
customer_name = "buyer"
order_date = "day"
fulfilment = "state"
changed_at = "touched"
[order_lines]
table = "line"
[order_lines.columns]
order = "so"
product = "goods"
quantity = "n"
unit_price = "price"
"""
TABLES = """
CREATE TABLE goods (id TEXT, name TEXT, price); CREATE TABLE depot (id TEXT, name TEXT);
CREATE TABLE shelf (goods TEXT, depot TEXT, n); CREATE TABLE so (no TEXT, buyer TEXT, day, state, touched);
CREATE TABLE line (so TEXT, goods TEXT, n, price);
INSERT INTO goods VALUES ('G1', '阀门', 10), ('G2', '法兰', 2.5);
INSERT INTO depot VALUES ('D1', '一号库');
INSERT INTO shelf VALUES ('G1', 'D1', 7), ('G2', 'D1', -3);
"""


class Small:
    def __init__(self, folder) -> None:
        self.path = folder / "small.sqlite3"
        self.url = f"sqlite:///{self.path}"
        self.insert = "INSERT INTO so VALUES"
        self.do(TABLES)

    def do(self, script: str) -> None:
        db = sqlite3.connect(self.path)
        db.executescript(script)
        db.close()

    def order(self, no: str, buyer: str, day: str = "2026-03-01", state: object = 5,
              touched: str | None = "2026-03-01 09:00:00", n: object = 2, price: object = "1.005") -> None:  # fmt: skip
        when = "NULL" if touched is None else f"'{touched}'"
        self.do(f"{self.insert} ('{no}', '{buyer}', '{day}', '{state}', {when});"
                f"INSERT INTO line VALUES ('{no}', 'G1', '{n}', '{price}')")  # fmt: skip

    @staticmethod
    def mapping(overlap: int = 10, bad: str = "stop") -> str:
        return MAPPING.format(overlap=overlap, bad=bad)
