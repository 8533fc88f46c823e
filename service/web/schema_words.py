"""Says in words what a JSON Schema of the API asks for."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

_MAX_DEPTH = 6
_MAX_INNER = 2


def type_words(document: Json, schema: Json, depth: int = 0) -> str:
    """A schema's type in words: `string, at most 100 characters`, `list of integer`, `"held" | "spam"`."""
    schema = resolved(document, schema)
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


def fields_of(document: Json, schema: Json, prefix: str = "", depth: int = 0) -> list[dict[str, Any]]:
    """The fields of an object (or of the objects of a list), one row each; inner ones as `list[].field`."""
    schema = _element(document, resolved(document, schema))
    properties, required = _members(document, schema)
    rows = []
    for name, raw in properties.items():
        field = resolved(document, raw)
        rows.append(
            {
                "name": prefix + name,
                "type": type_words(document, field),
                "required": name in required,
                "description": raw.get("description") or field.get("description", ""),
            }
        )
        if depth < _MAX_INNER:
            inner = f"{prefix}{name}[]." if field.get("type") == "array" else f"{prefix}{name}."
            rows += fields_of(document, field, inner, depth + 1)
    return rows


def _element(document: Json, schema: Json) -> Json:
    return resolved(document, schema.get("items", {})) if schema.get("type") == "array" else schema


def _members(document: Json, schema: Json, depth: int = 0) -> tuple[dict[str, Any], set[str]]:
    """Properties and required names, with those of every `allOf` part; alternatives show the first."""
    properties = dict(schema.get("properties", {}))
    required = set(schema.get("required", ()))
    parts = list(schema.get("allOf", ())) + list(schema.get("oneOf", schema.get("anyOf", ())))[:1]
    for part in parts if depth < _MAX_DEPTH else ():
        more, needed = _members(document, resolved(document, part), depth + 1)
        properties |= more
        required |= needed
    return properties, required


def resolved(document: Json, node: Json) -> Json:
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
