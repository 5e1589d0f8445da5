"""Sample tasks: given, accepted, under way, done, one given back."""
# ruff: noqa: E501 — a task in a line or two, however wide Chinese is

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from liuke.base.sample import Thread
from liuke.core.links import link_to

from .models import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liuke.accounts.models import User
    from liuke.base.sample import Diary
    from liuke.core.models import Record


class Given(NamedTuple):
    ago: int  # days since it was given
    by: str
    to: str
    title: str
    firm: str  # how the name of the customer it is about begins; "" for none
    due: int  # days from today
    until: str  # how far it came
    priority: int = Task.Priority.NORMAL
    description: str = ""
    said: str = ""  # its result, or why it was given back


TASKS = (
    Given(40, "zhuguan", "jingli", "整理海晟码头项目的交付清单", "宁波海晟", -32, "done", description="按合同附件逐项核对，缺的标红。",
          said="清单已发客户确认，缺两套法兰，已补发。"),
    Given(26, "zhuguan", "jingli2", "核对阳澄湖食品的年检日期", "苏州阳澄湖", -15, "done", said="十二台都在有效期内，最早的下月到期。"),
    Given(12, "jingli", "yewu", "给鄞州客户送样机资料", "宁波鄞州", -4, "refused", said="这周在温州出差，请换人。"),
    Given(9, "zhuguan", "jingli", "准备季度客户拜访计划", "", -1, "in_progress", Task.Priority.HIGH,
          "重点客户每家至少一次，写明见谁、谈什么。"),
    Given(6, "gaoguan", "zhuguan", "汇总本季流失客户的原因", "", 3, "accepted", description="三页以内，附改进建议。"),
    Given(5, "bumen", "jingli3", "跟进龙岗电源的备件报价", "深圳龙岗", 2, "in_progress"),
    Given(3, "jingli", "kefu", "回访嘉定客户的零点漂移", "上海嘉定", 1, "accepted"),
    Given(2, "zhuguan", "jingli", "确认海晟码头的验收日期", "宁波海晟", 0, "new", Task.Priority.HIGH),
    Given(1, "zhuguan", "yewu", "收集港区新建项目名单", "", 5, "new"),
    Given(1, "kefu", "kefu", "更新常见问题的答复模板", "", 4, "accepted", Task.Priority.LOW),
)  # fmt: skip


def plan(diary: Diary, people: Mapping[str, User], entered: Mapping[str, Record]) -> None:
    for given in TASKS:
        about = next((one for name, one in entered.items() if given.firm and name.startswith(given.firm)), None)
        _Story(diary, people, given, about).tell()


class _Story:
    def __init__(self, diary: Diary, people: Mapping[str, User], given: Given, about: Record | None) -> None:
        self.diary, self.people, self.given, self.about = diary, people, given, about
        self.thread = Thread(diary, given.title)
        self.task: Task

    def tell(self) -> None:
        to, ago = self.people[self.given.to], self.given.ago
        self.thread.then(ago, self._give)
        if self.given.until == "refused":
            self.thread.then(ago - 1, lambda: self.task.refuse(self.given.said, by=to))
        steps: tuple[tuple[str, Any], ...] = (
            ("accepted", lambda: self.task.accept(by=to)), ("in_progress", lambda: self.task.start(by=to)),
            ("done", lambda: self.task.finish(self.given.said, by=to)),
        )  # fmt: skip
        names = [name for name, _act in steps]
        done = names.index(self.given.until) + 1 if self.given.until in names else 0
        for place, (_name, act) in enumerate(steps[:done]):
            self.thread.then(ago - (ago * place) // 6, act)

    def _give(self) -> None:
        given = self.given
        self.task = Task(
            title=given.title, description=given.description, executor=self.people[given.to], priority=given.priority,
            due=self.diary.today + timedelta(days=given.due), record=link_to(self.about) if self.about else "",
        ).create(by=self.people[given.by])  # fmt: skip
