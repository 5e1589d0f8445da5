"""Demo data: a company that has worked with Liuke for ten months. Made by the verbs, like everything else."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from liuke.accounts import sample as accounts
from liuke.accounts.models import Role, User
from liuke.base import sample as base
from liuke.commerce import sample as commerce
from liuke.config.environment import gettext as _
from liuke.config.install import seed
from liuke.core import clock, notices
from liuke.core.models.notice import Notice
from liuke.customers import sample as customers
from liuke.customers import sample_pool as pool
from liuke.customers import sample_story as relations
from liuke.integrations.sales_system import sample as sales_system
from liuke.marketing import sample as marketing
from liuke.reports import sample as reports
from liuke.retention import sample as retention
from liuke.service import sample as service
from liuke.workspace import sample as workspace

BEGINNING = 312  # days ago
NEWS = timedelta(days=2)  # older notices have been read


def load(today: date | None = None) -> str:
    """Fill an empty house with samples up to `today` and return the logins; a second time nothing changes.

    Raises SystemExit when people work here already: their house gets no accounts whose password everybody knows.
    """
    with transaction.atomic():
        if not User.objects.filter(username=accounts.PEOPLE[0].username).exists():
            if User.objects.exists():
                raise SystemExit(_("People work in this database. Demo data goes into an empty one."))
            _fill(today or clock.today())
            sales_system.load(today or clock.today())
    return _logins()


def _fill(today: date) -> None:
    diary = base.Diary(today, _end_of(today))
    with clock.at(_moment(today - timedelta(days=BEGINNING), 9)):
        seed()
        people = accounts.load()
        base.load(people["admin"], _buttons())
        lookup = base.Lookup()
        marketing.profiles(people, lookup)
        relations.categories(people)
    entered = customers.plan(diary, people, lookup)
    marketing.plan(diary, people, lookup, entered)
    pool.plan(diary, people, lookup, entered)
    commerce.plan(diary, people, entered)
    reports.plan(diary, people)
    retention.plan(diary, people, lookup)
    service.plan(diary, people, lookup, entered)
    workspace.plan(diary, people, entered)
    diary.play()
    with clock.at(diary.until):
        for person in people.values():
            old = Notice.objects.filter(user=person, created_at__lt=diary.until - NEWS)
            notices.mark_read(person, old.values_list("id", flat=True))


def _end_of(today: date) -> datetime:
    """Nothing happens later than now; another day than today is over."""
    return clock.now() if today == clock.today() else _moment(today, 18)


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), timezone.get_default_timezone())


def _buttons() -> list[list[str]]:
    """The people the sign-in page offers."""
    names = dict(Role.objects.values_list("code", "name"))
    return [[person.username, f"{person.name} · {names[person.role]}"] for person in accounts.PEOPLE]


def _logins() -> str:
    first, *others = accounts.PEOPLE
    lines = [
        "演示数据已就绪，登录账号：",
        f"  {first.username:<9} 密码 {accounts.PASSWORD}   {first.name} · {first.position}：{first.try_this}",
        "其余账号，密码相同：",
    ]
    lines += [f"  {person.username:<9} {person.name} · {person.position}：{person.try_this}" for person in others]
    return "\n".join(lines)
