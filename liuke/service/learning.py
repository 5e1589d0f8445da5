"""What a request teaches: an article, by itself when it is archived (SVC-06), or because somebody says so (KB-02).

One request makes one article. Its files go along, so that a reader of the article needs no right to the request.
What was saved earlier is completed when the request is archived. Where it has readers already, those who release it
have read it as it is: what came later is laid before them, and stands in the article when they have taken it in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from liuke.accounts.models import User
from liuke.base.models import Category, DictionaryItem
from liuke.core.events import on
from liuke.core.history import name_verb
from liuke.core.notices import declare_kind, notify
from liuke.core.register import resource
from liuke.core.verbs import hold
from liuke.core.why import may_each
from liuke.documents.carrying import carry

from .models import KnowledgeArticle, ServiceRequest
from .models.articles import LONGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.models import Event

# By the value of the service type: a question and a complaint have an answer, a suggestion is about a product.
CLASS_OF = {"1": "faq", "2": "product", "3": "faq"}
OTHERWISE = "related"

name_verb(KnowledgeArticle, "propose", lazy("An addition was proposed"))
declare_kind(
    "article.addition",
    "book",
    "amber",
    text=lazy("Its request taught more than the article “%(record)s” says: take the addition in or leave it"),
)


@on(ServiceRequest, "feedback")
def archived(request: ServiceRequest, event: Event) -> None:
    """In the transaction that archives it. The author is who wrote the answer that satisfied the customer."""
    if not request.is_archived:
        return
    if article := KnowledgeArticle.of(request):
        hold(article)  # nobody releases or deletes it at the same moment
    if article is None or article.deleted_at:
        draft_of(request, event.actor, author=request.handler)
    elif article.status == KnowledgeArticle.Status.RELEASED:
        article.propose(_joined(_later(article, request)), by=event.actor)
    else:
        article.update({"text": _joined(_later(article, request), article.text)}, by=event.actor)
        carry(request, article, by=event.actor)


def _later(article: KnowledgeArticle, request: ServiceRequest) -> tuple[tuple[str, str], ...]:
    """What came after it: the outcome, the answer of a later round."""
    _problem, solution, outcome = _parts(request)
    is_new = request.handled_at and request.handled_at > article.created_at
    return (solution, outcome) if is_new else (outcome,)


def completed(article: KnowledgeArticle) -> str:
    """Its text with the addition behind it."""
    return f"{article.text}\n\n{article.addition}"[:LONGEST] if article.addition else article.text


@on(KnowledgeArticle, "propose")
def proposed(article: KnowledgeArticle, event: Event) -> None:
    """Told to those who can take it in."""
    granted = {"roles__deleted_at": None, "roles__grants__resource": "knowledge-articles"}
    people = User.objects.alive().filter(status="normal", roles__grants__action="release", **granted).distinct()
    articles = resource("knowledge-articles")
    able = may_each(articles, article, list(people), "release")
    notify([one for one in people if one.pk in able], "article.addition", record=article, event=event)


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
