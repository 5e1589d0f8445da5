"""What was solved before: archived requests and released articles that are like a text, as far as one may see them.

Offered while a request is typed, and beside a case while it is handled (SVC-05, KB-02).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import formats
from liuke.core.field_rights import is_hidden, reading_out
from liuke.core.register import resource
from liuke.core.search.similar import alike

from . import beside
from .models import KnowledgeArticle, ServiceRequest
from .prose import prose

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from markupsafe import Markup

    from liuke.core.search.similar import Alike

MOST = 5


@dataclass(frozen=True)
class Hint:
    """One of them: why it is offered, what it is about, and what helped then."""

    title: str
    url: str
    words: tuple[str, ...]
    share: int  # in percent
    about: str
    answer: Markup


def hints(user: Any, asked: str, but: int = 0) -> dict[str, list[Hint]]:
    """The nearest cases and articles, `but` the case itself and the article made of it."""
    cases = _seen("service-requests", user).filter(status=ServiceRequest.Status.ARCHIVED).exclude(pk=but or None)
    articles = _seen("knowledge-articles", user).filter(status=KnowledgeArticle.Status.RELEASED)
    if but:
        articles = articles.exclude(request=but)
    with reading_out(user):
        return {
            "cases": _told(_alike(user, cases, ("summary", "request"), asked), cases.select_related("customer"), _case),
            "articles": _told(
                _alike(user, articles, ("title", "text"), asked), articles.select_related("knowledge_class"), _article
            ),
        }


def _alike(user: Any, rows: QuerySet[Any], texts: tuple[str, ...], asked: str) -> list[Alike]:
    """By the texts this person may see."""
    return alike(rows, [name for name in texts if not is_hidden(rows.model, name, user)], asked, MOST)


def _seen(name: str, user: Any) -> QuerySet[Any]:
    known = resource(name)
    return known.rows(user) if known.may(user, "view") else known.model.objects.none()


def _told(found: list[Alike], rows: QuerySet[Any], told: Any) -> list[Hint]:
    records = {one.pk: one for one in rows.filter(pk__in=[each.row[0] for each in found])} if found else {}
    return [told(records[one.row[0]], one) for one in found if one.row[0] in records]


def _case(one: ServiceRequest, found: Alike) -> Hint:
    mark = _("Satisfaction %(mark)s") % {"mark": one.satisfaction or formats.NOTHING}
    about = " · ".join([one.customer.name, formats.day(one.archived_at), mark])
    return _hint(one, f"/service-requests/{one.pk}/", found, about, "\n\n".join(filter(None, (one.method, one.result))))


def _article(one: KnowledgeArticle, found: Alike) -> Hint:
    about = one.knowledge_class.entry if one.knowledge_class else ""
    return _hint(one, f"/knowledge-articles/{one.pk}/", found, about, one.text)


def _hint(one: Any, url: str, found: Alike, about: str, answer: str) -> Hint:
    return Hint(str(one), url, found.words, round(found.share * 100), about, prose(answer))


@beside.sign(6, lazy("Solved before"), "service/_similar_beside.html")
def solved_before(record: ServiceRequest, user: Any) -> dict[str, Any] | None:
    """Asked for once the page is there: handling does not wait for it."""
    return {"url": f"/service/similar/{record.pk}/"}


def article_of(record: ServiceRequest, user: Any) -> KnowledgeArticle | None:
    """What was made of a case, for who may see it."""
    return _seen("knowledge-articles", user).filter(request=record.pk).first()
