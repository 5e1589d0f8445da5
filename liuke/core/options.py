"""Settings of the house. A module declares its keys here; `base` signs in the place where values are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Option:
    """A setting with its default.

    `kind` is bool, int, text, cron (five fields), choice (a key), choices (a list of keys), fields (of a Resource), or
    hidden.
    """

    key: str
    default: Any
    kind: str
    label: Any
    help: Any = ""
    resource: str = ""
    choices: tuple[tuple[str, Any], ...] = ()  # (key, label)
    least: int = 1  # of an int
    most: int = 200
    check: Callable[[Any], Any] | None = None  # raises ValidationError for a text that cannot be a value
    asks: Callable[[Any, Any], str] | None = None  # what a change from old to new means, where it is asked back


_options: dict[str, Option] = {}
_stored: Callable[[], dict[str, Any]] = dict


def declare(option: Option) -> None:
    _options[option.key] = option


def declared() -> list[Option]:
    return sorted(_options.values(), key=lambda option: option.key)


def keep_in(stored: Callable[[], dict[str, Any]]) -> None:
    """Sign in the function that returns the stored values by key."""
    global _stored
    _stored = stored


def get(key: str) -> Any:
    """The value of a setting. Raises KeyError for a key nobody declared."""
    option = _options[key]
    return _stored().get(key, option.default)


def required_key(resource_name: str) -> str:
    return f"required_when_entered.{resource_name}"
