"""The address of their database: of which kind it may be, what may stand in it, and what of it may be shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from sqlalchemy import exc
from sqlalchemy.engine import make_url

from .refusing import SalesSystemError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

DRIVERS = {
    "sqlite": "sqlite", "mysql": "mysql+pymysql", "mariadb": "mysql+pymysql", "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg", "mssql": "mssql+pymssql", "oracle": "oracle+oracledb",
}  # fmt: skip
# What may follow the `?`. A driver knows more, some of it dangerous: a server that may ask for files of ours, say.
OPTIONS = {
    "sqlite": (),
    "mysql": ("charset", "unix_socket", "ssl_ca", "ssl_capath", "ssl_cert", "ssl_key", "ssl_cipher",
              "ssl_check_hostname"),
    "postgresql": ("sslmode", "sslrootcert", "sslcert", "sslkey", "client_encoding", "application_name"),
    "mssql": ("charset", "tds_version", "appname", "encryption"),
    "oracle": ("service_name", "config_dir", "wallet_location", "wallet_password"),
}  # fmt: skip
MASK = "***"


def read_address(url: str) -> URL:
    """Raises SalesSystemError; its words hold nothing that was written there but a kind or the name of an option."""
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError):
        example = "mysql://user:password@host:3306/database"
        raise SalesSystemError(
            _("The address of the sales system cannot be read; it looks like %(example)s") % {"example": example}
        ) from None
    kind = address.drivername
    driver = DRIVERS.get(kind, kind)
    if driver not in DRIVERS.values():
        raise SalesSystemError(
            _("There is no driver for %(kind)s here; there are: %(known)s")
            % {"kind": kind, "known": "、".join(DRIVERS)}
        )
    known = OPTIONS[driver.partition("+")[0]]
    if unknown := sorted(set(address.query) - set(known)):
        raise SalesSystemError(
            _("The address of the sales system has an option that is not taken: %(name)s; there are: %(known)s")
            % {"name": unknown[0], "known": "、".join(known) or _("none")}
        )
    return address.set(drivername=driver)


def shown(url: str | URL) -> str:
    """The address for the eyes of people: user and password masked, without whatever else might be secret."""
    try:
        address = read_address(url) if isinstance(url, str) else url
    except SalesSystemError:
        return _("unreadable address")
    kind = address.get_backend_name()
    if address.host is None:
        return f"{kind}:{address.database or ''}"
    host = f"{address.host}:{address.port}" if address.port else address.host
    who = (MASK if address.username else "") + (f":{MASK}" if address.password else "")
    return f"{kind}://{who}{'@' if who else ''}{host}/{address.database or ''}"


def scrubbed(words: str, address: URL) -> str:
    """Without password and user, however the driver writes them."""
    secrets = {str(address.password or ""), *(str(value) for value in address.query.values())}
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        words = words.replace(secret, MASK)
    words = re.sub(r"'[^']*'@'[^']*'|(?:user|role|login|database) (?:\"[^\"]*\"|'[^']*')", MASK, words)
    return " ".join(words.split())
