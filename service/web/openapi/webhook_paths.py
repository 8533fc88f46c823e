"""Webhooks, as admins' programs call them."""

from typing import Any

from service.storage.webhooks import TYPES
from service.web.openapi.operation import MODERATORS, json_answer, json_body, operation, problems
from service.web.openapi.schemas import BOOLEAN, COUNT, MOMENT, STRING, TEXT_OR_NULL, list_of, obj

Json = dict[str, Any]

_API = "/api/v1/moderation/sites/{site}/webhooks"
_BODY = ("MalformedBody", "BodyTooSlow", "BodyTooLarge", "UnsupportedMediaType", "InvalidBody")
_WHO = ("Unauthenticated", "RoleTooLow")
_ANYHOW = ("InternalError", "Unavailable")
_ONE = (*_WHO, "WebhookNotFound")
_ADMIN = " It needs the role `admin`."
_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # noqa: S105  (an example)
_HOOK: Json = {
    "id": "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0", "url": "https://hooks.paper.example/replydesk",
    "types": ["comment.published"], "description": "Search index", "state": "on", "disabled_why": None,
    "disabled_at": None, "failing_since": None, "last_error": None, "last_success_at": None, "waiting": 0,
    "old_secret_until": None, "created_at": "2026-03-02T09:30:00+00:00",
}  # fmt: skip
_DELIVERY: Json = {
    "id": "5a1f6c0e-1111-4978-8796-a5b4c3d2e1f0", "message_id": "msg_5a1f6c0e111149788796a5b4c3d2e1f0",
    "type": "comment.published", "comment_id": "019cad01-8f3e-7c4a-b1d2-5e6f70819203", "state": "waiting",
    "attempts": 2, "next_try_at": "2026-03-02T09:30:12+00:00",
    "last_error": "the service answered with status 500", "delivered_at": None,
    "created_at": "2026-03-02T09:30:00+00:00",
}  # fmt: skip


def webhook_paths() -> dict[str, Json]:
    """Paths about webhooks."""
    one = _API + "/{id}"
    return {
        _API: {"get": _list(), "post": _create()},
        one: {"get": _get(), "patch": _change(), "delete": _delete()},
        one + "/rotate-secret": {"post": _rotate()},
        one + "/test": {"post": _test()},
        one + "/deliveries": {"get": _deliveries()},
        one + "/replay": {"post": _replay()},
    }


def _id() -> Json:
    return {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": STRING,
        "description": "The webhook's id.",
    }


def _list() -> Json:
    return operation(
        "listWebhooks", MODERATORS, "List a site's webhooks", "With how each of them does." + _ADMIN,
        parameters=("Site",),
        responses={"200": json_answer("All of them.", "Webhooks", {"webhooks": [_HOOK]})}
        | problems(*_WHO, "SiteNotFound", "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _create() -> Json:
    return operation(
        "createWebhook", MODERATORS, "Add a webhook",
        "It is told of what happens from now on, by messages signed after the Standard Webhooks"
        " specification. `secret` is shown this once. The address must be https and public." + _ADMIN,
        parameters=("Site",),
        body=json_body("WebhookBody", {"url": _HOOK["url"], "types": _HOOK["types"]}),
        responses={"201": json_answer("Made.", "NewWebhook", _HOOK | {"secret": _SECRET})}
        | problems(*_WHO, "SiteNotFound", "TooManyWebhooks", *_BODY, "InternalError", "WebhooksUnavailable"),
    )  # fmt: skip


def _get() -> Json:
    return operation(
        "getWebhook", MODERATORS, "Read a webhook", "With how it does." + _ADMIN, parameters=("Site", _id()),
        responses={"200": json_answer("The webhook.", "Webhook", _HOOK)}
        | problems(*_ONE, "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _change() -> Json:
    return operation(
        "changeWebhook", MODERATORS, "Change a webhook",
        "What is not named stays. `on: false` has it rest; `on: true` lets it go on where it stopped, also"
        " when the service has disabled it." + _ADMIN,
        parameters=("Site", _id()), body=json_body("WebhookChange", {"on": True}),
        responses={"200": json_answer("As it is now.", "Webhook", _HOOK)}
        | problems(*_ONE, *_BODY, *_ANYHOW),
    )  # fmt: skip


def _delete() -> Json:
    return operation(
        "deleteWebhook", MODERATORS, "Remove a webhook", "With all that waits for it." + _ADMIN,
        parameters=("Site", _id()),
        responses={"200": json_answer("Removed.", "WebhookDeleted", {"deleted": True})}
        | problems(*_ONE, "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _rotate() -> Json:
    return operation(
        "rotateWebhookSecret", MODERATORS, "Give a webhook another secret",
        "For a day each message is signed by the old one too, until `old_secret_until`." + _ADMIN,
        parameters=("Site", _id()),
        responses={"200": json_answer("With the new secret.", "NewWebhook", _HOOK | {"secret": _SECRET})}
        | problems(*_ONE, "EmailInUrl", "InternalError", "WebhooksUnavailable"),
    )  # fmt: skip


def _test() -> Json:
    return operation(
        "testWebhook", MODERATORS, "Send a test to a webhook",
        "A message of type `webhook.test`; its delivery is in the list." + _ADMIN,
        parameters=("Site", _id()),
        responses={"202": json_answer("On its way.", "WebhookTest", {"delivery": _DELIVERY["id"]})}
        | problems(*_ONE, "EmailInUrl", *_ANYHOW),
    )  # fmt: skip


def _deliveries() -> Json:
    return operation(
        "listDeliveries", MODERATORS, "List the newest deliveries of a webhook",
        "For the last 30 days. `failed` is given up after five days." + _ADMIN,
        parameters=("Site", _id(), "Limit"),
        responses={"200": json_answer("The newest first.", "Deliveries", {"deliveries": [_DELIVERY]})}
        | problems(*_ONE, "InvalidQuery", *_ANYHOW),
    )  # fmt: skip


def _replay() -> Json:
    return operation(
        "replayWebhook", MODERATORS, "Deliver to a webhook again",
        "One `delivery`, or everything `since` a time, also from before the webhook was added; up to 10,000."
        " What was delivered before has the same `webhook-id` again." + _ADMIN,
        parameters=("Site", _id()), body=json_body("ReplayBody", {"since": "2026-03-02T09:00:00Z"}),
        responses={"202": json_answer("On their way.", "WebhookReplay", {"replayed": 12})}
        | problems(*_ONE, *_BODY, *_ANYHOW),
    )  # fmt: skip


def _or_null(schema: Json) -> Json:
    """The same, or null: as if it were not named."""
    return schema | {"type": [schema["type"], "null"]}


def webhook_schemas() -> dict[str, Json]:
    """All of them, by name."""
    kind: Json = {"type": "string", "enum": list(TYPES)}
    kinds: Json = {"type": "array", "items": kind, "minItems": 1, "maxItems": len(TYPES)}
    moment_or_null: Json = {"type": ["string", "null"], "format": "date-time"}
    described: Json = STRING | {"maxLength": 200}
    url: Json = STRING | {"minLength": 1, "maxLength": 2000}
    hook = {
        "id": STRING, "url": STRING, "types": kinds, "description": described,
        "state": STRING | {"enum": ["on", "failing", "disabled"]},
        "disabled_why": {
            "type": ["string", "null"], "enum": ["admin", "gone", "failing", None],
            "description": "`gone`: it answered 410. `failing`: for five days.",
        },
        "disabled_at": moment_or_null, "failing_since": moment_or_null, "last_error": TEXT_OR_NULL,
        "last_success_at": moment_or_null, "waiting": COUNT, "old_secret_until": moment_or_null,
        "created_at": MOMENT,
    }  # fmt: skip
    delivery = {
        "id": STRING, "message_id": STRING, "type": STRING, "comment_id": TEXT_OR_NULL,
        "state": STRING | {"enum": ["waiting", "delivered", "failed"]}, "attempts": COUNT,
        "next_try_at": moment_or_null, "last_error": TEXT_OR_NULL, "delivered_at": moment_or_null,
        "created_at": MOMENT,
    }  # fmt: skip
    return {
        "Webhook": obj(hook),
        "NewWebhook": obj(hook | {"secret": STRING | {"description": "Shown this once."}}),
        "Webhooks": obj({"webhooks": list_of("Webhook")}),
        "WebhookDeleted": obj({"deleted": BOOLEAN}),
        "WebhookTest": obj({"delivery": STRING}),
        "WebhookReplay": obj({"replayed": COUNT}),
        "Delivery": obj(delivery),
        "Deliveries": obj({"deliveries": list_of("Delivery")}),
        "WebhookBody": {
            "type": "object", "required": ["url"], "additionalProperties": False,
            "properties": {"url": url, "types": _or_null(kinds), "description": described},
        },
        "WebhookChange": {
            "type": "object", "additionalProperties": False,
            "properties": {
                "url": _or_null(url), "types": _or_null(kinds), "description": _or_null(described),
                "on": _or_null(BOOLEAN),
            },
        },
        "ReplayBody": {
            "type": "object", "additionalProperties": False,
            "properties": {"delivery": _or_null(STRING | {"maxLength": 200}), "since": _or_null(MOMENT)},
        },
    }  # fmt: skip
