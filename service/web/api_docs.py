"""Arranges an OpenAPI 3.1 document for reading: operations by tag, references resolved, types in words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

Json = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
_MAX_DEPTH = 6


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
        item = _resolved(document, raw)
        for method in METHODS:
            if method in item:
                shared = list(item.get("parameters", ()))
                operation = dict(item[method])
                operation["parameters"] = shared + list(operation.get("parameters", ()))
                yield path, method, operation


def _described(document: Json, path: str, method: str, operation: Json) -> dict[str, Any]:
    body = _resolved(document, operation.get("requestBody", {}))
    return {
        "anchor": _anchor(f"{method} {path}"),
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "deprecated": bool(operation.get("deprecated")),
        "secured": _is_secured(document, operation),
        "parameters": [_parameter(document, _resolved(document, raw)) for raw in operation["parameters"]],
        "body": _body(document, body) if body else None,
        "responses": _responses(document, operation),
    }


def _is_secured(document: Json, operation: Json) -> bool:
    return bool(operation.get("security", document.get("security", ())))


def _parameter(document: Json, parameter: Json) -> dict[str, Any]:
    schema = _resolved(document, parameter.get("schema", {}))
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
        "fields": _fields(document, first.get("schema", {})),
    }


def _responses(document: Json, operation: Json) -> list[dict[str, Any]]:
    described = []
    for status, raw in operation.get("responses", {}).items():
        response = _resolved(document, raw)
        content = response.get("content", {})
        first: Json = next(iter(content.values()), {})
        described.append(
            {
                "status": str(status),
                "description": response.get("description", ""),
                "media_types": list(content),
                "headers": list(response.get("headers", {})),
                "fields": _fields(document, first.get("schema", {})),
            }
        )
    return described


def _fields(document: Json, schema: Json) -> list[dict[str, Any]]:
    """The fields of an object (or of the objects of a list), one row each."""
    schema = _resolved(document, schema)
    if schema.get("type") == "array":
        schema = _resolved(document, schema.get("items", {}))
    properties, required = _members(document, schema)
    return [
        {
            "name": name,
            "type": type_words(document, _resolved(document, field)),
            "required": name in required,
            "description": field.get("description") or _resolved(document, field).get("description", ""),
        }
        for name, field in properties.items()
    ]


def _members(document: Json, schema: Json, depth: int = 0) -> tuple[dict[str, Any], set[str]]:
    """Properties and required names, with those of every `allOf` part; alternatives show the first."""
    properties = dict(schema.get("properties", {}))
    required = set(schema.get("required", ()))
    parts = list(schema.get("allOf", ())) + list(schema.get("oneOf", schema.get("anyOf", ())))[:1]
    for part in parts if depth < _MAX_DEPTH else ():
        more, needed = _members(document, _resolved(document, part), depth + 1)
        properties |= more
        required |= needed
    return properties, required


def type_words(document: Json, schema: Json, depth: int = 0) -> str:
    """A schema's type in words: `string, at most 100 characters`, `list of integer`, `"held" | "spam"`."""
    schema = _resolved(document, schema)
    if depth > _MAX_DEPTH:
        return "…"
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join("null" if value is None else f'"{value}"' for value in values)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " or ".join(dict.fromkeys(type_words(document, option, depth + 1) for option in options))
    if schema.get("type") == "array":
        return f"list of {type_words(document, schema.get('items', {}), depth + 1)}"
    kinds = schema.get("type", "object" if "properties" in schema or "allOf" in schema else "any")
    words = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return ", ".join([words, *_limits(schema)])


def _limits(schema: Json) -> Iterator[str]:
    if "format" in schema:
        yield str(schema["format"])
    if "minLength" in schema and "maxLength" in schema:
        yield f"{schema['minLength']}–{schema['maxLength']} characters"
    elif "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"
    if "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']}–{schema['maximum']}"
    if "maxItems" in schema:
        yield f"at most {schema['maxItems']}"


def _resolved(document: Json, node: Json) -> Json:
    """Follow local `$ref`s (RFC 6901 pointers); a reference that leads nowhere is an empty node."""
    for _ in range(_MAX_DEPTH):
        reference = node.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return node
        target: Any = document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            target = target.get(key, {}) if isinstance(target, Mapping) else {}
        node = target
    return node


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
