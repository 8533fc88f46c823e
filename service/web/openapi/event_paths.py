"""The stream of events, as programs open it."""

from typing import Any

from service.web.events import HEARTBEAT_S, LONGEST_S
from service.web.openapi.operation import MODERATORS, answer, operation, problems
from service.web.openapi.parameters import query

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_EXAMPLE = (
    "id: 4711\nevent: decided\n"
    'data: {"id":"019cad01-8f3e-7c4a-b1d2-5e6f70819203","site":"paper","status":"published",'
    '"type":"comment.published","from_status":"held","version":3,"reason":null,"source":"moderator",'
    '"moderator":"Ruth","page_url":"https://paper.example/ferry","at":"2026-03-02T09:30:00+00:00"}\n\n'
)


def event_paths() -> dict[str, Json]:
    """Paths about events."""
    return {"/api/v1/moderation/events": {"get": _stream()}}


def _stream() -> Json:
    last: Json = {
        "name": "Last-Event-ID", "in": "header", "required": False, "schema": _TEXT,
        "description": "The last `id` that came: nothing since is left out, and nothing repeated.",
    }  # fmt: skip
    for_s: Json = {"type": "integer", "minimum": 0, "maximum": LONGEST_S, "default": LONGEST_S}
    stream = {"text/event-stream": {"schema": _TEXT, "example": _EXAMPLE}}
    return operation(
        "streamEvents", MODERATORS, "Follow what happens to comments",
        "Server-sent events: `queued` (a person must look), `decided`, and `edited` (another text). Each has"
        " the comment's `id`, `site`, `status` and what the example shows; `at` is when it was decided, ids"
        " rise in the order in which decisions became visible. Without `Last-Event-ID` it begins now. An id"
        " that is too old, or was never given, is answered by `reset`: read the queue again. Events are kept"
        f" for 30 days. A line that begins with a colon every {HEARTBEAT_S:g} seconds says that the stream"
        " lives; within that time a revoked token's stream ends. The service may end a stream at any time:"
        " connect again.",
        parameters=(
            query("site", _TEXT, "One site's alone."),
            query("for_s", for_s, "How long to stay, in seconds; 0 sends what there is and ends."),
            last,
        ),
        responses={"200": answer("Until either side ends it.", stream)}
        | problems("Unauthenticated", "SiteNotFound", "InvalidQuery", "InternalError", "StreamUnavailable"),
    )  # fmt: skip
