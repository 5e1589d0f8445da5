"""What the surroundings decide: folders, secret, hosts, database, language. Quick to import: no Django here."""

from __future__ import annotations

import gettext as stdlib_gettext
import os
import secrets
import socket
import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").exists() else None
LANGUAGE = os.environ.get("LIUKE_LANGUAGE", "zh-hans")
LOCALE = PACKAGE / "locale"


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def number(name: str, default: int) -> int:
    """A whole number from 0 on. Raises SystemExit with one sentence where something else was set."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not given.isdecimal():
        raise SystemExit(gettext("{name} must be a whole number, not “{given}”.").format(name=name, given=given))
    return int(given)


@cache
def data_dir() -> Path:
    """The one folder that holds everything a company has in Liuke; nobody else on the machine may look into it."""
    chosen = os.environ.get("LIUKE_DATA_DIR")
    folder = Path(chosen).expanduser() if chosen else CHECKOUT / "var" if CHECKOUT else _user_folder() / "liuke"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve()


def _user_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")


def secret_key() -> str:
    """From the environment, else made once and kept: sessions survive a restart, and every process has the same."""
    return os.environ.get("LIUKE_SECRET_KEY") or _kept_secret(data_dir() / "secret-key")


def _kept_secret(path: Path) -> str:
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # a whole file or none, and the first of several processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def hosts() -> list[str]:
    """Names this server answers to. A foreign Host header would else find its way into links that are mailed out."""
    if chosen := words("LIUKE_HOSTS"):
        return chosen
    name = socket.gethostname().lower()
    served = os.environ.get("LIUKE_HOST", "")
    return ["localhost", "127.0.0.1", "[::1]", name, f"{name}.local", *_lan_address(), *([served] if served else [])]


def _lan_address() -> list[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a datagram socket sends nothing by connecting; it only picks the route
            return [probe.getsockname()[0]]
        except OSError:
            return []


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or f"sqlite:///{(data_dir() / 'liuke.sqlite3').as_posix()}"


def gettext(text: str) -> str:
    """For the command line, before and without Django."""
    return _catalogue().gettext(text)


@cache
def _catalogue() -> stdlib_gettext.NullTranslations:
    folder = "zh_Hans" if LANGUAGE.startswith("zh") else LANGUAGE
    return stdlib_gettext.translation("django", LOCALE, [folder], fallback=True)
