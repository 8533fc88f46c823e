"""Policies on the command line: JSON or YAML, kept as versions, tried and watched before they are set."""

import asyncio
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from service.domain.policy import Policy
from service.moderation.policy_document import MOST_FAULTS
from service.storage.pool import Pool
from tests.cli.conftest import Invoke
from tests.factories import Paper
from tests.usecases.checking import run as check_due

YAML = """
# what the editors agreed on in March
publish: auto
languages: [no, de]
checks:
  links: {on: false}
  shouting:
    action: note
    weight: 0.5
blocked_words:
  - casino
  - "12:30"
"""


def test_a_policy_in_yaml_means_what_it_says(invoke: Invoke, paper: str) -> None:
    assert invoke("policy", "set", paper, typed=YAML).output == "2\n"
    stored = Policy.model_validate_json(invoke("policy", "get", paper).output)
    assert stored.languages == ("no", "de")  # Norwegian, and not "false"
    assert stored.checks["links"].on is False  # "on" is a word, and not "true"
    assert stored.blocked_words == ("casino", "12:30")


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("publish: auto\npublish: review", "line 2, column 1: a key stands here for the second time"),
        ("a: &x [1]\nb: *x", "aliases are not possible here"),
        ("1: 2", "a key must be a word"),
        ("publish: [", "policy: line "),
        ("!!python/object:os.system x", "policy: "),
        ('{"publish": "auto", "publish": "auto"}', "policy: "),
        ('{"publish": "auto"', "policy: "),
        ("publish: " + "[" * 20_000, "policy: "),
        ('{"blocked_words": ["a\\u0000b"]}', "blocked_words.0: It holds a control character."),
        ('{"max_links": "2"}', "max_links: Input should be a valid integer."),
        ("blocked_words: [!!binary aGk=]", "policy: It holds a value that JSON does not know."),
        ("checks: {linkz: {}}\npublish: always", "checks.linkz: There is no such check; did you mean links."),
        ("", "policy: "),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(
    invoke: Invoke, paper: str, document: str, complaint: str
) -> None:
    done = invoke("policy", "check", typed=document)
    assert done.exit_code == 1
    assert complaint in done.stderr
    assert all(line.startswith("replydesk: ") for line in done.stderr.splitlines())


def test_every_fault_is_named_at_once(invoke: Invoke) -> None:
    faulty = "publish: always\nmax_linkz: 1\nheld_patterns: [ok, '(?=x)']\n"
    faulty += "services: {akismett: {}}\nchecks: {x: {}}"
    named = {line.split()[1] for line in invoke("policy", "check", typed=faulty).stderr.splitlines()}
    assert named == {"publish:", "max_linkz:", "held_patterns.1:", "services.akismett:", "checks.x:"}


def test_a_document_of_nothing_but_faults_is_refused_soon_and_shortly(invoke: Invoke) -> None:
    names = [f"{number}" + "x" * 2000 for number in range(400)]
    document = dict.fromkeys(names, 1) | {"checks": {name: {} for name in names}}
    lines = invoke("policy", "check", typed=json.dumps(document)).stderr.splitlines()
    assert len(lines) == MOST_FAULTS
    assert max(map(len, lines)) < 1500


def test_a_check_says_what_would_change_and_changes_nothing(invoke: Invoke, paper: str) -> None:
    assert invoke("policy", "check", typed=YAML).output == "nothing is wrong with it\n"
    lines = invoke("policy", "check", "--site", paper, typed=YAML).output.splitlines()
    assert "publish: review → auto" in lines
    assert "blocked_words: 2 more, 0 fewer" in lines
    assert any(line.startswith("checks.shouting: ") for line in lines)
    assert json.loads(invoke("policy", "get", paper).output)["publish"] == "review"
    assert invoke("policy", "check", "--site", paper, typed="{}").output == "it says what version 1 says\n"


def test_the_schema_takes_what_is_a_policy_and_refuses_what_is_none(invoke: Invoke) -> None:
    schema = json.loads(invoke("policy", "schema").output)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(Policy(publish="auto").model_dump(mode="json"))
    for wrong in ({"publish": "always"}, {"max_link": 1}, {"checks": {"linkz": {}}}, {"services": {"x": {}}}):
        assert not validator.is_valid(wrong), wrong


def test_the_history_says_who_when_why_and_what(invoke: Invoke, paper: str) -> None:
    invoke("policy", "set", paper, "--note", "fewer links", typed='{"max_links": 0}')
    invoke("policy", "set", paper, typed='{"max_links": 0, "blocked_words": ["casino"]}')
    first, words, second, links, third = invoke("policy", "history", paper).output.splitlines()
    assert [line.split("\t")[0] for line in (first, second, third)] == ["3", "2", "1"]
    assert second.split("\t")[2:] == ["the command line", "fewer links"]
    assert (words, links) == ("\tblocked_words: 1 more, 0 fewer", "\tmax_links: 2 → 0")
    assert json.loads(invoke("policy", "get", paper, "--version", "2").output)["blocked_words"] == []
    assert "there is no version 9" in invoke("policy", "get", paper, "--version", "9").stderr


def test_a_change_on_top_of_what_somebody_else_changed_is_refused(invoke: Invoke, paper: str) -> None:
    assert invoke("policy", "set", paper, "--version", "1", typed='{"max_links": 0}').output == "2\n"
    done = invoke("policy", "set", paper, "--version", "1", typed='{"max_links": 1}')
    assert (done.exit_code, "version 2 holds" in done.stderr) == (1, True)
    assert json.loads(invoke("policy", "get", paper).output)["max_links"] == 0


@pytest.fixture
async def busy(desk: Paper, worker: Pool) -> Paper:
    """Two clean comments and one with links that a person approved; all are held, as the site reviews."""
    for _ in range(2):
        await desk.post()
    links = await desk.post(text="http://a.example http://b.example http://c.example \u202e!")
    await check_due(worker)
    await desk.decide(links, "approve")
    return desk


async def test_a_candidate_is_tried_in_processes_of_its_own(
    busy: Paper, invoke: Invoke, tmp_path: Path
) -> None:
    file = tmp_path / "candidate.yaml"
    off = "".join(f"  {name}: {{on: false}}\n" for name in ("spam_model", "abuse_model", "hidden_characters"))
    file.write_text(f"publish: auto\nmax_links: 9\nheld_words: [mill]\nchecks:\n{off}", encoding="utf-8")
    done = await asyncio.to_thread(invoke, "policy", "try", "paper", str(file), "--last", "50", "--texts")
    assert done.exit_code == 0, done.stderr
    assert "would have published 1 more, 1 of which you approved" in done.stdout
    assert "held → published: 1 (by people: 1 approved)" in done.stdout
    assert "http://a.example" in done.stdout
    assert "\\u202e!" in done.stdout  # what turns the writing round is spelt out
    assert "trying" in done.stderr
    as_json = await asyncio.to_thread(invoke, "policy", "try", "paper", str(file), "--json")
    report = json.loads(as_json.stdout)
    assert (report["comments"], report["changed"], report["last"]) == (3, 1, 10_000)
    assert "a.example" not in as_json.stdout
    assert await busy.count("policy") == 1


async def test_a_candidate_is_watched_reported_and_ended(busy: Paper, invoke: Invoke) -> None:
    def told(*words: str, typed: str | None = None) -> str:
        return invoke("policy", "shadow", "paper", *words, typed=typed).output

    assert "no candidate is watched" in await asyncio.to_thread(told)
    assert "watching it" in await asyncio.to_thread(told, "-", "--note", "links", typed="publish: auto")
    assert "0 comments, 0 decided otherwise than live" in await asyncio.to_thread(told)
    found = json.loads(await asyncio.to_thread(told, "--json"))
    assert (found["note"], found["policy"]["publish"], found["made_by"]) == ("links", "auto", None)
    assert await asyncio.to_thread(told, "--end") == "ended\n"
    assert await asyncio.to_thread(told, "--end") == "none was watched\n"
