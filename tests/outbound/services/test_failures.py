"""Whatever goes wrong with a service, it has no opinion: nothing that it could be taken for is made of it."""

from dataclasses import replace

import pytest

from service.domain.finding import Outcome
from service.domain.policy_parts import ServicePolicy
from service.outbound.errors import AddressNotAllowed, AskedToWait, NoAnswer, NotTrusted, Refused, Unreachable
from service.outbound.services.question import Opinion
from tests.equipment.hostile_service import Mode
from tests.equipment.protocols.asking import HURRIED, RULES, SERVERS, WRITTEN, client_of, make_question
from tests.equipment.protocols.speaking import Said

POLICY = ServicePolicy(on=True, written_policy=WRITTEN)
BAD_MODES = [mode for mode in Mode if mode is not Mode.FINE]
# A 502 behind a valid answer, an answer in another type, and so on: each body would mean "clean".
CLEAN_BODIES = {
    "akismet": b"false",
    "openai_moderation": b'{"results": [{"flagged": false, "categories": {}, "category_scores": {}}]}',
    "chat_policy": b'{"choices": [{"message": {"role": "assistant", "content": "safe"}}]}',
    "perspective": b'{"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.01}}}}',
    "webhook": b'{"outcome": "pass"}',
}


@pytest.mark.parametrize("name", SERVERS)
async def test_the_real_thing_passes_a_harmless_comment_and_hits_a_hateful_one(name: str) -> None:
    async with SERVERS[name]() as server:
        client = client_of(name, server.base)
        harmless = await client.ask(make_question(), POLICY)
        assert harmless.finding.outcome is Outcome.PASS
        assert harmless.finding.reason is None
        author = "viagra-test-123" if name == "akismet" else "Mara"
        hateful = await client.ask(make_question("a hateful text", author=author), POLICY)
    assert hateful.finding.outcome not in {Outcome.PASS, Outcome.UNKNOWN}
    assert hateful.finding.reason is not None
    for opinion in (harmless, hateful):
        assert (opinion.finding.check, opinion.finding.version) == (name, client.VERSION)


@pytest.mark.parametrize("mode", BAD_MODES)
@pytest.mark.parametrize("name", SERVERS)
async def test_a_service_that_misbehaves_has_no_opinion(name: str, mode: Mode) -> None:
    async with SERVERS[name](mode) as server:
        with pytest.raises(NoAnswer):
            await client_of(name, server.base, HURRIED).ask(make_question(), POLICY)
        assert server.seen == 1


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize(
    ("status", "content_type"),
    [
        ("500 Internal Server Error", None), ("404 Not Found", None), ("201 Created", None),
        ("401 Unauthorized", None), ("206 Partial Content", None), ("200 OK", "text/html"),
        ("200 OK", "application/octet-stream"), ("200 OK", "text/plain; charset=utf-16"),
    ],
)  # fmt: skip
async def test_a_clean_verdict_in_the_wrong_wrapping_is_none(
    name: str, status: str, content_type: str | None
) -> None:
    usual = "text/plain" if name == "akismet" else "application/json"
    async with SERVERS[name]() as server:
        server.says = Said(CLEAN_BODIES[name], status, content_type or usual)
        with pytest.raises(NoAnswer):
            await client_of(name, server.base).ask(make_question(), POLICY)


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("status", ["400 Bad Request", "413 Content Too Large", "422 Unprocessable Content"])
async def test_a_question_that_a_service_does_not_take_is_no_opinion(name: str, status: str) -> None:
    async with SERVERS[name]() as server:
        server.says = Said(CLEAN_BODIES[name], status)
        with pytest.raises(Refused):
            await client_of(name, server.base).ask(make_question(), POLICY)


@pytest.mark.parametrize("name", SERVERS)
async def test_a_refused_connection_and_an_address_of_our_own_are_no_opinion(name: str) -> None:
    async with SERVERS[name]() as server:
        base = server.base
        with pytest.raises(AddressNotAllowed):
            await client_of(name, base, replace(RULES, networks=())).ask(make_question(), POLICY)
        assert server.seen == 0
    with pytest.raises(Unreachable):
        await client_of(name, base).ask(make_question(), POLICY)


@pytest.mark.parametrize("name", SERVERS)
async def test_a_service_that_proves_nothing_is_sent_nothing(name: str) -> None:
    async with SERVERS[name](tls=True) as server:
        with pytest.raises(NotTrusted):
            await client_of(name, server.base).ask(make_question(), POLICY)
        assert server.seen == 0


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_service_says_for_how_long_it_wants_to_be_left_alone(name: str, status: str) -> None:
    async with SERVERS[name]() as server:
        server.says = Said(b"{}", status, headers=("Retry-After: 90",))
        with pytest.raises(AskedToWait) as asked:
            await client_of(name, server.base).ask(make_question(), POLICY)
    assert asked.value.seconds == 90


@pytest.mark.parametrize("name", SERVERS)
async def test_no_client_prints_its_key_and_no_question_its_comment(name: str) -> None:
    printed = repr(client_of(name, "https://service.example")) + repr(make_question("my very words"))
    for secret in ("of-this-test", "\\x00\\x01", "very words", "Mara", "mara.example", "203.0.113.7", "X11"):
        assert secret not in printed


@pytest.mark.parametrize("name", SERVERS)
def test_an_opinion_is_one_that_the_database_takes(name: str) -> None:
    assert Opinion.__dataclass_fields__.keys() == {"finding", "again_in_s"}
    assert name == client_of(name, "https://service.example").NAME
