"""Short comments written for the training: what everybody knows of spam, abuse and plain talk."""

import random
import re
from collections.abc import Iterator
from importlib.resources import files

from service.moderation.classifier.model import Task

MOST_OF_A_LINE = 60
"""Drawn fillings of one line, so that one with two lists does not outweigh all others."""

_NAME = re.compile(r"\{(\w+)\}")


def phrases(task: Task, seed: int) -> list[tuple[str, bool]]:
    """Comments and whether they are bad for this task, drawn from the seed."""
    content = files(__package__).joinpath("phrases", f"{task}.txt").read_text("utf-8")
    return sorted(set(_filled(content, random.Random(seed))))


def _filled(content: str, draw: random.Random) -> Iterator[tuple[str, bool]]:
    """Lines `+ bad` and `- fine`; `{name}` stands for each word of the line `name = one | other`."""
    lists: dict[str, list[str]] = {}
    for line in content.splitlines():
        if line.startswith(("+ ", "- ")):
            for text in _drawn(line[2:], lists, draw):
                yield text, line.startswith("+")
        elif " = " in line and not line.startswith("#"):
            name, _, words = line.partition(" = ")
            lists[name] = [word.strip() for word in words.split("|")]


def _drawn(template: str, lists: dict[str, list[str]], draw: random.Random) -> set[str]:
    if not _NAME.search(template):
        return {template}
    return {_NAME.sub(lambda match: draw.choice(lists[match[1]]), template) for _ in range(MOST_OF_A_LINE)}
