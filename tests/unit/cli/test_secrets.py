"""The secrets one-shot: it draws what is missing, once, each file for its one reader."""

import hashlib
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.keyring import Keyring
from service.settings import Settings

EXPECTED = {
    "web/email-keys", "web/index-keys", "web/signing-keys", "web/database-url", "web/redis-url",
    "worker/database-url", "worker/redis-url",
    "owner/database-url", "owner/redis-url", "owner/web-password", "owner/worker-password",
    "postgres/password", "redis/password", "redis/users.acl", "web/submitted-keys", "worker/submitted-keys",
}  # fmt: skip


def draw(folder: Path, *, product: int | None = None, server: int | None = None) -> Result:
    """Run it; every reader is this user unless said otherwise."""
    uids = [f"--product-uid={product or os.geteuid()}", f"--server-uid={server or os.geteuid()}"]
    return CliRunner().invoke(main, ["secrets", str(folder), *uids])


def contents(folder: Path) -> dict[str, str]:
    """Every file below the folder."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.glob("*/*")}


def put(folder: Path, name: str, text: str) -> None:
    """A file that an operator brought."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(text)


def test_everything_is_made_readable_by_its_owner_alone(tmp_path: Path) -> None:
    assert draw(tmp_path).exit_code == 0
    assert contents(tmp_path).keys() == EXPECTED
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in EXPECTED} == {0o400}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in tmp_path.iterdir()} == {0o700}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_each_file_is_given_to_the_one_who_reads_it(tmp_path: Path) -> None:
    assert draw(tmp_path, product=10001, server=999).exit_code == 0
    owners = {name: (tmp_path / name).stat().st_uid for name in EXPECTED}
    assert owners == {name: 999 if name.startswith(("postgres", "redis")) else 10001 for name in EXPECTED}


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    draw(tmp_path)
    before = contents(tmp_path)
    again = draw(tmp_path)
    assert again.exit_code == 0
    assert again.stderr == "0 secrets made, all are there\n"
    assert contents(tmp_path) == before


def test_names_are_printed_and_no_secret(tmp_path: Path) -> None:
    said = draw(tmp_path).output
    assert all(f"made {name}\n" in said for name in EXPECTED)
    secrets = [line for text in contents(tmp_path).values() for line in text.splitlines()]
    assert not [secret for secret in secrets if secret in said]


def test_two_deployments_share_no_secret(tmp_path: Path) -> None:
    draw(tmp_path / "one")
    draw(tmp_path / "two")
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert not [name for name in EXPECTED if one[name] == two[name]]
    # The one Redis URL is read in three places, and two processes share a key.
    assert len(set(one.values())) == len(EXPECTED) - 3


def test_web_and_worker_share_one_key_and_it_is_drawn_anew_where_it_is_gone(tmp_path: Path) -> None:
    draw(tmp_path)
    both = ("web/submitted-keys", "worker/submitted-keys")
    first = {contents(tmp_path)[name] for name in both}
    (tmp_path / both[0]).unlink()
    draw(tmp_path)
    assert {contents(tmp_path)[name] for name in both} == first
    assert len(first) == 1
    for name in both:
        (tmp_path / name).unlink()
    assert draw(tmp_path).exit_code == 0
    assert {contents(tmp_path)[name] for name in both} != first


def test_the_processes_start_with_what_was_drawn(tmp_path: Path) -> None:
    draw(tmp_path)
    web = Settings.read({
        "DATABASE_URL_FILE": str(tmp_path / "web/database-url"),
        "REDIS_URL_FILE": str(tmp_path / "web/redis-url"),
        "REPLYDESK_EMAIL_KEYS_FILE": str(tmp_path / "web/email-keys"),
    })  # fmt: skip
    assert Keyring.parse(web.email_keys.get_secret_value()).newest == 1
    owner = Settings.read({
        "DATABASE_URL_FILE": str(tmp_path / "owner/database-url"),
        "REDIS_URL_FILE": str(tmp_path / "owner/redis-url"),
        "REPLYDESK_WEB_PASSWORD_FILE": str(tmp_path / "owner/web-password"),
        "REPLYDESK_WORKER_PASSWORD_FILE": str(tmp_path / "owner/worker-password"),
    })  # fmt: skip
    assert urlsplit(web.database_url.get_secret_value()).password == owner.web_password.get_secret_value()


def test_the_worker_gets_neither_keys_nor_the_owner(tmp_path: Path) -> None:
    draw(tmp_path)
    files = contents(tmp_path)
    theirs = "".join(text for name, text in files.items() if name.startswith("worker/"))
    others = (
        "web/email-keys",
        "web/index-keys",
        "web/signing-keys",
        "postgres/password",
        "owner/web-password",
    )
    assert not [name for name in others if files[name].strip() in theirs]
    assert "//replydesk_worker:" in theirs


def test_redis_knows_the_digest_of_the_password_that_the_url_holds(tmp_path: Path) -> None:
    draw(tmp_path)
    files = contents(tmp_path)
    parts = urlsplit(files["web/redis-url"].strip())
    assert parts.username == "replydesk"
    assert hashlib.sha256(str(parts.password).encode()).hexdigest() in files["redis/users.acl"]
    assert str(parts.password) not in files["redis/users.acl"]


def test_what_an_operator_brought_is_used(tmp_path: Path) -> None:
    put(tmp_path, "postgres/password", "p@ss/word with spaces\n")
    assert draw(tmp_path).exit_code == 0
    assert (tmp_path / "postgres/password").read_text() == "p@ss/word with spaces\n"
    assert ":p%40ss%2Fword%20with%20spaces@postgres:" in (tmp_path / "owner/database-url").read_text()


def test_a_run_that_broke_off_is_completed(tmp_path: Path) -> None:
    draw(tmp_path)
    (tmp_path / "owner/database-url").unlink()
    (tmp_path / "web/email-keys").unlink()
    (tmp_path / "web/.email-keys").write_text("half")
    assert draw(tmp_path).exit_code == 0
    assert contents(tmp_path).keys() == EXPECTED


@pytest.mark.parametrize("name", ["web/email-keys", "web/index-keys", "web/signing-keys"])
def test_a_key_that_data_need_is_not_drawn_anew(tmp_path: Path, name: str) -> None:
    draw(tmp_path)
    (tmp_path / name).unlink()
    refused = draw(tmp_path)
    assert refused.exit_code == 1
    assert refused.stderr == f"replydesk: {name} is gone, and the data need it: bring it back\n"
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("postgres/password", ""),
        ("postgres/password", "\n"),
        ("postgres/password", "Postgres\n"),
        ("redis/password", "changeme"),
        ("owner/web-password", "a" * 15),
        ("owner/worker-password", "päßwörter sind schwer"),
        ("web/email-keys", ""),
        ("web/email-keys", "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("web/index-keys", "a key that is none"),
    ],
)
def test_an_empty_or_well_known_secret_is_refused_in_one_line(tmp_path: Path, name: str, text: str) -> None:
    draw(tmp_path)
    put(tmp_path, name, text)
    refused = draw(tmp_path)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"replydesk: {name} ")
    assert refused.stderr.count("\n") == 1
    assert not text.strip() or text.strip() not in refused.stderr


def test_sixteen_characters_that_nobody_knows_are_enough(tmp_path: Path) -> None:
    put(tmp_path, "redis/password", "a" * 16)
    assert draw(tmp_path).exit_code == 0


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "web").write_text("not a folder")
    refused = draw(tmp_path)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"replydesk: {tmp_path}/web")
