"""Reads a policy's file: JSON or YAML, each with one meaning."""

import re
from typing import Any, NoReturn, TextIO

import yaml

from service.cli.surroundings import fail
from service.domain.policy import Policy
from service.moderation.policy_document import InvalidPolicy, read_policy
from service.strict_json import NotStrictJson, parse_strict

MOST_CHARACTERS = 4 * 1024 * 1024
_LEVELS = 20


def read_file(file: TextIO) -> Policy:
    """The policy in a file, or an end with one line for each fault."""
    try:
        document = parse_document(file.read(MOST_CHARACTERS + 1), file.name)
        return read_policy(document)
    except UnicodeDecodeError:
        fail("the file is not UTF-8")
    except (NotStrictJson, yaml.YAMLError) as error:
        _fail_unreadable(error)
    except RecursionError:
        fail("policy: it is nested too deeply")
    except InvalidPolicy as error:
        fail(*(f"{fault.field}: {fault.detail}" for fault in error.faults))


def parse_document(text: str, name: str = "") -> object:
    """What the text says: YAML by its name, and where it does not begin as a JSON object or list does.

    Raises:
        NotStrictJson, yaml.YAMLError: it cannot be read.
    """
    if len(text) > MOST_CHARACTERS:
        raise NotStrictJson(f"A policy has at most {MOST_CHARACTERS} characters.")
    if name.endswith((".yaml", ".yml")) or not text.lstrip().startswith(("{", "[")):
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506  (it makes nothing but plain values)
    return parse_strict(text.encode("utf-8", "surrogatepass"), levels=_LEVELS)


def _fail_unreadable(error: Exception) -> NoReturn:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    problem = getattr(error, "problem", None) or (str(error) if isinstance(error, NotStrictJson) else "")
    fail(f"policy: {where}{problem or 'it cannot be read as YAML'}")


class _StrictLoader(yaml.SafeLoader):
    """YAML 1.2's plain values: `on`, `no` and `12:30` are words; a key stands once, nothing is shared."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (the base class's way to configure it)

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not possible here", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key.start_mark)
            if key.value in seen:
                problem = "a key stands here for the second time"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("null", r"null|~|", "n~"),
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]{0,17})", "-0123456789"),
    ("float", r"-?[0-9]{1,18}\.[0-9]{1,18}", "-0123456789"),
):
    _StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(rf"(?:{_pattern})\Z"),
        [*_first, *([""] if _tag == "null" else [])],
    )
