"""A sales system for the demo: a second SQLite file in the style of an older Chinese package, and its mapping."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

from liuke.customers.models import Customer

from .place import FILE

DATABASE = "demo-sales.sqlite3"
TABLES = """
CREATE TABLE xs_kh (khbh TEXT PRIMARY KEY, khmc TEXT);
CREATE TABLE xs_hp (hpbh TEXT PRIMARY KEY, hpmc TEXT, ggxh TEXT, dw TEXT, bzdj NUMERIC);
CREATE TABLE xs_ck (ckbh TEXT PRIMARY KEY, ckmc TEXT);
CREATE TABLE xs_kc (hpbh TEXT, ckbh TEXT, hw TEXT, sl NUMERIC);
CREATE TABLE xs_dd (ddbh TEXT PRIMARY KEY, khbh TEXT, ddrq TEXT, zt TEXT, zf INTEGER, shdz TEXT, bz TEXT,
                    scbz INTEGER, gxsj TEXT);
CREATE TABLE xs_ddmx (id INTEGER PRIMARY KEY, ddbh TEXT, hpbh TEXT, sl NUMERIC, dj NUMERIC);
CREATE INDEX xs_dd_gxsj ON xs_dd (gxsj);
"""
STRANGERS = ("绍兴越城纺织品有限公司", "Nordlicht Maschinenbau GmbH")
GOODS = (
    ("不锈钢球阀", "Q41F-16P", "台", 420), ("电动闸阀", "Z941H-25", "台", 2680), ("压力变送器", "YB-3051", "只", 1150),
    ("流量计", "LWGY-50", "台", 3200), ("法兰", "DN80", "片", 65), ("密封垫片", "XB350", "件", 8.5),
    ("减压阀", "Y43H-16", "台", 980), ("温度仪表", "WZP-230", "支", 260),
)  # fmt: skip
STATES = ("录入", "审核", "生产", "待发", "已发货", "已收款")
ORDERS = 160


def load(today: date) -> None:
    """Write file and mapping, unless a mapping is there: that of a house which works is never touched."""
    folder = Path(settings.DATA_DIR)
    if (folder / FILE).exists():
        return
    (folder / DATABASE).unlink(missing_ok=True)
    with sqlite3.connect(folder / DATABASE) as db:
        db.executescript(TABLES)
        _fill(db, Random(5), today)  # noqa: S311  made-up data
    db.close()
    text = (Path(__file__).parent / "sample_mapping.toml").read_text(encoding="utf-8")
    (folder / FILE).write_text(text.replace('"URL"', f'"sqlite:///{(folder / DATABASE).as_posix()}"'), encoding="utf-8")


def _fill(db: sqlite3.Connection, dice: Random, today: date) -> None:
    buyers = _buyers()
    db.executemany("INSERT INTO xs_kh VALUES (?, ?)", buyers)
    goods = [(f"HP{place:03}", *one) for place, one in enumerate(GOODS, start=1)]
    db.executemany("INSERT INTO xs_hp VALUES (?, ?, ?, ?, ?)", goods)
    db.executemany("INSERT INTO xs_ck VALUES (?, ?)", [("CK1", "宁波一号库"), ("CK2", "上海中转库")])
    stock = [(good[0], depot, f"A-{place:02}", dice.randint(0, 400))
             for place, good in enumerate(goods, start=1) for depot in ("CK1", "CK2")]  # fmt: skip
    db.executemany("INSERT INTO xs_kc VALUES (?, ?, ?, ?)", stock)
    for place in range(ORDERS):
        _order(db, dice, today, place, dice.choice(buyers)[0], goods)


def _buyers() -> list[tuple[str, str]]:
    """Names as another clerk writes them: some with the legal form, some without."""
    names = Customer.objects.alive().filter(status="normal").order_by("pk").values_list("name", flat=True)[:24]
    other = [name.replace("有限公司", "有限责任公司") if place % 3 == 0 else name for place, name in enumerate(names)]
    return [(f"K{place:04}", name) for place, name in enumerate([*other, *STRANGERS], start=1)]


def _order(db: sqlite3.Connection, dice: Random, today: date, place: int, buyer: str, goods: list[Any]) -> None:
    day = today - timedelta(days=dice.randint(1, 600))
    step = 5 if (today - day).days > 60 else dice.randint(0, 5)
    touched = datetime.combine(day, time(9)) + timedelta(minutes=dice.randint(0, 480))
    number = f"XS{day:%Y%m}{place:04}"
    row = (number, buyer, day.isoformat(), STATES[step], int(dice.random() < 0.04), "", "", 0, touched.isoformat(" "))
    db.execute("INSERT INTO xs_dd VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for good in dice.sample(goods, dice.randint(1, 3)):
        line = (number, good[0], dice.randint(1, 40), good[4])
        db.execute("INSERT INTO xs_ddmx (ddbh, hpbh, sl, dj) VALUES (?, ?, ?, ?)", line)
