"""Sample of the pool: customers nobody has yet, some that went from hand to hand, and terms that run."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from liuke.base.models import SettingsChange
from liuke.base.sample import Thread
from liuke.core import clock

from .models import Customer
from .recycling import recycle, remind
from .sample import traits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liuke.accounts.models import User
    from liuke.base.sample import Diary, Lookup

TERM = 45  # days
# days ago, entered by, name, region, city, industry, address, web
FREE = (
    (26, "shichang", "嘉兴南湖鼎越泵业有限公司", "浙江", "", "机械制造", "南湖区余新镇工业园 8 号", "dingyue-pump"),
    (13, "yewu", "镇江丹徒恒浦阀门有限公司", "江苏", "", "机械制造", "丹徒区上党镇兴园路 21 号", "hengpu-valve"),
    (11, "yewu", "湖州吴兴绿源水处理有限公司", "浙江", "", "建筑工程", "吴兴区八里店镇科创路 66 号", "lvyuan-water"),
    (4, "shichang", "泉州晋江安溪陶瓷机械有限公司", "福建", "", "机械制造", "晋江市磁灶镇建材路 5 号", "anxi-ceramic"),
)


def plan(diary: Diary, people: dict[str, User], lookup: Lookup, entered: Mapping[str, Customer]) -> None:
    """Note down what happens to owners and terms."""
    Thread(diary, "客户池").then(100, lambda: SettingsChange().apply({"pool_days": TERM}, by=people["admin"]))
    made = [_free(diary, people, lookup, *row) for row in FREE]
    Thread(diary, "分配").then(2, lambda: made[1].assign(people["jingli2"], "江苏片区", by=people["zhuguan"]))
    Thread(diary, "领取").then(3, lambda: made[2].claim(by=people["jingli"]))
    moved, given_up = entered["宁波慈溪杭州湾电器有限公司"], entered["西安高陵秦岳气体有限公司"]
    Thread(diary, "转移").then(
        6, lambda: moved.transfer(people["jingli2"], "陈静手上客户较多，调整给周明远", by=people["zhuguan"])
    )
    Thread(diary, "放弃").then(8, lambda: given_up.release("距离远，暂无项目", by=people["jingli3"]))
    diary.note(datetime.combine(diary.today, time(0, 30), timezone.get_default_timezone()), _night)


def _night() -> None:
    """What the job of the last night has done."""
    recycle(clock.today())
    remind(clock.today())


def _free(diary: Diary, people: dict[str, User], lookup: Lookup, ago: int, by: str, name: str, *place: Any) -> Customer:
    region, city, industry, address, web = place
    thread = Thread(diary, name)
    customer = Customer(name=name, **traits(lookup, thread.dice, region, city, industry, address, web))
    thread.make(ago, customer, people[by])
    return customer
