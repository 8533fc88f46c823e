"""Arranges an OpenAPI 3.1 document for reading: operations by tag, references resolved, types in words."""

import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape

from service.web.schema_words import Json, fields_of, resolved, type_words

METHODS = ("get", "post", "put", "patch", "delete", "options")


def api_sections(document: Json) -> list[dict[str, Any]]:
    """`[{name, description, anchor, operations: [...]}]`, tags in the order the document lists them."""
    sections = {
        tag["name"]: {"name": tag["name"], "description": tag.get("description", ""), "operations": []}
        for tag in document.get("tags", ())
    }
    for path, method, operation in _operations(document):
        for name in operation.get("tags") or ["Other"]:
            section = sections.setdefault(name, {"name": name, "description": "", "operations": []})
            section["operations"].append(_described(document, path, method, operation))
    filled = [section for section in sections.values() if section["operations"]]
    return [section | {"anchor": _anchor(section["name"])} for section in filled]


def _operations(document: Json) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation; parameters given for the whole path are added to each."""
    for path, raw in document.get("paths", {}).items():
        item = resolved(document, raw)
        for method in METHODS:
            if method in item:
                shared = list(item.get("parameters", ()))
                operation = dict(item[method])
                operation["parameters"] = shared + list(operation.get("parameters", ()))
                yield path, method, operation


def _described(document: Json, path: str, method: str, operation: Json) -> dict[str, Any]:
    body = resolved(document, operation.get("requestBody", {}))
    return {
        "anchor": _anchor(f"{method} {path}"),
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "deprecated": bool(operation.get("deprecated")),
        "secured": _is_secured(document, operation),
        "parameters": [_parameter(document, resolved(document, raw)) for raw in operation["parameters"]],
        "body": _body(document, body) if body else None,
        "responses": _responses(document, operation),
    }


def _is_secured(document: Json, operation: Json) -> bool:
    return bool(operation.get("security", document.get("security", ())))


def _parameter(document: Json, parameter: Json) -> dict[str, Any]:
    schema = resolved(document, parameter.get("schema", {}))
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "required": bool(parameter.get("required")),
        "type": type_words(document, schema),
        "description": parameter.get("description") or schema.get("description", ""),
        "default": schema.get("default"),
    }


def _body(document: Json, body: Json) -> dict[str, Any]:
    content = body.get("content", {})
    # One table for all media types: the same fields are taken in each.
    first: Json = next(iter(content.values()), {})
    return {
        "media_types": list(content),
        "description": body.get("description", ""),
        "required": bool(body.get("required")),
        "fields": fields_of(document, first.get("schema", {})),
    }


def _responses(document: Json, operation: Json) -> list[dict[str, Any]]:
    described = []
    for status, raw in operation.get("responses", {}).items():
        response = resolved(document, raw)
        content = response.get("content", {})
        first: Json = next(iter(content.values()), {})
        described.append(
            {
                "status": str(status),
                "description": response.get("description", ""),
                "media_types": list(content),
                "headers": list(response.get("headers", {})),
                "fields": fields_of(document, first.get("schema", {})),
            }
        )
    return described


def prose(text: str) -> Markup:
    """Descriptions as paragraphs, with `backquoted` words as code; nothing else of Markdown is read."""
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    return Markup("\n").join(Markup("<p>{}</p>").format(_with_code(part)) for part in paragraphs if part)


def _with_code(paragraph: str) -> Markup:
    pieces = paragraph.split("`")
    if len(pieces) % 2 == 0:
        return escape(paragraph)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def _anchor(words: str) -> str:
    kept = "".join(character if character.isalnum() else "-" for character in words.lower())
    return "-".join(part for part in kept.split("-") if part)
