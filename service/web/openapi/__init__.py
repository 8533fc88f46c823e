"""The OpenAPI 3.1 description of every route, true to the code: tests drive each operation against it."""

from service.web.openapi.document import openapi_document

__all__ = ["openapi_document"]
