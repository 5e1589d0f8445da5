"""The API's front door: who is it, what is sent, and how every refusal reads."""

from __future__ import annotations

import functools
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from liuke.core import audit
from liuke.core.api import answers
from liuke.core.field_rights import looking
from liuke.core.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpResponse

_tokens: Callable[[str], Any] | None = None


def sign_in_by(user_of: Callable[[str], Any]) -> None:
    """`accounts` signs in the function that tells whose token this is."""
    global _tokens
    _tokens = user_of


def api(methods: dict[str, Callable]) -> Callable[..., HttpResponse]:
    """One address of the API: a function for each method, with token, JSON and refusals taken care of."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in methods:
            return answers.wrong_method(request, list(methods))
        if (user := _user(request)) is None:
            return answers.unsigned()
        request.user = user
        with translation.override(translation.get_language_from_request(request)), looking(user):
            return _guarded(methods[request.method], request, *args, **kwargs)

    functools.update_wrapper(view, next(iter(methods.values())), assigned=("__doc__",), updated=())
    return csrf_exempt(login_not_required(view))


def _user(request: HttpRequest) -> Any:
    scheme, _space, word = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not word or _tokens is None:
        return None
    return _tokens(word.strip())


def _guarded(method: Callable, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return method(request, *args, **kwargs)
    except Refused as refused:
        if refused.status == 403:
            audit.note("refused", by=request.user, text=request.path, outcome="refused",
                       details={"method": request.method, "reason": refused.message})  # fmt: skip
        return answers.refusal(refused)
    except Http404:
        return answers.missing()
    except ValidationError as wrong:
        return answers.invalid(_by_field(wrong))


def _by_field(wrong: ValidationError) -> dict[str, list[str]]:
    return wrong.message_dict if hasattr(wrong, "error_dict") else {"__all__": wrong.messages}


def no_parameters(request: HttpRequest) -> None:
    """Only lists are asked with parameters; elsewhere one is a mistake. Raises ValidationError naming it."""
    if request.GET:
        raise ValidationError({name: [_("There is no such parameter")] for name in request.GET})


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent; an empty body is an empty object. Raises ValidationError."""
    if not request.body:
        return {}
    try:
        sent = json.loads(request.body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValidationError({"body": [_("The body is not valid JSON")]}) from None
    if not isinstance(sent, dict):
        raise ValidationError({"body": [_("The body must be a JSON object")]})
    if any("\0" in text or not _is_text(text) for text in _texts(sent)):
        raise ValidationError({"body": [_("Texts must not contain the null character or half a character")]})
    return sent


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(word: str) -> None:
    raise ValueError(word)
