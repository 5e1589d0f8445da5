"""Sample knowledge: what staff have written down, and which of the drafts closed requests left have been released."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from liuke.base.models import Category
from liuke.base.sample import Thread

from .models import KnowledgeArticle
from .sample_texts_articles import ARTICLES, RELEASED, Article

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liuke.accounts.models import User
    from liuke.base.sample import Diary, Lookup

RELEASER = "kefu"
AGO = 3  # days since the drafts below were released


def plan(diary: Diary, people: Mapping[str, User], lookup: Lookup) -> None:
    for one in ARTICLES:
        Thread(diary, one.title).then(one.ago, partial(_write, one, people, lookup))
    for title, readers in RELEASED.items():
        Thread(diary, f"发布 {title}").then(AGO, partial(_release_draft, title, people, readers))


def _write(one: Article, people: Mapping[str, User], lookup: Lookup) -> None:
    kind = lookup.item(Category.KNOWLEDGE, one.kind)
    made = KnowledgeArticle(title=one.title, text=one.text, knowledge_class=kind).create(by=people[one.who])
    if one.readers:
        _release(made, people, one.readers)


def _release_draft(title: str, people: Mapping[str, User], readers: tuple[str, ...]) -> None:
    if draft := KnowledgeArticle.objects.alive().filter(title=title, status="draft").first():
        _release(draft, people, readers)


def _release(article: KnowledgeArticle, people: Mapping[str, User], readers: tuple[str, ...]) -> None:
    article.release(by=people[RELEASER])
    for name in readers:
        article.read(people[name])
