"""The OpenAPI 3.1 document of every route."""

from typing import Any


def openapi_document(public_url: str) -> dict[str, Any]:
    """The document, with `public_url` as its server."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Replydesk", "version": "1"},
        "servers": [{"url": public_url}],
    }
