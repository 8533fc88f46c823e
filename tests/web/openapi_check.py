"""Compares an answer with what the OpenAPI document says about it."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import ClientResponse
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

Json = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ADDRESS = "urn:replydesk:openapi"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    described: Json

    def url(self, **parts: str) -> str:
        """The path with those parts filled in; what is not named is `1`."""
        return self.path.format_map(_Parts({name: quote(value, safe="") for name, value in parts.items()}))


class _Parts(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "1"


class Reference:
    """The document, and whether answers are as it says."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.operations = {
            described["operationId"]: Operation(method, path, described)
            for path, item in document["paths"].items()
            for method, described in item.items()
            if method in METHODS
        }
        strict = Resource.from_contents(closed(document), default_specification=DRAFT202012)
        lenient = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resources(
            [(_ADDRESS, strict), (_ADDRESS + ":open", lenient)]
        )

    def resolved(self, node: Json) -> Json:
        """The node, or the component that it refers to."""
        if "$ref" not in node:
            return node
        found = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found

    def responses(self, operation_id: str) -> dict[str, Json]:
        """The answers of an operation by status."""
        described = self.operations[operation_id].described["responses"]
        return {status: self.resolved(response) for status, response in described.items()}

    def validate(self, schema: Json, value: Any, *, strict: bool = True) -> None:
        """Raise where `value` does not fit; `strict` refuses members that are not described."""
        address = _ADDRESS if strict else _ADDRESS + ":open"
        rooted = _rooted(closed(schema) if strict else schema, address)
        Draft202012Validator(
            rooted, registry=self._registry, format_checker=Draft202012Validator.FORMAT_CHECKER
        ).validate(value)

    async def check(self, operation_id: str, answer: ClientResponse) -> str | None:
        """Compare status, headers, type and body; the code of a problem."""
        responses = self.responses(operation_id)
        assert str(answer.status) in responses, f"{operation_id} does not list {answer.status}"
        response = responses[str(answer.status)]
        self._check_headers(response, answer)
        raw = await answer.read()
        if "content" not in response:
            assert raw == b"", f"{operation_id} {answer.status} has a body"
            return None
        media_type = answer.content_type
        assert media_type in response["content"], f"{operation_id} {answer.status} answers {media_type}"
        if not media_type.endswith("json"):
            assert raw
            return None
        return self._check_json(response["content"][media_type], answer, json.loads(raw))

    def _check_headers(self, response: Json, answer: ClientResponse) -> None:
        for name, raw in response.get("headers", {}).items():
            header = self.resolved(raw)
            if header["required"]:
                assert name in answer.headers, f"{name} is missing"
            if name in answer.headers and header["schema"]["type"] == "integer":
                self.validate(header["schema"], int(answer.headers[name]))

    def _check_json(self, content: Json, answer: ClientResponse, value: Any) -> str | None:
        self.validate(content["schema"], value)
        if answer.content_type != "application/problem+json":
            return None
        assert value["status"] == answer.status
        assert value["request_id"] == answer.headers["X-Request-ID"]
        assert value["type"].endswith("/problems/" + value["code"])
        assert value["code"] in content["examples"], f"{value['code']} is not listed"
        return str(value["code"])


def closed(node: Any) -> Any:
    """The same schemas, taking no member that they do not describe."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: closed(value) for key, value in node.items()}
    if node.get("type") == "object" and "properties" in node:
        copy["additionalProperties"] = False
    return copy


def _rooted(node: Any, address: str) -> Any:
    """The same schema with its references into the document."""
    if isinstance(node, list):
        return [_rooted(item, address) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: address + value if key == "$ref" and value.startswith("#") else _rooted(value, address)
        for key, value in node.items()
    }
