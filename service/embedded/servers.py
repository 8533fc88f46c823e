"""The embedded servers that this start needs: none where DATABASE_URL and REDIS_URL name others."""

from collections.abc import Mapping

from service.embedded.console import StartError
from service.embedded.layout import Home
from service.embedded.place import Place, find_place
from service.embedded.postgres import Postgres
from service.embedded.programs import Programs, find_programs
from service.embedded.redis import Redis
from service.embedded.secret_files import password

Server = Postgres | Redis

NO_POSTGRES = "no embedded Postgres for this machine: set DATABASE_URL to a Postgres 15 or newer"
NO_REDIS = "no Redis found: install redis-server or valkey-server, or set REDIS_URL"


def choose_servers(home: Home, environ: Mapping[str, str]) -> dict[str, Server]:
    """The servers to start, by the name of the setting that they stand in for.

    Raises:
        StartError: one is needed and not there, or its place cannot be used.
    """
    wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not _is_set(environ, name)]
    if not wanted:
        return {}
    place = find_place(home, _programs(wanted), password(home.secrets / "home-id"))
    makers = {"DATABASE_URL": _postgres, "REDIS_URL": _redis}
    return {name: makers[name](home, place) for name in wanted}


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    return bool(environ.get(name) or environ.get(f"{name}_FILE"))


def _programs(wanted: list[str]) -> Programs:
    found = find_programs()
    if "DATABASE_URL" in wanted and found.postgres is None:
        raise StartError(NO_POSTGRES)
    if "REDIS_URL" in wanted and found.redis is None:
        raise StartError(NO_REDIS)
    return Programs(
        found.postgres if "DATABASE_URL" in wanted else None, found.redis if "REDIS_URL" in wanted else None
    )


def _postgres(home: Home, place: Place) -> Server:
    file = home.secrets / "postgres-password"
    if place.data_exist() and not file.exists():
        raise StartError(f"{file} is gone, and the data need it: bring it back, or run `make clean`")
    assert place.programs.postgres is not None  # noqa: S101
    return Postgres(
        folder=place.folder,
        programs=place.programs.postgres,
        account=place.account,
        password=password(file),
        log=home.log_file("postgres"),
        pid_file=home.pid_file("postgres"),
    )


def _redis(home: Home, place: Place) -> Server:
    assert place.programs.redis is not None  # noqa: S101
    return Redis(
        folder=place.folder,
        server=place.programs.redis,
        account=place.account,
        password=password(home.secrets / "redis-password"),
        log=home.log_file("redis"),
        pid_file=home.pid_file("redis"),
    )
