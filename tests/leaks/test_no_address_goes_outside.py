"""No byte that goes to a service outside holds an address typed as an email, or, but to Akismet, an IP."""

from ipaddress import ip_address

import pytest

from service.domain.as_submitted import AsSubmitted
from service.domain.email import EmailAddress
from service.domain.policy import Policy
from service.domain.policy_parts import SERVICES, ServiceName
from service.storage.pool import Pool
from tests.equipment.protocols.speaking import Asked, SpeakingService
from tests.factories import Paper, make_submission, set_policy
from tests.leaks.markers import MARKERS, leaks
from tests.paper_fixtures import owner, paper, policy, web, worker
from tests.usecases.checking import FakeCheck, fake
from tests.usecases.outside import check, outside_of, policy_with, running

__all__ = ["fake", "owner", "paper", "policy", "web", "worker"]

IPS = ("203.0.113.77", "2001:db8:7:7::77")


@pytest.fixture
def policy() -> Policy:  # noqa: F811
    """Every service on."""
    return policy_with(*SERVICES)


def sent(server: SpeakingService) -> bytes:
    """All that came in, and once more decoded, as the receiver reads it."""
    forms = [asked.form() for asked in server.asked if b"=" in asked.body and asked.body[:1] != b"{"]
    read = "\n".join(f"{name}: {value}" for form in forms for name, value in form.items())
    return b"\n".join(server.requests) + read.encode()


async def test_no_address_goes_to_any_service(
    paper: Paper,
    worker: Pool,
    fake: FakeCheck,
) -> None:
    """Not even where our own check for addresses is off: nothing but the masks is between."""
    for number, (name, address) in enumerate(MARKERS.items()):
        ip = IPS[number % 2]
        for text in (f"Nothing of the address, {name}.", f"Write to {address} or <{address}>, says {name}."):
            await paper.accept(
                make_submission(
                    email=EmailAddress.parse(address), text=text,
                    author=f"{name} {address}" if len(address) < 90 else name, website="https://mara.example/",
                ),
                as_submitted=AsSubmitted(
                    ip, f"Browser ({address})", f"https://paper.example/mill?email={address}"
                ),
            )  # fmt: skip
    async with running(*SERVICES) as servers:
        await check(worker, outside_of(servers))
        asked = {name: server.seen for name, server in servers.items()}
        assert all(count >= 2 * len(MARKERS) for count in asked.values()), asked
        found = [leak for name, server in servers.items() for leak in leaks(name, sent(server))]
        assert found == []
        assert "[…]".encode() in sent(servers["akismet"]), "they were there, and masked"
        for name, server in servers.items():
            assert _has_ip(sent(server)) is (name == "akismet"), name


def _has_ip(said: bytes) -> bool:
    shapes = [shape for ip in IPS for shape in (ip, ip_address(ip).exploded, ip_address(ip).packed.hex())]
    return any(shape.encode() in said for shape in shapes)


FIELDS: dict[ServiceName, set[str]] = {
    "openai_moderation": {"model", "input"},
    "chat_policy": {"model", "messages", "temperature", "max_tokens", "response_format"},
    "perspective": {"comment", "requestedAttributes", "doNotStore"},
    "webhook": {"type", "timestamp", "data"},
}
DATA = {
    "id", "version", "site", "page_url", "parent_id", "author", "website", "text", "submitted_at", "findings",
}  # fmt: skip


async def test_each_service_is_sent_these_fields_and_no_others(
    paper: Paper,
    worker: Pool,
    fake: FakeCheck,
) -> None:
    await set_policy(paper.owner, paper.site, policy_with(*SERVICES))
    parent = await paper.post_published()
    await paper.accept(
        make_submission(parent_id=parent, website="https://mara.example/"),
        as_submitted=AsSubmitted(IPS[0], "Browser", "https://paper.example/"),
    )
    async with running(*SERVICES) as servers:
        await check(worker, outside_of(servers))
        bodies = {name: servers[name].asked[-1] for name in SERVICES}
    for name, fields in FIELDS.items():
        assert set(bodies[name].json()) == fields
    data = bodies["webhook"].json()["data"]
    assert isinstance(data, dict)
    assert set(data) == DATA
    assert set(bodies["akismet"].form()) == {
        "api_key", "blog", "user_ip", "user_agent", "referrer", "permalink", "comment_type", "comment_author",
        "comment_author_url", "comment_content", "comment_date_gmt", "blog_charset",
    }  # fmt: skip
    assert {name for asked in bodies.values() for name in asked.headers} == _usual(*bodies.values())


def _usual(*asked: Asked) -> set[str]:
    """Headers that say nothing about a reader."""
    known = {
        "host", "content-type", "content-length", "accept", "accept-encoding", "user-agent", "authorization",
        "webhook-id", "webhook-timestamp", "webhook-signature", "connection",
    }  # fmt: skip
    return known & {name for one in asked for name in one.headers}
