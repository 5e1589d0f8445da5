"""The `liuke` command. Django is loaded by the commands that need it, so that help and texts answer at once."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from liuke.config.environment import CHECKOUT
from liuke.config.environment import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable


def main(argv: list[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuke.config.settings")
    if CHECKOUT and argv and argv[0] == "texts":
        from liuke.core import texts

        return texts.main(argv[1:])
    parser = _parser()
    if not argv or argv[0] in ("help", "-h", "--help", *COMMANDS):
        os.umask(0o077)  # whatever these commands write, database and backups first of all, is the owner's alone
        args = parser.parse_args(argv if argv and argv[0] != "help" else ["--help"])
        return COMMANDS[args.command](args) or 0
    from django.core.management import execute_from_command_line

    execute_from_command_line(["liuke", *argv])
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "liuke",
        description=_("Liuke: a CRM for companies whose customers stay."),
        epilog=_("Any other word is passed on to Django: liuke migrate, liuke check, liuke shell …"),
    )
    sub = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    serve = sub.add_parser("serve", help=_("run web server, worker and schedule"))
    serve.add_argument("--host", default=os.environ.get("LIUKE_HOST", "127.0.0.1"))
    serve.add_argument("--port", type=int, default=int(os.environ.get("LIUKE_PORT", "8000")))
    serve.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help=_("web processes"))
    serve.add_argument("--threads", type=int, default=4, help=_("threads of each web process"))

    sub.add_parser("worker", help=_("run the queue and the schedule only"))
    sub.add_parser("demo", help=_("fill an empty database with demo data and print the logins"))

    admin = sub.add_parser("create-admin", help=_("make a user who may do everything"))
    admin.add_argument("--username")
    admin.add_argument("--name")
    admin.add_argument("--password", help=_("better left out: it is asked for, or read from LIUKE_ADMIN_PASSWORD"))

    sub.add_parser("token", help=_("print an API token of a user")).add_argument("username")

    job = sub.add_parser("job", help=_("run a scheduled job now"))
    job.add_argument("name")
    job.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")

    backup = sub.add_parser("backup", help=_("copy the database and the attachments while it runs"))
    backup.add_argument("file", nargs="?", type=Path)

    restore = sub.add_parser("restore", help=_("replace everything by what a backup holds"))
    restore.add_argument("file", type=Path)
    clear = sub.add_parser("clear", help=_("take all business data out; people, roles and dictionary stay"))
    for one in (restore, clear):
        one.add_argument("--yes", action="store_true", help=_("without asking back"))

    move = sub.add_parser("move", help=_("carry everything to another, empty database"))
    to = os.environ.get("LIUKE_MOVE_TO")
    move.add_argument("--to", default=to, required=not to, metavar="URL",
                      help=_("as in DATABASE_URL; one with a password is better left to LIUKE_MOVE_TO"))  # fmt: skip
    receive = sub.add_parser("receive")  # the other side of a move, in a process of its own
    receive.add_argument("here", type=Path)
    receive.add_argument("there", type=Path)

    made = sub.add_parser("generate", help=_("fill the house with made-up data in bulk"))
    made.add_argument("--customers", type=_count, required=True, metavar="N")
    made.add_argument("--opportunities", type=_count, metavar="N", help=_("one for five customers when left out"))
    made.add_argument("--interactions", type=_count, metavar="N", help=_("one for two customers when left out"))
    made.add_argument("--orders", type=_count, default=0, metavar="N")
    made.add_argument("--services", type=_count, default=0, metavar="N", help=_("service requests with their rounds"))
    made.add_argument("--seed", type=int, default=7, help=_("the same seed makes the same data"))
    made.add_argument("--yes", action="store_true", help=_("also where people work already"))

    sub.add_parser("audit-verify", help=_("look whether the audit log is what was written"))
    sub.add_parser("rebuild-search", help=_("write the search index anew"))
    sub.add_parser("rebuild-rollups", help=_("work out the sums of all orders and the numbers of customers anew"))

    if CHECKOUT:  # the tools for it are not part of an installed Liuke
        sub.add_parser("texts", help=_("extract, compile and check translations"))
    return parser


def _serve(args: Namespace) -> None:
    os.environ["LIUKE_HOST"] = args.host
    _django()
    from liuke.config import server, upkeep

    server.ask_for(args.host, args.port)  # first: a taken port may mean that an older Liuke works on this database
    upkeep.prepare()
    server.run(args.host, args.port, args.workers, args.threads)


def _worker(args: Namespace) -> None:
    from liuke.config.server import end_with_parent

    end_with_parent()
    _django()
    from liuke.config import upkeep
    from liuke.core.jobs import worker

    upkeep.must_be_present()
    worker.run()


def _demo(args: Namespace) -> None:
    _django()
    from liuke.config import demo, upkeep

    upkeep.prepare()
    print(demo.load())


def _create_admin(args: Namespace) -> int:
    _django()
    from django.core.exceptions import ValidationError

    from liuke.accounts.services import create_admin
    from liuke.config import upkeep

    upkeep.prepare()
    username = args.username or input(_("User name: "))
    name = args.name or input(_("Full name: "))
    try:
        create_admin(username=username, name=name, password=_password(args))
    except ValidationError as refusal:
        print("\n".join(refusal.messages), file=sys.stderr)
        return 1
    print(_("Administrator {username} is ready.").format(username=username))
    return 0


def _password(args: Namespace) -> str:
    from getpass import getpass

    given = args.password or os.environ.get("LIUKE_ADMIN_PASSWORD")
    while not given:
        given = getpass(_("Password: "))
        if given != getpass(_("Again: ")):
            print(_("The two passwords differ."), file=sys.stderr)
            given = ""
    return str(given)


def _token(args: Namespace) -> int:
    _django()
    from django.core.exceptions import ObjectDoesNotExist

    from liuke.accounts.services import issue_token

    try:
        print(issue_token(args.username))
    except ObjectDoesNotExist:
        print(_("There is no user {username}.").format(username=args.username), file=sys.stderr)
        return 1
    return 0


def _job(args: Namespace) -> int:
    _django()
    from liuke.config import upkeep
    from liuke.core.jobs import runner

    upkeep.must_be_present()
    try:
        print(runner.run_now(args.name, args.today))
    except Exception as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _backup(args: Namespace) -> int:
    _django()
    from liuke.config import upkeep
    from liuke.core import schema
    from liuke.core.audit import chain
    from liuke.core.backups import archive, folder
    from liuke.core.backups.told import tell

    def made() -> str:
        if not schema.is_present():
            return str(upkeep.backup(args.file))  # by the means of the database: its rows are of an older schema
        if not args.file:
            return str(folder.make("liuke"))
        chain.seal()
        archive.write(args.file)
        tell("backed_up", args.file.name)
        return str(args.file)

    return _told(made)


def _restore(args: Namespace) -> int:
    _django()
    from liuke.config import upkeep
    from liuke.core.backups import restoring

    def made() -> str:
        restoring.Archive(args.file).check()
        upkeep.prepare()
        _sure(args, _("Everything is replaced by what {file} holds.").format(file=args.file), _("bring back"))
        before = restoring.restore(args.file)
        return _("Restored. What was there before is in {file}").format(file=before)

    return _told(made)


def _clear(args: Namespace) -> int:
    _django()
    from liuke.config import upkeep
    from liuke.core.backups import clearing

    def made() -> str:
        upkeep.prepare()
        _sure(args, _("All business data are taken out."), _("clear all"))
        return _("Cleared. What was there before is in {file}").format(file=clearing.clear())

    return _told(made)


def _move(args: Namespace) -> int:
    _django()
    from liuke.config import upkeep
    from liuke.core.backups import moving

    def made() -> str:
        upkeep.prepare()
        count = moving.move(args.to)
        text = _("Moved: {count} tables are the same over there. From now on start Liuke with DATABASE_URL={url}")
        return text.format(count=count, url=_without_password(args.to))

    return _told(made)


def _receive(args: Namespace) -> int:
    _django()
    from liuke.config import upkeep
    from liuke.core.backups import moving

    def made() -> str:
        upkeep.prepare()
        moving.receive(args.here, args.there)
        return ""

    return _told(made)


def _told(act: Callable[[], str]) -> int:
    """Print what an act tells, or why it was refused."""
    from liuke.core.refusals import Refused

    try:
        print(act())
    except Refused as refused:
        print(refused.message, file=sys.stderr)
        return 1
    return 0


def _sure(args: Namespace, what: str, word: str) -> None:
    """Asked back on the terminal, unless `--yes` says so. Raises SystemExit for any other word."""
    asked = _("Type {word} to go on:").format(word=word)
    if not args.yes and input(f"{what} {asked} ").strip() != word:
        raise SystemExit(_("Nothing was changed."))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@") if parts.password else url


def _generate(args: Namespace) -> None:
    _django()
    from liuke.config import upkeep
    from liuke.config.generate import Wanted, generate

    upkeep.prepare()
    chances = args.customers // 5 if args.opportunities is None else args.opportunities
    talks = args.customers // 2 if args.interactions is None else args.interactions
    generate(Wanted(args.customers, chances, talks, args.seed, args.orders, args.services), sure=args.yes)


def _audit_verify(args: Namespace) -> int:
    _django()
    from liuke.config import upkeep
    from liuke.core.audit import chain

    upkeep.prepare()
    verdict = chain.verify()
    print(verdict.words, file=sys.stdout if verdict.is_whole else sys.stderr)
    return 0 if verdict.is_whole else 1


def _rebuild_search(args: Namespace) -> None:
    _django()
    from liuke.config import upkeep
    from liuke.core.search import rebuild

    upkeep.prepare()
    rebuild.rebuild(lambda label, count: print(f"{label}: {count:,}", flush=True))


def _rebuild_rollups(args: Namespace) -> None:
    _django()
    from liuke.commerce import rollup
    from liuke.config import upkeep
    from liuke.reports import tally

    upkeep.prepare()
    print(_("Sums of orders: {n} customers").format(n=f"{rollup.rebuild():,}"), flush=True)
    print(_("Composition: {n} customers").format(n=f"{tally.rebuild():,}"))


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _django() -> None:
    from functools import partial

    import django

    django.setup()
    from liuke.config import granting
    from liuke.core.audit.acting import settle
    from liuke.core.backups import restoring

    settle("command", _account())

    restoring.afterwards[:] = [partial(granting.seed_roles, making=False)]


def _account() -> str:
    """Whoever types the command, as the machine knows him."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):  # a container whose account has no name
        return ""


COMMANDS = {
    "serve": _serve,
    "worker": _worker,
    "demo": _demo,
    "create-admin": _create_admin,
    "token": _token,
    "job": _job,
    "backup": _backup,
    "restore": _restore,
    "clear": _clear,
    "move": _move,
    "receive": _receive,
    "generate": _generate,
    "audit-verify": _audit_verify,
    "rebuild-search": _rebuild_search,
    "rebuild-rollups": _rebuild_rollups,
}

if __name__ == "__main__":
    sys.exit(main())
