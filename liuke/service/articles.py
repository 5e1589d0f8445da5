"""The knowledge base as lists, forms, pages and API show it (KB-01, KB-02)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from markupsafe import Markup

from liuke.core.access import NOBODY
from liuke.core.forms import ReasonForm
from liuke.core.register import register, resource
from liuke.core.resource import ALL, MINE, Menu, Resource, Scene, Stats, Verb
from liuke.core.subqueries import InTurn
from liuke.documents.kinds import icon_of
from liuke.documents.models import Attachment
from liuke.documents.register import attachable

from . import learning  # noqa: F401  listens from now on
from .forms import ArticleEntryForm, TakeInForm
from .models import KnowledgeArticle, ServiceRequest
from .prose import prose

if TYPE_CHECKING:
    from liuke.accounts.models import User

Status = KnowledgeArticle.Status
RELEASED = Q(status=Status.RELEASED)


def _in_status(status: Any, label: Any) -> Scene:
    return Scene(status.value, label, lambda resource, user: Q(status=status))


@register
class KnowledgeArticles(Resource):
    model = KnowledgeArticle
    icon = "book"
    menu = Menu("service", 90, scene="released")
    columns = ("title", "knowledge_class", "author", "view_count", "status", "released_at", "updated_at")
    search = ("title", "text")
    filters = ("knowledge_class", "author", "status", "released_at")
    scenes = (
        ALL,
        _in_status(Status.RELEASED, pgettext_lazy("article", "Released")),
        _in_status(Status.DRAFT, lazy("To be released")),
        _in_status(Status.WITHDRAWN, pgettext_lazy("article", "Withdrawn")),
        Scene(
            "addition",
            lazy("With an addition"),
            lambda resource, user: _to_complete(user),
            shown_to=lambda u: _releases(u),
        ),
        MINE,
    )
    fields = ((lazy("Knowledge article"), ("title", "knowledge_class", "text")),)
    own = ("author",)
    # not everybody who reads the article may see what it was made of, and what came of that later
    hidden = ("request", "addition")
    required_when_entered = ("knowledge_class",)
    stats = Stats("knowledge_class")
    verbs = (
        Verb("release", pgettext_lazy("article", "Release"), None, "send", "primary", listed=True, batch=True,
             done=pgettext_lazy("article", "Released, everybody can read it"),
             text=lazy("Everybody who may read the knowledge base will find it. Take out what is nobody’s business: "
                       "names, prices, files.")),
        Verb("withdraw", pgettext_lazy("article", "Withdraw"), ReasonForm, "arrow-back-up", grant="release",
             text=lazy("Readers no longer find it, until it is released again")),
        Verb("take_in", lazy("Take the addition in"), TakeInForm, "book", "primary", grant="release",
             when=lambda record: bool(record.addition), done=lazy("The article is complete"),
             text=lazy("Its readers find it like this from now on. "
                       "Take out what is nobody’s business: names, prices.")),
        Verb("turn_down", lazy("Leave the addition"), None, "x", grant="release",
             when=lambda record: bool(record.addition), text=lazy("The article stays as it is")),
    )  # fmt: skip
    templates = {"detail": "service/article.html"}

    def range(self, user: User, action: str) -> Q:
        """What is released is for readers, and in the hands of those who release; the rest is also its author's."""
        if not self.may(user, action):
            return NOBODY
        reach = user.reach(self.name, self.grant_of(action)).rows(user, self.own)
        releasing = user.reach(self.name, "release")
        hands = releasing.rows(user, self.own) if releasing else NOBODY
        mine = Q(author=user.pk) | (hands & _of_seen(resource("service-requests").range(user, "view")))
        readers = hands if action in ("update", "delete", "restore") else Q()
        return reach & ((RELEASED & readers) | (~RELEASED & mine))

    def form_class(self) -> type:
        return ArticleEntryForm

    def initial(self, user: User) -> dict[str, Any]:
        return {"knowledge_class": "faq"}

    def told(self, record: Any, name: str) -> str:
        return Markup('<div class="lk-read">{}</div>').format(prose(record.text)) if name == "text" else ""

    def detail(self, record: Any, user: User, tab: str) -> dict[str, Any]:
        if tab != "overview":
            return {}
        files = list(Attachment.of(record).filter(deleted_at=None).order_by("id"))
        return {
            "prose": prose(record.text),
            "files": [(one, icon_of(one.name)) for one in files],
            "request_of": _request_of(record, user),
            "addition": prose(record.addition) if self.rows(user, "release").filter(pk=record.pk).exists() else "",
            "groups": [],
        }

    def saved(self, record: Any) -> str:
        return _("Saved as a draft: it is read by others once it has been released")


def _request_of(record: KnowledgeArticle, user: User) -> ServiceRequest | None:
    """What it was made of, for who may see that."""
    if record.request_id is None or not resource("service-requests").may(user, "view"):
        return None
    return ServiceRequest.objects.visible_to(user).filter(pk=record.request_id).first()


def _releases(user: User) -> bool:
    return resource("knowledge-articles").may(user, "release")


def _to_complete(user: User) -> Q:
    return resource("knowledge-articles").where(user, "release") & ~Q(addition="")


@lru_cache(maxsize=1000)
def _of_seen(rows: Q) -> Q:
    """Of no request, or of one among these. One and the same for the same range."""
    requests = ServiceRequest.objects.filter(rows, deleted_at=None, pk=OuterRef("request"))
    return Q(request=None) | Q(InTurn(requests.values("pk")))


attachable(KnowledgeArticle)
