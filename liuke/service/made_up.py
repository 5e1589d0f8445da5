"""Service requests by the hundred thousand with their rounds: most of them archived long ago."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from liuke.base.models import Category
from liuke.core.many.trusted import enter_made, pour
from liuke.core.verbs import in_transaction

from .models import ServiceHandling, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from liuke.accounts.models import User
    from liuke.base.made_up import Dice
    from liuke.customers.made_up import Choices
    from liuke.customers.models import Customer

THINGS = ("流量计", "压力变送器", "温控模块", "液位计", "记录仪", "信号电缆", "控制系统", "备用模块")
TROUBLES = ("读数漂移", "不上电", "通信中断", "接头渗漏", "显示不清", "误报警", "怎么校准", "何时到货")
METHODS = (
    "电话指导重新设置",
    "上门更换部件",
    "寄出备件，客户自行更换",
    "远程升级固件后正常",
    "转计量室复核",
    "解释了使用条件",
)
ANSWERS = ("客户确认正常", "客户满意", "可以接受", "使用正常，希望加快速度", "问题没有再出现")
UNHAPPY = ("问题还在", "等得太久", "换了以后仍有误差")
FRESH = timedelta(days=30)  # what is younger is mostly open
OPEN, WEIGHTS = ("new", "assigned", "handled", "archived"), (20, 30, 15, 35)
AGAIN = 0.1  # so many were handled twice


def enter_requests(dice: Dice, choices: Choices, customers: Sequence[Customer], count: int) -> None:
    """So many requests of these customers, with a round of handling for each that was handled."""
    made = sorted((_request(dice, choices, dice.one(customers)) for _n in range(count)), key=lambda r: r.created_at)
    if made:
        in_transaction(lambda: _enter(dice, made))


def _enter(dice: Dice, requests: list[ServiceRequest]) -> None:
    enter_made(requests)
    pour([one for request in requests if request.handled_at for one in _rounds(dice, request)])


def _request(dice: Dice, choices: Choices, at: Customer) -> ServiceRequest:
    moment = dice.after(at.created_at, 1800)
    status = _status(dice, dice.until - moment < FRESH)
    what = f"{dice.one(THINGS)}{dice.one(TROUBLES)}"
    return ServiceRequest(
        customer=at, type=choices.item(dice, Category.SERVICE_TYPE), summary=what,
        request=f"{at.name}来电：{what}，{dice.number(1, 20)} 台受影响。", status=status, creator=at.created_by,
        created_at=moment, **_course(dice, choices.owner(dice), status, moment),
    )  # fmt: skip


def _status(dice: Dice, fresh: bool) -> str:
    if fresh or dice.chance() < 0.02:
        return str(dice.random.choices(OPEN, WEIGHTS)[0])
    return "archived"


def _course(dice: Dice, person: User, status: str, moment: datetime) -> dict[str, Any]:
    """What is known of it in this state, each step after the one before."""
    if status == "new":
        return {"updated_at": moment}
    assigned = dice.after(moment, 1)
    found = {"assigned_to": person, "assigned_at": assigned, "updated_at": assigned}
    if status == "assigned":
        return found
    handled = dice.after(assigned, 5)
    round_ = 2 if dice.chance() < AGAIN else 1
    found |= {"round": round_, "handler": person, "handled_at": handled, "method": dice.one(METHODS),
              "updated_at": handled}  # fmt: skip
    if status == "handled":
        return found
    answered = dice.after(handled, 7)
    said = {"result": dice.one(ANSWERS), "satisfaction": dice.number(3, 6)}
    return found | said | {"archived_at": answered, "updated_at": answered}


def _rounds(dice: Dice, request: ServiceRequest) -> list[ServiceHandling]:
    """The last one as the request tells it, before it perhaps one that did not do."""
    last = _round(request, request.round, request.method, request.handled_at)
    if request.archived_at:
        _answer(last, request.result, request.satisfaction, request.archived_at, request.creator)
    if request.round == 1:
        return [last]
    first = _round(request, 1, dice.one(METHODS), request.assigned_at)
    _answer(first, dice.one(UNHAPPY), dice.number(1, 3), request.assigned_at, request.creator)
    return [first, last]


def _round(request: ServiceRequest, place: int, method: str, at: Any) -> ServiceHandling:
    return ServiceHandling(
        request=request,
        round=place,
        method=method,
        handler=request.handler,
        handled_at=at,
        created_at=at,
        updated_at=at,
    )


def _answer(one: ServiceHandling, result: str, mark: Any, at: Any, by: Any) -> None:
    one.result, one.satisfaction, one.answered_at, one.answered_by, one.updated_at = result, mark, at, by, at
