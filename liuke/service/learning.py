"""What a request teaches: an article, by itself when it is archived (SVC-06), or because somebody says so (KB-02).

One request makes one article. Its files go along, so that a reader of the article needs no right to the request.
What was saved earlier is completed when the request is archived, unless it has readers already: those who release it
have read it as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liuke.base.models import Category, DictionaryItem
from liuke.core.events import on
from liuke.core.verbs import hold
from liuke.documents.carrying import carry

from .models import KnowledgeArticle, ServiceRequest
from .models.articles import LONGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.models import Event

# By the value of the service type: a question and a complaint have an answer, a suggestion is about a product.
CLASS_OF = {"1": "faq", "2": "product", "3": "faq"}
OTHERWISE = "related"


@on(ServiceRequest, "feedback")
def archived(request: ServiceRequest, event: Event) -> None:
    """In the transaction that archives it. The author is who wrote the answer that satisfied the customer."""
    if not request.is_archived:
        return
    if article := KnowledgeArticle.of(request):
        hold(article)  # nobody releases or deletes it at the same moment
    if article is None or article.deleted_at:
        draft_of(request, event.actor, author=request.handler)
    elif article.status != KnowledgeArticle.Status.RELEASED:
        _complete(article, request, event.actor)


def _complete(article: KnowledgeArticle, request: ServiceRequest, by: Any) -> None:
    """With what came after it: the outcome, the answer of a later round, files."""
    _problem, solution, outcome = _parts(request)
    is_new = request.handled_at and request.handled_at > article.created_at
    later = (solution, outcome) if is_new else (outcome,)
    article.update({"text": _joined(later, article.text)}, by=by)
    carry(request, article, by=by)


def draft_of(request: ServiceRequest, by: Any, **values: Any) -> KnowledgeArticle:
    """A draft with what the request tells, as far as `values` say nothing else."""
    values = {"title": request.summary, "text": told(request), "knowledge_class": class_of(request), **values}
    made = KnowledgeArticle(request=request, **values).create(by=by)
    carry(request, made, by=by)
    return made


def told(request: ServiceRequest) -> str:
    """Question, answer and outcome."""
    return _joined(_parts(request))


def _parts(request: ServiceRequest) -> tuple[tuple[str, str], ...]:
    """In the language of the house whoever closes the request."""
    with translation.override(settings.LANGUAGE_CODE):
        return (
            (_("Problem"), request.request), (pgettext("article", "Solution"), request.method),
            (pgettext("article", "Outcome"), request.result),
        )  # fmt: skip


def _joined(parts: Sequence[tuple[str, str]], start: str = "") -> str:
    found = [f"## {title}\n{text}" for title, text in parts if text]
    return "\n\n".join([start, *found] if start else found)[:LONGEST]


def class_of(request: ServiceRequest) -> DictionaryItem | None:
    """The class a request is filed under; none where the house has taken it out of its dictionary."""
    wanted = CLASS_OF.get(request.type.value if request.type else "", OTHERWISE)
    items = DictionaryItem.objects.alive().filter(category=Category.KNOWLEDGE)
    return items.filter(value=wanted).first() or items.filter(value=OTHERWISE).first()
