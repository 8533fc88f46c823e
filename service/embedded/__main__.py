"""`python -m service.embedded`: run everything until told to stop; `… clean` removes what it made."""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence

from service.embedded.clean import clean
from service.embedded.commands import COMMANDS, Surroundings
from service.embedded.console import StartError, complain, plain_words, say
from service.embedded.layout import Home
from service.embedded.ports import require_free
from service.embedded.requests_to_stop import Stopped, StopRequests
from service.embedded.secret_files import keep, make_keys
from service.embedded.servers import Server, choose_servers
from service.embedded.supervisor import BEAT, Supervisor

Table = Mapping[str, Sequence[str]]


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ, commands: Table = COMMANDS) -> int:
    """The exit code: 0 after a stop that was asked for, 1 with one line that says why."""
    try:
        if list(argv) == ["clean"]:
            return clean(Home.of(environ))
        return run(environ, commands)
    except StartError as error:
        complain(str(error))
    except OSError as error:
        complain(plain_words(error))
    return 1


def run(environ: Mapping[str, str], commands: Table) -> int:
    """Start, watch, stop.

    Raises:
        StartError, OSError: the start cannot go on; whatever ran is stopped by then.
    """
    requests = StopRequests()
    home = Home.of(environ)
    around = Surroundings(environ, home, commands)
    _require_settings(around)
    supervisor = Supervisor(requests)
    home.make()
    home.lock()
    supervisor.clear(around)
    home.empty_tmp()
    require_free(around.host, around.port)
    say(f"replydesk: starting, state in {home.root}")
    try:
        servers = choose_servers(home, environ)
        keys = make_keys(home.secrets, data_exist=_data_exist(servers))
        _bring_up(supervisor, Surroundings(environ, home, commands, keys), servers)
        while True:
            supervisor.watch()
            time.sleep(BEAT * 2)
    except Stopped:
        say("replydesk: stopping")
    finally:
        home.environment_file.unlink(missing_ok=True)
        supervisor.stop()
        home.empty_tmp()
    say("replydesk: stopped, nothing is lost")
    return 0


def _require_settings(around: Surroundings) -> None:
    """Read the settings as the processes will, so that a wrong one is told before anything is started."""
    from service.settings import Settings, SettingsError, ignored_names  # `clean` runs without a .venv

    for name in ignored_names(around.environ):
        say(f"replydesk: {name} comes from Kubernetes and is ignored")
    environ = dict(around.environ) | {"REPLYDESK_PORT": str(around.port)}
    given = {name: value for name, value in environ.items() if value or not name.endswith("_URL")}
    stand_ins = {"DATABASE_URL": "postgresql://127.0.0.1/", "REDIS_URL": "redis://127.0.0.1/"}
    missing = {name: url for name, url in stand_ins.items() if f"{name}_FILE" not in given}
    try:
        Settings.read(missing | given)
    except SettingsError as error:
        raise StartError("\nreplydesk: ".join(error.lines)) from None


def _bring_up(supervisor: Supervisor, around: Surroundings, servers: dict[str, Server]) -> None:
    urls = supervisor.start_servers(servers)
    around = Surroundings(around.environ, around.home, around.commands, around.keys, urls)
    keep(around.home.environment_file, json.dumps(around.settings()))
    supervisor.run_once(around.migrate())
    say("  database migrated")
    supervisor.run_once(around.demo())
    say("  demo site and moderator ready")
    supervisor.start_product(around)
    announce(around)


def _data_exist(servers: dict[str, Server]) -> bool:
    database = servers.get("DATABASE_URL")
    return database is not None and (database.data / "PG_VERSION").exists()


def announce(around: Surroundings) -> None:
    """Say where everything is, and with which token it may be moderated."""
    say("  web, worker and scheduler ready\n")
    for what, path in (("demo news page", "/demo"), ("dashboard", "/dashboard"), ("API docs", "/docs")):
        say(f"  {what:<15} {around.public_url}{path}")
    token = around.home.token_file
    say(f"  moderator token {token.read_text(encoding='ascii').strip() if token.exists() else 'none'}")
    say("                  of the role admin at every site; it works on this machine alone")
    say("\n  Ctrl-C stops everything; what was sent stays.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
