"""The home page: what it counts is what the lists behind it show, for everybody who works here."""

from __future__ import annotations

import re
from datetime import datetime, time

import pytest
from django.db import transaction
from django.utils import timezone

from liuke.accounts.models import User
from liuke.config import demo
from liuke.core import clock
from liuke.core.register import resources
from liuke.workspace.cards import cards_for
from tests.house import page_client
from tests.test_demo import PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]  # filling the house takes seconds: once

EVERYBODY = ("admin", "gaoguan", "zhuguan", "bumen", "jingli", "jingli2", "jingli3", "yewu", "shichang", "kefu")
IN_SALES = ("gaoguan", "zhuguan", "bumen", "jingli", "jingli2", "jingli3")


@pytest.fixture(scope="module")
def afternoon(django_db_setup, django_db_blocker):
    """The demo house on one afternoon, for all tests here: they only look."""
    moment = datetime.combine(PLAIN, time(15), timezone.get_default_timezone())
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(moment):
        demo.load(PLAIN)
        yield
        transaction.set_rollback(True)


def shown(pages, url: str) -> str:
    """How many rows the list behind a link has, in its own words."""
    page = pages.get(url)
    assert page.status_code == 200, url
    return re.search(r"共 ([\d,+]+) 条", page.content.decode())[1]


def has_list(url: str) -> bool:
    return url.split("/")[1] in {one.name for one in resources()}


@pytest.mark.parametrize("username", EVERYBODY)
def test_everybody_has_two_cards_that_lead_somewhere(username, afternoon):
    user = User.objects.get(username=username)
    pages, cards = page_client(user), cards_for(user)
    assert len([card for card in cards if card.url and pages.get(card.url).status_code == 200]) >= 2
    assert all(pages.get(line.url).status_code == 200 for card in cards for line in card.lines)
    assert all(f'id="card-{card.key}"' in pages.get("/").content.decode() for card in cards)


@pytest.mark.parametrize("username", EVERYBODY)
def test_a_figure_is_the_count_of_the_list_it_leads_to(username, afternoon):
    user = User.objects.get(username=username)
    pages = page_client(user)
    figures = [figure for card in cards_for(user) for figure in card.figures if re.fullmatch(r"[\d,+]+", figure.value)]
    told = {figure.url: figure.value for figure in figures if has_list(figure.url)}
    assert told
    assert {url: shown(pages, url) for url in told} == told


@pytest.mark.parametrize("username", IN_SALES)
def test_the_funnel_counts_what_its_lists_show(username, afternoon):
    user = User.objects.get(username=username)
    funnel = next(card for card in cards_for(user) if card.key == "funnel")
    pages, labels = page_client(user), funnel.chart["labels"]
    counts = [row[1] for row in funnel.table]
    assert funnel.chart["series"][0]["values"] == counts
    assert [row[0].text for row in funnel.table] == labels
    assert [int(shown(pages, row[0].url)) for row in funnel.table] == counts
    assert [int(shown(pages, url)) for url in funnel.chart["urls"]] == counts
    assert sum(counts) > 0
