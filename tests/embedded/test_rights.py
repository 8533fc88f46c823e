"""Root gives rights up for the servers, and no folder that exists gets looser ones."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from service.embedded.clean import clean
from service.embedded.console import StartError
from service.embedded.layout import Home
from service.embedded.place import outside
from tests.embedded.conftest import Run

Start = Callable[..., Run]
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")


@pytest.fixture
def closed_home(homes: Callable[[], Home]) -> Home:
    """A home that exists already and that its owner alone may enter."""
    home = homes()
    home.root.mkdir(mode=0o700)
    return home


def user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def test_the_servers_run_without_root_s_rights(start: Start) -> None:
    run = start().ready()
    assert user_of(run.pid("postgres")) == user_of(run.pid("redis")) != 0
    status = Path(f"/proc/{run.pid('postgres')}/status").read_text()
    assert "Groups:\t \n" in status
    assert "CapEff:\t0000000000000000\n" in status


def test_a_closed_home_stays_closed_and_its_data_lie_outside(start: Start, closed_home: Home) -> None:
    parents = [closed_home.root, *closed_home.root.parents]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in parents]
    run = start(home=closed_home).ready()
    apart = outside(closed_home)
    assert f"its files lie in {apart}" in run.said()
    assert stat.S_IMODE(apart.stat().st_mode) == 0o700
    assert apart.stat().st_uid == user_of(run.pid("postgres")) != 0
    assert (apart / "postgres" / "PG_VERSION").exists()
    assert not (closed_home.root / "postgres").exists()
    assert [(path.stat().st_mode, path.stat().st_uid) for path in parents] == before
    run.stop()
    start(home=closed_home).ready().stop()
    clean(closed_home)
    assert not apart.exists()


def test_data_of_an_earlier_home_at_the_same_path_are_set_aside(start: Start, closed_home: Home) -> None:
    start(home=closed_home).ready().stop()
    for path in closed_home.secrets.iterdir():
        path.unlink()  # as a new clone at the same path has none
    run = start(home=closed_home).ready()
    kept = outside(closed_home).with_name(f"{outside(closed_home).name}.old1")
    assert f"are kept in {kept}" in run.said()
    assert (kept / "postgres" / "PG_VERSION").exists()
    run.stop()
    clean(closed_home)
    assert not kept.exists()


def test_a_folder_that_is_no_home_is_not_cleaned(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "mine").touch()
    with pytest.raises(StartError, match="no home of Replydesk"):
        clean(Home(tmp_path))
    assert (tmp_path / "logs" / "mine").exists()
