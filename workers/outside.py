"""The services that this installation has, made of the settings, each with its bounds."""

from collections.abc import Callable, Iterator

from service.domain.policy_parts import ServiceName
from service.keyring import Keyring
from service.limits.limit import parse_limit
from service.outbound.breaker import CircuitBreaker
from service.outbound.bucket import TokenBucket
from service.outbound.restraint import Restraint
from service.outbound.services.question import Service
from service.outside_settings import raw_secrets
from service.settings import Settings
from service.usecases.ask_outside import Guarded, OutsideDesk
from service.vault import SubmittedVault


def outside_desk(settings: Settings) -> OutsideDesk:
    """What asks them; nothing is asked that is not configured."""
    keys = settings.submitted_keys.get_secret_value()
    return OutsideDesk(
        services=dict(_configured(settings)),
        vault=SubmittedVault(Keyring.parse(keys)) if keys else None,
        all_may=None if settings.outside_per_day == "off" else int(settings.outside_per_day),
        at_once=settings.outside_at_once,
    )


def _configured(settings: Settings) -> Iterator[tuple[ServiceName, Guarded]]:
    # Imported where something is configured: the client of HTTP takes memory in every process of a worker.
    if settings.akismet_key.get_secret_value():
        yield "akismet", _guarded(settings, _akismet)
    if settings.openai_moderation_url:
        yield "openai_moderation", _guarded(settings, _openai_moderation)
    if settings.chat_policy_url:
        yield "chat_policy", _guarded(settings, _chat_policy, settings.chat_policy_deadline_s)
    if settings.perspective_url:
        yield "perspective", _guarded(settings, _perspective)
    if settings.webhook_url and settings.webhook_secrets.get_secret_value():
        yield "webhook", _guarded(settings, _webhook)


def _guarded(
    settings: Settings, make: Callable[[Settings, float], Service], deadline_s: float | None = None
) -> Guarded:
    seconds = deadline_s or settings.outside_deadline_s
    rate = parse_limit(settings.outside_rate)
    assert rate is not None  # noqa: S101  (`off` is refused)
    bucket = TokenBucket(rate.count / rate.seconds, rate.count)
    return Guarded(make(settings, seconds), Restraint(bucket, CircuitBreaker(), seconds / 2), seconds)


def _akismet(settings: Settings, deadline_s: float) -> Service:
    from service.outbound.client import Rules
    from service.outbound.services.akismet import Akismet

    rules = Rules(networks=settings.outbound_networks, deadline_s=deadline_s)
    return Akismet(settings.akismet_url, settings.akismet_key.get_secret_value(), rules)


def _openai_moderation(settings: Settings, deadline_s: float) -> Service:
    from service.outbound.client import Rules
    from service.outbound.services.moderation_api import ModerationApi

    rules = Rules(networks=settings.outbound_networks, deadline_s=deadline_s)
    key = settings.openai_moderation_key.get_secret_value()
    return ModerationApi(settings.openai_moderation_url, key, settings.openai_moderation_model, rules)


def _chat_policy(settings: Settings, deadline_s: float) -> Service:
    from service.outbound.client import Rules
    from service.outbound.services.chat_policy import ChatPolicy

    rules = Rules(networks=settings.outbound_networks, deadline_s=deadline_s)
    key = settings.chat_policy_key.get_secret_value()
    return ChatPolicy(
        settings.chat_policy_url, key, settings.chat_policy_model, settings.chat_policy_style, rules
    )


def _perspective(settings: Settings, deadline_s: float) -> Service:
    from service.outbound.client import Rules
    from service.outbound.services.perspective import Perspective

    rules = Rules(networks=settings.outbound_networks, deadline_s=deadline_s)
    return Perspective(settings.perspective_url, settings.perspective_key.get_secret_value(), rules)


def _webhook(settings: Settings, deadline_s: float) -> Service:
    from service.outbound.client import Rules
    from service.outbound.services.newsroom_webhook import NewsroomWebhook

    rules = Rules(networks=settings.outbound_networks, deadline_s=deadline_s)
    secrets = raw_secrets(settings.webhook_secrets.get_secret_value())
    return NewsroomWebhook(settings.webhook_url, secrets, rules)
