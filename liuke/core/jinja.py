"""The Jinja2 environment of all pages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment
from markupsafe import Markup

from liuke.core import formats
from liuke.core.field_rights import is_hidden
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


class Seen(Environment):
    """An environment in which a record shows no field that is hidden from whoever is looking."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Model) and is_hidden(type(obj), _field_of(attribute)):
            return HIDDEN
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Filters such as `map(attribute=…)` read records so."""
        return self.getattr(obj, argument) if isinstance(obj, Model) else super().getitem(obj, argument)


class Hidden(str):
    """What a template finds in a field that is hidden: nothing, whatever it does with it."""

    def __call__(self, *_args: Any, **_kwargs: Any) -> str:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def _less(self, _other: Any) -> bool:
        return False

    def _none(self, _other: Any) -> Any:
        return self

    def __index__(self) -> int:
        return 0

    __lt__ = __gt__ = __le__ = __ge__ = _less
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _none
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return other == ""


HIDDEN = Hidden()


@lru_cache(maxsize=5000)
def _field_of(attribute: str) -> str:
    """The field an attribute of a record tells: itself, its id, or its words."""
    if attribute.startswith("get_") and attribute.endswith("_display"):
        return attribute[4:-8]
    return attribute.removesuffix("_id")


def environment(**options: Any) -> Environment:
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Seen(**options, extensions=["jinja2.ext.i18n"])
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
