"""What a maker of measuring instruments keeps about its customers beside what every company does."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

from .models import CustomField, DictionaryItem

if TYPE_CHECKING:
    from liuke.accounts.models import User

MEDIUM = "测量介质"
MEDIA = ("水", "蒸汽", "天然气", "压缩空气", "原油", "酸碱液")
PRESSURES = ("PN10", "PN16", "PN25", "PN40", "PN64")
# resource: code, kind, label, category, whether the list shows it, help
FIELDS = (
    ("customers", "meters", "number", "在用计量器具", "", False, "现场在用的流量计、压力表等，单位：台"),
    ("customers", "calibration", "date", "下次检定日期", "", False, ""),
    ("customers", "frame_contract", "yes_no", "签有框架协议", "", False, ""),
    ("contacts", "decides", "yes_no", "参与采购决策", "", True, ""),
    ("opportunities", "medium", "choice", "测量介质", MEDIUM, False, ""),
    ("opportunities", "pressure", "text", "压力等级", "", False, "如 PN16"),
)


def load(admin: User) -> None:
    for position, medium in enumerate(MEDIA, start=1):
        DictionaryItem(category=MEDIUM, entry=medium, value=medium, position=position).create(by=admin)
    for position, (resource, code, kind, label, category, listed, text) in enumerate(FIELDS, start=1):
        CustomField(
            resource=resource, code=code, kind=kind, label=label, category=category, listed=listed, help=text,
            position=position,
        ).create(by=admin)  # fmt: skip


def of_customer(name: str, today: date) -> dict[str, Any]:
    """Dice of their own, so that the other stories stay as they are."""
    dice = Random(f"{name} 扩展")  # noqa: S311 — samples, no secrets
    return {
        "x_meters": dice.choice((12, 26, 48, 65, 120, 180, 260, 340, 520)),
        "x_calibration": date(today.year + 1, dice.randrange(1, 13), dice.randrange(1, 28)),
        "x_frame_contract": dice.random() < 0.4,
    }


def of_opportunity(name: str) -> dict[str, Any]:
    dice = Random(f"{name} 扩展")  # noqa: S311
    return {"x_medium": dice.choice(MEDIA), "x_pressure": dice.choice(PRESSURES)}
