"""What every tracked file keeps to: no registry's address, links that lead somewhere, a length to be read."""

import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))

# Put together here, so that this file does not hold what it looks for.
REGISTRIES = (
    "py" + "pi.org", "files.python" + "hosted.org", "registry.npm" + "js.org", "docker" + ".io",
    "gh" + "cr.io", "qu" + "ay.io", "gc" + "r.io", "proxy.gol" + "ang.org", "cr" + "ates.io",
    "deb.deb" + "ian.org", "raw.githubuser" + "content.com", "hugging" + "face.co",
)  # fmt: skip
ARCHIVE = re.compile(
    r"https?:" + r"//[^\s\"'<>]+\.(?:whl|tar\.gz|tgz|tar\.xz|zip|deb|rpm|jar|gguf|safetensors)\b"
)
OTHER_INDEX = re.compile(r"(?<!no-emit)--(?:extra-)?index-" + r"url|--trusted-" + r"host|--find-" + r"links")

LONGEST = {
    ".py": 400,
    ".sql": 400,
    ".js": 400,
    ".html": 400,
    ".md": 400,
    ".conf": 400,
    ".yml": 400,
    ".css": 600,
}
"""Lines; a style sheet is one list of small rules."""

LONGEST_TEST = 500  # tables of cases are long and still easy to read

HEADINGS = ("## Context", "## Decision", "## Consequences")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git knows and that is there."""
    try:
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no clone: git does not list its files")
    return tuple(path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def anchors(document: Path) -> set[str]:
    """The ids that a forge gives to a document's headings."""
    titles = re.findall(
        r"^#+ (.+)$", re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def links(document: Path) -> list[str]:
    """The targets of a document's links that lead into the repository."""
    text = re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [target for target in found if not re.match(r"(?:https?|mailto):", target)]


def allowed_lines(path: Path) -> int:
    """How long a file may be; lock files and what is not ours to write may have any length."""
    is_test = path.is_relative_to(ROOT / "tests") and path.suffix == ".py"
    return LONGEST_TEST if is_test else LONGEST.get(path.suffix, 10_000)


def test_no_file_names_a_registry_or_an_archive_to_fetch() -> None:
    found = []
    for path in tracked():
        text = text_of(path)
        hits = [host for host in REGISTRIES if re.search(rf"(?<![\w.-]){re.escape(host)}", text)]
        hits += [match[0] for match in ARCHIVE.finditer(text)]
        hits += [match[0] for match in OTHER_INDEX.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in hits]
    assert found == []


def test_the_lock_files_pin_every_requirement_by_hash_and_hold_no_address() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert locks
    for lock in locks:
        text = text_of(lock)
        assert ":" + "//" not in text, lock.name
        requirements = re.split(r"\n(?=\S)", text.strip())
        assert all("==" in one and "--hash=sha256:" in one for one in requirements), lock.name


def test_every_link_of_a_document_leads_to_a_file_and_a_heading_that_exist() -> None:
    broken = []
    for document in documents():
        for target in links(document):
            name, _, anchor = target.partition("#")
            file = (document.parent / name).resolve() if name else document
            is_there = file.is_dir() or file in tracked()
            if not is_there or (anchor and anchor not in anchors(file)):
                broken.append(f"{document.relative_to(ROOT)}: {target}")
    assert broken == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if (lines := text_of(path).count("\n")) > allowed_lines(path)
    }
    assert long == {}


def test_the_decisions_are_numbered_without_a_gap_and_have_one_shape() -> None:
    assert [path.name[:4] for path in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]
    for path in ADRS:
        text = text_of(path)
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.search(r"^Status: (accepted|superseded by \d+)$", text, re.MULTILINE), path.name
        places = [text.find(f"\n{heading}\n") for heading in HEADINGS]
        assert -1 not in places, path.name
        assert places == sorted(places), path.name


def test_the_map_lists_every_decision() -> None:
    listed = links(ROOT / "ARCHITECTURE.md")
    assert [path.name for path in ADRS if f"docs/adr/{path.name}" not in listed] == []


def test_what_ci_runs_is_a_shell_script_that_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert "make check" in text_of(script)
