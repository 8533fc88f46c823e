"""`replydesk secrets DIR`: draws the secrets that a deployment in containers needs, once."""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import click

from service.cli.surroundings import fail
from service.keyring import Keyring, KeyringError
from service.settings import WELL_KNOWN_PASSWORDS

SHORTEST_PASSWORD = 16

KEYS = ("web/email-keys", "web/index-keys", "web/signing-keys")
SHARED_KEYS = ("web/submitted-keys", "worker/submitted-keys")
"""One list for both; what it opens is kept for two weeks, so that it may be drawn anew at any time."""

PASSWORDS = ("redis/password", "owner/web-password", "owner/worker-password", "postgres/password")
COMPLETE = "owner/database-url"
"""Derived when all others are there: from then on there may be data that only the keys open."""

REDIS_URL = "redis://replydesk:{}@redis:6379/0"
POSTGRES_URL = "postgresql://{}:{}@postgres:5432/replydesk"
ACCESS_LIST = """\
user default off
user health on nopass resetkeys resetchannels -@all +ping
user replydesk on #{} ~* &* +@all -@dangerous +info
"""
"""Redis's users: the product's may not empty, list or reconfigure the server; it knows a digest alone."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads which folder, as numbers: containers have their own names."""

    product: int
    servers: int

    def of(self, name: str) -> int:
        """The reader of `folder/file`."""
        return self.servers if name.startswith(("postgres/", "redis/")) else self.product


@click.command("secrets")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--product-uid", default=10001, show_default=True, help="who runs our processes")
@click.option("--server-uid", default=999, show_default=True, help="who runs Postgres and Redis")
def command(folder: Path, product_uid: int, server_uid: int) -> None:
    """Draw the secrets that are missing below FOLDER; those that are there stay as they are.

    One file each, mode 0400 and owned by the one who reads it, in a folder for each service; only names are
    printed.
    """
    try:
        made = make_secrets(folder, Readers(product_uid, server_uid))
    except ValueError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or folder}: {error.strerror}")
    for name in made:
        click.echo(f"made {name}", err=True)
    click.echo(f"{len(made)} secrets made, all are there", err=True)


def make_secrets(folder: Path, readers: Readers) -> list[str]:
    """The names of what had to be made.

    Raises:
        ValueError: a secret that is there is empty or well known, or a key is gone while data exist.
        OSError: the folder cannot be written, or a file not given to its reader.
    """
    _refuse_lost_keys(folder)
    drawn = {name: _new_keys() for name in KEYS} | {name: _new_password() for name in PASSWORDS}
    made = _keep(folder, drawn | dict.fromkeys(SHARED_KEYS, _shared_keys(folder)), readers)
    for name in (*KEYS, *SHARED_KEYS):
        _refuse_bad_keys(name, _read(folder, name))
    passwords = {name: _read(folder, name) for name in PASSWORDS}
    for name, password in passwords.items():
        _refuse_weak(name, password)
    return made + _keep(folder, _derived(passwords), readers)


def _derived(passwords: dict[str, str]) -> dict[str, str]:
    redis = passwords["redis/password"]
    redis_url = REDIS_URL.format(quote(redis, safe=""))

    def database(user: str, name: str) -> str:
        return POSTGRES_URL.format(user, quote(passwords[name], safe=""))

    return {
        "redis/users.acl": ACCESS_LIST.format(hashlib.sha256(redis.encode()).hexdigest()),
        "owner/database-url": database("replydesk", "postgres/password"),
        "owner/redis-url": redis_url,
        "web/database-url": database("replydesk_web", "owner/web-password"),
        "web/redis-url": redis_url,
        "worker/database-url": database("replydesk_worker", "owner/worker-password"),
        "worker/redis-url": redis_url,
    }


def _new_keys() -> str:
    return f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _shared_keys(folder: Path) -> str:
    there = [_read(folder, name) for name in SHARED_KEYS if (folder / name).exists()]
    return there[0] if there else _new_keys()


def _new_password() -> str:
    return secrets.token_hex(24)


def _refuse_lost_keys(folder: Path) -> None:
    missing = [name for name in KEYS if not (folder / name).exists()]
    if missing and (folder / COMPLETE).exists():
        raise ValueError(f"{missing[0]} is gone, and the data need it: bring it back")


def _refuse_bad_keys(name: str, text: str) -> None:
    try:
        Keyring.parse(text)
    except KeyringError as error:
        raise ValueError(f"{name} {error}") from None


def _refuse_weak(name: str, password: str) -> None:
    if not password or password.lower() in WELL_KNOWN_PASSWORDS:
        raise ValueError(f"{name} is empty or well known: remove the file, and a new one is drawn")
    if len(password) < SHORTEST_PASSWORD or not password.isascii() or not password.isprintable():
        raise ValueError(f"{name} needs at least {SHORTEST_PASSWORD} printable ASCII characters")


def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8").strip()


def _keep(folder: Path, wanted: dict[str, str], readers: Readers) -> list[str]:
    """Write what is missing, give everything to its reader; the names of what was written."""
    made = []
    for name, text in wanted.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text)
            made.append(name)
        for place, mode in ((path, 0o400), (path.parent, 0o700)):
            place.chmod(mode)
            os.chown(place, readers.of(name), -1)
    return made


def _write(path: Path, text: str) -> None:
    """A new file, whole or not at all."""
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text.rstrip("\n") + "\n")
        file.flush()
        os.fsync(descriptor)
    draft.rename(path)
