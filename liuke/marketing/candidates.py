"""Who may be given an opportunity, and what speaks for each (OPP-05)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from liuke.accounts.models import User
from liuke.core import clock

from .models import Opportunity, SalesProfile
from .models.opportunities import ACCOUNT_MANAGER

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Candidate:
    """An account manager with territory, industries, open load and this year's record."""

    user: User
    region: str
    industries: str
    open: int
    won: int
    closed: int
    same_region: bool
    same_industry: bool

    @property
    def match(self) -> int:
        """How many of region and industry fit."""
        return self.same_region + self.same_industry

    @property
    def success(self) -> str:
        return f"{round(100 * self.won / self.closed)}%" if self.closed else "--"


def candidates_for(user: Any) -> QuerySet[User]:
    """Normal account managers within the range in which this person assigns."""
    reach = user.reach("opportunities", "assign")
    rows = User.objects.alive().filter(status="normal", roles__code=ACCOUNT_MANAGER, roles__deleted_at=None)
    if reach is None:
        return rows.none()
    if not reach.everything:
        rows = rows.filter(department__in=reach.departments)
    return rows.select_related("department").order_by("department", "id").distinct()


def candidates_of(opportunity: Opportunity, user: Any) -> list[Candidate]:
    """The candidates, best match first, then the least loaded. Three queries, however many people."""
    people = list(candidates_for(user))
    profiles = {p.user_id: p for p in _profiles(people)}
    loads = {row["assignee"]: row for row in _loads(people)}
    found = [_candidate(opportunity, person, profiles.get(person.pk), loads.get(person.pk, {})) for person in people]
    return sorted(found, key=lambda candidate: (-candidate.match, candidate.open, candidate.user.pk))


def _profiles(people: list[User]) -> Any:
    rows = SalesProfile.objects.alive().filter(user__in=people)
    return rows.select_related("region").prefetch_related("industries")


def _loads(people: list[User]) -> Any:
    this_year = Q(closed_at__year=clock.today().year)
    rows = Opportunity.objects.alive().filter(assignee__in=people).order_by()
    return rows.values("assignee").annotate(
        open=Count("pk", filter=Q(status="assigned")),
        won=Count("pk", filter=Q(status="won") & this_year),
        closed=Count("pk", filter=Q(status__in=["won", "lost"]) & this_year),
    )


def _candidate(opportunity: Opportunity, user: User, profile: SalesProfile | None, load: dict[str, Any]) -> Candidate:
    industries = list(profile.industries.all()) if profile else []
    same_region = bool(profile and profile.region_id and profile.region_id == opportunity.region_id)
    same_industry = opportunity.industry_id in {industry.pk for industry in industries}
    return Candidate(
        user=user,
        region=profile.region.entry if profile and profile.region else "",
        industries="、".join(industry.name for industry in industries),
        open=load.get("open", 0),
        won=load.get("won", 0),
        closed=load.get("closed", 0),
        same_region=same_region,
        same_industry=same_industry,
    )
