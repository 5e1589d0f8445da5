"""The Jinja2 environment of all pages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment
from markupsafe import Markup

from liuke.core import formats
from liuke.core.script_texts import script_texts


@lru_cache(maxsize=10_000)
def _known(language: str | None, text: str) -> Markup:
    return Markup(translation.gettext(text))


def _translated(text: str, **words: Any) -> Markup:
    """`_()` of the templates. A page has hundreds, and Jinja's own asks the catalogue for each through four calls."""
    return _known(translation.get_language(), text) % words


@lru_cache(maxsize=500)
def icon(name: str) -> Markup:
    return Markup('<svg class="lk-i" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        static("liuke/icons.svg"), name
    )


def environment(**options: Any) -> Environment:
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Environment(**options, extensions=["jinja2.ext.i18n"])
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: translation.gettext(text),
        ngettext=lambda one, many, n: translation.ngettext(one, many, n),
        pgettext=lambda context, text: translation.pgettext(context, text),
        newstyle=True,
    )
    env.globals["static"] = static
    env.globals["_"] = _translated
    env.globals["icon"] = icon
    env.globals["script_texts"] = script_texts
    env.filters |= {
        "date": formats.day,
        "datetime": formats.moment,
        "ago": formats.ago,
        "duration": formats.duration,
        "number": formats.number,
        "money": formats.money,
        "price": formats.price,
        "short_money": formats.short_money,
        "percent": formats.percent,
        "phone": formats.phone,
        "file_size": formats.size,
    }
    return env
