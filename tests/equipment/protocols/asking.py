"""The five services as clients of the servers beside this file, and a question to ask them."""

from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from service.domain.as_submitted import AsSubmitted
from service.outbound.client import Rules
from service.outbound.services.akismet import Akismet
from service.outbound.services.chat_policy import ChatPolicy
from service.outbound.services.moderation_api import ModerationApi
from service.outbound.services.newsroom_webhook import NewsroomWebhook
from service.outbound.services.perspective import Perspective
from service.outbound.services.question import Question, Service
from tests.equipment.protocols import akismet, chat, moderation_api, newsroom, perspective
from tests.equipment.protocols.speaking import SpeakingService

RULES = Rules(networks=[ip_network("127.0.0.0/8")], deadline_s=5.0, max_bytes=64 * 1024)
HURRIED = replace(RULES, deadline_s=0.4)

WRITTEN = "Comments that threaten anybody are rejected. Advertising is held."

SERVERS: dict[str, type[SpeakingService]] = {
    "akismet": akismet.AkismetService,
    "openai_moderation": moderation_api.ModerationService,
    "chat_policy": chat.ChatService,
    "perspective": perspective.PerspectiveService,
    "webhook": newsroom.NewsroomService,
}
"""By the name under which a policy turns each of them on."""


def client_of(name: str, url: str, rules: Rules = RULES, **more: Any) -> Service:
    """The client of that service, for a server at `url`."""
    made: dict[str, Any] = {
        "akismet": lambda: Akismet(url, akismet.KEY, rules, **more),
        "openai_moderation": lambda: ModerationApi(
            url, moderation_api.KEY, "omni-moderation-latest", rules, **more
        ),
        "chat_policy": lambda: ChatPolicy(
            url, chat.KEY, "judge", more.pop("style", "safeguard"), rules, **more
        ),
        "perspective": lambda: Perspective(url, perspective.KEY, rules, **more),
        "webhook": lambda: NewsroomWebhook(url, (bytes(range(32)),), rules, **more),
    }
    client: Service = made[name]()
    return client


def make_question(text: str = "I grew up beside that mill.", **changes: Any) -> Question:
    """A question about a harmless reply."""
    plain = Question(
        site="paper",
        blog=akismet.BLOG,
        id=UUID("01890000-0000-7000-8000-000000000001"),
        version=1,
        text=text,
        author="Mara Quist",
        website="https://mara.example/",
        page_url="https://paper.example/mill",
        submitted_at=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
        as_submitted=AsSubmitted("203.0.113.7", "Mozilla/5.0 (X11)", "https://paper.example/mill"),
    )
    return replace(plain, **changes)
