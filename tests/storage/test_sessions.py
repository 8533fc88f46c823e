"""A session that began at the moment in which its person was shut out."""

from datetime import timedelta

from service.storage import moderators, passwords, sessions
from service.storage.pool import connection
from tests.factories import Paper

HASH = "$argon2id$of-a-password"


async def test_a_session_that_began_beside_the_shutting_out_does_not_come_back(paper: Paper) -> None:
    ruth = await moderators.ensure_moderator(paper.owner, "Ruth")
    await passwords.set_access(paper.owner, ruth, "moderator", None)
    await passwords.set_password(paper.owner, ruth, HASH)
    async with connection(paper.web) as held:
        async with held.transaction():
            assert await sessions.insert_session_of_person(
                held, b"a digest", ruth, kept=HASH, lasts=timedelta(hours=1)
            )
            async with paper.owner.transaction():
                await passwords.disable(paper.owner, ruth)
        assert await sessions.find_session_holder(held, b"a digest", timedelta(hours=1)) is None
        await passwords.enable(paper.owner, ruth)
        assert await sessions.find_session_holder(held, b"a digest", timedelta(hours=1)) is None
