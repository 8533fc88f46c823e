"""Reads the migrations that this code knows, and what each says in its head."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file.

    `oldest_code` is the lowest migration number that a running program may have been built with and still
    work on the schema that this file leaves behind.
    """

    number: int
    name: str
    sql: str
    oldest_code: int
    in_transaction: bool
    statement_timeout: str

    @property
    def sha256(self) -> str:
        """The digest that the ledger keeps, so that an edited file is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@cache
def known_migrations() -> tuple[Migration, ...]:
    """All migrations beside this module, in order, without a gap.

    Raises:
        ValueError: a file is misnamed, a number missing or a head without its oldest code.
    """
    found = tuple(_read(path) for path in sorted(Path(__file__).parent.glob("*.sql")))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations are numbered from 1 without a gap")
    return found


def newest_known() -> int:
    """The number of the newest migration: the age of this code, as the schema counts it."""
    return known_migrations()[-1].number


def _read(path: Path) -> Migration:
    matched = _NAME.fullmatch(path.name)
    if matched is None:
        raise ValueError(f"{path.name} is not named NNNN_verb_noun.sql")
    sql = path.read_text(encoding="utf-8")
    return Migration(
        number=int(matched[1]),
        name=path.stem,
        sql=sql,
        oldest_code=int(_head(sql, "oldest code")),
        in_transaction="-- no-transaction" not in sql,
        statement_timeout=_head(sql, "statement timeout", default="5s"),
    )


def _head(sql: str, key: str, default: str | None = None) -> str:
    matched = re.search(rf"^-- {key}: (\S+)$", sql, re.MULTILINE)
    if matched is None and default is None:
        raise ValueError(f"a migration must say its `-- {key}: …`")
    return matched[1] if matched else str(default)
