"""One management report that was sent a while ago, for the list of past ones (RPT-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liuke.base.sample import Thread

from .models import ManagementReport

if TYPE_CHECKING:
    from liuke.accounts.models import User
    from liuke.base.sample import Diary

SENT = 20  # days ago


def plan(diary: Diary, people: dict[str, User]) -> None:
    """Written by the supervisor, sent to the general manager and one account manager."""
    author, day = people["zhuguan"], diary.workday(SENT)
    report = ManagementReport(
        title=f"{day.year} 年 {day.month} 月客户管理报告",
        year=day.year,
        composition_note="普通客户与重点开发客户占了一半以上，战略合作伙伴偏少，明年从大客户里再培养两家。",
        contribution_note="贡献集中在少数老客户，需要留意对单个客户的依赖。",
        service_note="投诉约占三成，多数与温漂和发错货有关；转研发和仓库各定一条改进措施，下月看投诉是否减少。",
        churn_note="流失的客户不是停产就是改由集团集采，流失前联系都少了。今后每季度核实一次客户的经营状况。",
        conclusion="存量客户稳定，新客户增长放缓。下月重点：补全客户满意度，逐家回访大客户。",
    )
    thread = Thread(diary, "management report")
    recipients = [people["gaoguan"], people["jingli"]]
    thread.then(SENT + 1, lambda: report.create(by=author, many={"recipients": recipients}))
    thread.then(SENT, lambda: report.submit(by=author))
