"""The OpenAPI document as a page."""

from typing import Any

import pytest

from service.web.api_docs import api_sections, prose
from service.web.schema_words import type_words
from tests.unit.web.page_contexts import OPENAPI, PAGES


def test_operations_are_grouped_and_references_resolved() -> None:
    [section] = api_sections(OPENAPI)
    [operation] = section["operations"]
    assert (section["name"], operation["method"], operation["path"]) == ("Comments", "POST", "/c/{id}")
    assert operation["secured"]
    assert [(p["name"], p["where"], p["required"]) for p in operation["parameters"]] == [("id", "path", True)]
    assert operation["body"]["fields"] == [
        {"name": "text", "type": "string, 1–9 characters", "required": True, "description": "Words."}
    ]
    assert [response["status"] for response in operation["responses"]] == ["202"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "uri", "maxLength": 500}, "string, uri, at most 500 characters"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"enum": ["held", "spam", None]}, '"held" | "spam" | null'),
        ({"const": "pending"}, '"pending"'),
        ({"type": "integer", "minimum": 1, "maximum": 200}, "integer, 1–200"),
        ({"type": "array", "items": {"type": "number"}}, "list of number"),
        ({"$ref": "#/components/schemas/In"}, "object"),
        ({"$ref": "#/nowhere/at/all"}, "any"),
        ({}, "any"),
    ],
)
def test_types_are_said_in_words(schema: dict[str, Any], words: str) -> None:
    assert type_words(OPENAPI, schema) == words


def test_a_schema_that_holds_itself_ends() -> None:
    knot = {"$defs": {"a": {"type": "array", "items": {"$ref": "#/$defs/a"}}}}
    assert type_words(knot, {"$ref": "#/$defs/a"}).endswith("…")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("a `b<c` d", "<p>a <code>b&lt;c</code> d</p>"),
        ("an odd ` tick <b>", "<p>an odd ` tick &lt;b&gt;</p>"),
        ("", ""),
    ],
)
def test_descriptions_are_prose(text: str, html: str) -> None:
    assert prose(text) == html


def test_the_page_shows_it() -> None:
    html = PAGES["docs"]()
    assert '<a href="#post-c-id">' in html
    assert '<article class="operation" id="post-c-id">' in html
