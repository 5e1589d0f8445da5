"""Opportunities by the hundred thousand, in every state, beside the customers they became."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from liuke.core.many.trusted import enter_made

from .models import Opportunity, SalesStage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.base.made_up import Dice
    from liuke.customers.made_up import Choices
    from liuke.customers.models import Customer

WANTED = ("数控机床", "工业机器人", "检测仪器", "控制系统", "传感器", "输送设备", "流量计", "软件许可", "备品备件")
WHY = ("新建生产线", "扩建二期", "设备改造", "年度采购", "替换老旧设备", "通过质量认证")
ACTS = ("采购", "改造", "升级", "维保")
OPEN, CLOSED = ("unassigned", "assigned", "won", "lost"), ("won", "lost")


def enter_opportunities(dice: Dice, choices: Choices, customers: Sequence[Customer], places: range, of: int) -> None:
    """The opportunities of these places among so many; the won ones belong to one of the customers."""
    stages = list(SalesStage.objects.alive().order_by("position"))
    enter_made([_opportunity(dice, choices, stages, customers, place, of) for place in places])


def _opportunity(
    dice: Dice, choices: Choices, stages: Sequence[SalesStage], customers: Sequence[Customer], place: int, of: int
) -> Opportunity:
    moment = dice.moment(place, of)
    status = _status(dice, dice.until - moment < timedelta(days=365))
    owner, at, wanted = choices.owner(dice), dice.one(customers), dice.one(WANTED)
    assigned = status != "unassigned"
    return Opportunity(
        customer_name=at.name, summary=f"{dice.one(WHY)}，需要{wanted}", source=dice.some(0.6, "展会", ""),
        description=f"{at.name}{dice.one(WHY)}，计划采购{wanted}。", success_rate=dice.number(0, 21) * 5,
        contact_name=dice.person(), contact_phone=dice.mobile(), subject=f"{wanted}{dice.one(ACTS)}项目",
        needed_product=dice.some(0.5, wanted, ""), amount=dice.some(0.85, _amount(dice)),
        expected_close=dice.some(0.8, dice.after(moment, 180).date()), industry=at.industry, region=at.region,
        customer=at if status == "won" else None, stage=stages[0] if not assigned else dice.one(stages),
        status=status, creator=owner, assignee=owner if assigned else None, assigned_at=moment if assigned else None,
        created_at=moment, stage_since=moment, **_ended(dice, status, moment),
    )  # fmt: skip


def _status(dice: Dice, fresh: bool) -> str:
    """What is unassigned or in development is of the last year, mostly."""
    weights: Sequence[int] = (25, 55, 8, 12) if fresh else (1, 2)
    return dice.random.choices(OPEN if fresh else CLOSED, weights)[0]


def _ended(dice: Dice, status: str, moment: Any) -> dict[str, Any]:
    if status not in CLOSED:
        return {"updated_at": moment}
    closed = dice.after(moment, 90)
    return {"closed_at": closed, "updated_at": closed} | ({"lost_reason": "价格太高"} if status == "lost" else {})


def _amount(dice: Dice) -> Decimal:
    return Decimal(int(dice.random.lognormvariate(11, 1.3))).quantize(Decimal("0.01"))
