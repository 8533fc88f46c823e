"""The documents name every setting, command and make target that there is, and none that there is not."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.cli import _COMMANDS as COMMANDS
from service.embedded.layout import DEFAULT_HOME
from service.settings import Settings, _variable

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

SETTINGS = {_variable(name): field for name, field in Settings.model_fields.items()}
COMPOSE = set(re.findall(r"\$\{(REPLYDESK_\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
BESIDE = {"REPLYDESK_HOME", "TEST_REPLYDESK_CHROMIUM"}
IN_WORDS = {"DATABASE_URL": "required", "REDIS_URL": "required", "REPLYDESK_PUBLIC_URL": "from host and port"}
IN_WORDS |= {f"REPLYDESK_{name}_KEYS": "required by web" for name in ("EMAIL", "INDEX", "SIGNING")}


def section(title: str) -> str:
    """The text below a heading of the second level."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(title: str) -> dict[str, list[str]]:
    """A section's table: the first cell's name to the other cells."""
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first.strip("`"): rest for first, *rest in cells}


def written(default: object) -> str:
    """A default as the table writes it."""
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if default in ("", ()):
        return "none"
    return f"`{int(default) if isinstance(default, float) and default.is_integer() else default}`"


def test_the_table_of_settings_is_complete_and_names_nothing_else() -> None:
    assert set(rows("Settings")) == set(SETTINGS)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_stands_with_its_default_its_unit_and_its_meaning(name: str) -> None:
    default, unit, meaning = rows("Settings")[name]
    assert default == IN_WORDS.get(name, written(SETTINGS[name].default))
    assert (name in {"DATABASE_URL", "REDIS_URL"}) == SETTINGS[name].is_required()
    assert unit
    assert len(meaning.split()) >= 3 or "," in meaning


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_a_setting_that_does_not_exist(document: Path) -> None:
    named = set(re.findall(r"\bREPLYDESK_[A-Z_]*[A-Z]\b", document.read_text(encoding="utf-8")))
    assert {name.removesuffix("_FILE") for name in named} <= {*SETTINGS, *COMPOSE, *BESIDE}


def test_the_readme_explains_what_only_the_compose_file_reads() -> None:
    assert set(rows("Production")) == COMPOSE - set(SETTINGS)


def test_the_home_of_make_run_is_the_one_that_the_readme_names() -> None:
    assert f"`REPLYDESK_HOME` (`{DEFAULT_HOME}`)" in README


def test_the_table_of_commands_is_complete_and_names_nothing_else() -> None:
    named = {name.split()[0] for name in re.findall(r"^\| (`.*?`) \|", section("Command line"), re.MULTILINE)}
    assert {name.strip("`,") for name in named} == set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_a_document_tells_to_use_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = re.sub(r"^- No `make .*$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(re.findall(r"(?:`|^    |\n    )make ([a-z-]+)", text)) <= targets


def test_what_is_said_to_be_missing_is_missing() -> None:
    missing = section("What is not there yet")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "bench:" not in makefile, "it is there now: the README says it is not"
    for command in re.findall(r"`(policy|keys|erase|evaluate|train|explain)`", missing):
        assert command not in COMMANDS
