"""What every house starts with: roles, dictionary, industries, cities, stages. Running it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from liuke.base.models import CalendarDay, Category, City, DictionaryItem, Industry
from liuke.config.granting import seed_roles
from liuke.customers.models import CustomerStatus
from liuke.marketing.models import SalesStage

SAME = None  # the value is the entry itself
DICTIONARY: dict[str, list[tuple[str, str | None]]] = {
    Category.SERVICE_TYPE: [("咨询", "1"), ("建议", "2"), ("投诉", "3")],
    Category.CUSTOMER_LEVEL: [
        ("普通客户", "0"), ("重点开发客户", "1"), ("大客户", "2"), ("合作伙伴", "3"), ("战略合作伙伴", "4"),
    ],
    Category.REGION: [
        (name, SAME)
        for name in (
            "北京", "上海", "天津", "重庆", "江苏", "浙江", "广东", "山东", "福建",
            "湖北", "湖南", "四川", "河南", "河北", "安徽", "辽宁", "陕西", "海外",
        )
    ],
    Category.CUSTOMER_TYPE: [
        ("老客户", "existing"), ("目标客户", "target"), ("潜在客户", "prospect"), ("合作伙伴", "partner"),
        ("黑名单", "blacklist"), ("竞争对手", "competitor"),
    ],
    Category.COMPLAINT: [("产品损坏", SAME), ("服务不周", SAME), ("交货延误", SAME), ("其他", SAME)],
    Category.SOURCE: [(name, SAME) for name in ("老客户介绍", "展会", "网络推广", "电话营销", "主动来访", "合作伙伴")],
    Category.NATURE: [
        (name, SAME) for name in ("国有企业", "民营企业", "外资企业", "合资企业", "事业单位", "政府机关")
    ],
    Category.SCALE: [(name, SAME) for name in ("20 人以下", "20–99 人", "100–499 人", "500–999 人", "1000 人以上")],
    Category.SATISFACTION: [("很不满意", "1"), ("不满意", "2"), ("一般", "3"), ("满意", "4"), ("很满意", "5")],
    Category.CREDIT: [("很差", "1"), ("较差", "2"), ("一般", "3"), ("良好", "4"), ("优秀", "5")],
    Category.COMPETITOR: [("直接竞争", SAME), ("替代产品", SAME), ("潜在进入者", SAME)],
    Category.EXPENSE: [(name, SAME) for name in ("差旅费", "招待费", "样品费", "会务费", "其他")],
    Category.ACTIVITY: [(name, SAME) for name in ("展会", "研讨会", "客户拜访", "线上活动")],
    Category.KNOWLEDGE: [
        ("常见问题", "faq"), ("培训教材", "training"), ("产品教材", "product"), ("营销知识", "marketing"),
        ("相关知识", "related"),
    ],
    Category.TURNOVER: [(name, SAME) for name in ("500 万以下", "500–2000 万", "2000 万–1 亿", "1–5 亿", "5 亿以上")],
    Category.INTERACTION: [(name, SAME) for name in ("电话", "拜访", "邮件", "会议", "备注", "其他")],
    Category.NOTE_KIND: [("电话", SAME), ("拜访", SAME), ("邮件", SAME), ("微信", SAME), ("会议", SAME)],
}  # fmt: skip
INDUSTRIES = ("机械制造", "电子信息", "汽车零部件", "化工", "医药", "食品饮料", "纺织服装", "建筑工程", "能源电力",
              "物流运输", "港口航运", "金融", "教育", "零售", "软件与互联网")  # fmt: skip
CITIES = (("北京", "北京"), ("上海", "上海"), ("天津", "天津"), ("重庆", "重庆"), ("南京", "江苏"), ("苏州", "江苏"),
          ("无锡", "江苏"), ("杭州", "浙江"), ("宁波", "浙江"), ("温州", "浙江"), ("广州", "广东"), ("深圳", "广东"),
          ("东莞", "广东"), ("济南", "山东"), ("青岛", "山东"), ("福州", "福建"), ("厦门", "福建"), ("武汉", "湖北"),
          ("长沙", "湖南"), ("成都", "四川"), ("郑州", "河南"), ("合肥", "安徽"), ("沈阳", "辽宁"), ("大连", "辽宁"),
          ("西安", "陕西"))  # fmt: skip
STAGES = (("寻找准客户", 10), ("约见拜访", 20), ("建立信任关系", 30), ("挖掘客户需求", 45), ("研究解决方案", 60),
          ("提出客户方案", 75), ("签约承诺", 90), ("客户满意", 100))  # fmt: skip


CUSTOMER_STATUSES = (("初步接触", "grey"), ("意向明确", "blue"), ("合作中", "green"), ("暂停合作", "amber"),
                     ("不再合作", "red"))  # fmt: skip


# What the State Council announced for 2026: first and last day off, weekends worked instead.
HOLIDAYS = (
    ("元旦", "2026-01-01", "2026-01-03", ("2026-01-04",)),
    ("春节", "2026-02-15", "2026-02-23", ("2026-02-14", "2026-02-28")),
    ("清明节", "2026-04-04", "2026-04-06", ()),
    ("劳动节", "2026-05-01", "2026-05-05", ("2026-05-09",)),
    ("端午节", "2026-06-19", "2026-06-21", ()),
    ("中秋节", "2026-09-25", "2026-09-27", ()),
    ("国庆节", "2026-10-01", "2026-10-07", ("2026-09-20", "2026-10-10")),
)


def seed() -> None:
    """Fill what is empty, in one transaction."""
    with transaction.atomic():
        seed_roles()
        _dictionary()
        _names(Industry, [{"name": name} for name in INDUSTRIES])
        _names(City, [{"name": name, "province": province} for name, province in CITIES])
        _calendar()
        _names(CustomerStatus, [
            {"name": name, "tone": tone, "position": place}
            for place, (name, tone) in enumerate(CUSTOMER_STATUSES, start=1)
        ])  # fmt: skip
        _names(SalesStage, [
            {"name": name, "position": place, "win_probability": chance}
            for place, (name, chance) in enumerate(STAGES, start=1)
        ])  # fmt: skip


def _dictionary() -> None:
    known = set(DictionaryItem.objects.values_list("category", flat=True))
    for category, entries in DICTIONARY.items():
        if category not in known:
            for place, (entry, value) in enumerate(entries, start=1):
                DictionaryItem(category=category, entry=entry, value=value or entry, position=place).create(by=None)


def _calendar() -> None:
    """The announced years, each once: what a house has taken out of one stays out."""
    known = {day.year for day in CalendarDay.objects.values_list("date", flat=True)}
    for row in _announced():
        if row["date"].year not in known:
            CalendarDay(**row).create(by=None)


def _announced() -> Iterator[dict[str, Any]]:
    for name, first, last, worked in HOLIDAYS:
        day, end = date.fromisoformat(first), date.fromisoformat(last)
        while day <= end:
            yield {"name": name, "date": day, "kind": CalendarDay.Kind.FREE}
            day += timedelta(days=1)
        for made_up in worked:
            yield {"name": f"{name}调休", "date": date.fromisoformat(made_up), "kind": CalendarDay.Kind.WORKED}


def _names(model: Any, rows: list[dict[str, Any]]) -> None:
    if not model.objects.exists():
        for row in rows:
            model(**row).create(by=None)
