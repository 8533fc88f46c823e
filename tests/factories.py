"""What tests need of the product's own making: keys, a site with its readers and moderators, replies."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg

from service.domain.email import EmailAddress
from service.domain.policy import Policy
from service.domain.site import Site
from service.domain.submission import Submission
from service.keyring import Keyring
from service.storage import moderators, sites
from service.storage.pool import Connection, Pool, Record, in_transaction
from service.usecases.decide import Judge, Ruling, rule
from service.usecases.submit import Accepted, Arrival, SubmissionDesk
from service.usecases.undo import undo
from service.vault import SubmittedVault, Vault

PAGE_URL = "https://paper.example/mill"
_numbers = count(1)


def make_keyring(*ids: int) -> Keyring:
    """Keys that are the same in each run; the first one is for new values."""
    return Keyring({one: hashlib.sha256(b"key %d" % one).digest() for one in ids})


def make_vault(*, email: tuple[int, ...] = (1,), index: tuple[int, ...] = (11,)) -> Vault:
    return Vault(make_keyring(*email), make_keyring(*index))


def make_email(name: str | None = None) -> EmailAddress:
    """An address; without a name one that nobody had before."""
    return EmailAddress.parse(f"{name or f'reader{next(_numbers)}'}@mail.example")


def make_submission(**changes: Any) -> Submission:
    """A harmless reply by a reader who is new here; its text is its own, so that nothing is a repeat."""
    harmless = Submission(
        page_url=PAGE_URL,
        post_id=None,
        parent_id=None,
        author="Mara Quist",
        email=make_email(),
        website=None,
        text=f"I grew up beside that mill, and photograph {next(_numbers)} brought it back.",
        page_title=None,
        redirect_to=None,
        submission_key=None,
        form_token=None,
        honeypot_filled=False,
    )
    return replace(harmless, **changes)


def make_arrival(**changes: Any) -> Arrival:
    plain = Arrival(
        page_url=PAGE_URL, idempotency_key=None, refuse_other_body=False, network=None, seconds_to_fill=None
    )
    return replace(plain, **changes)


async def until(condition: Callable[[], Awaitable[object]], *, seconds: float = 30) -> None:
    """Wait until `condition` is true; asks often, for it is a database or a process that answers."""
    async with asyncio.timeout(seconds):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.01)


async def until_blocked(paper: "Paper") -> None:
    """Wait until one connection waits for another one's transaction."""
    blocked = """
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()
    """
    await until(lambda: paper.owner.fetchval(blocked))


async def make_site(owner: Connection, slug: str, policy: Policy) -> Site:
    """A site of the origin https://<slug>.example."""
    async with owner.transaction():
        site_id = await sites.insert_site(owner, slug=slug, name=slug.title(), post_url=None, policy=policy)
        await sites.replace_origins(owner, site_id, [f"https://{slug}.example"])
    found = await sites.find_site(owner, slug)
    assert found is not None
    return found


async def set_policy(owner: Connection, site: Site, policy: Policy) -> None:
    """Make it the site's newest version."""
    async with owner.transaction():
        await sites.insert_policy(owner, site.id, policy)


@dataclass
class Paper:
    """One publication: its database as the owner sees it, its desk, and a moderator."""

    owner: "asyncpg.Connection[asyncpg.Record]"
    web: Pool
    site: Site
    desk: SubmissionDesk
    mina: Judge

    @classmethod
    async def open(cls, owner: "asyncpg.Connection[asyncpg.Record]", web: Pool, policy: Policy) -> "Paper":
        site = await make_site(owner, "paper", policy)
        mina = await moderators.ensure_moderator(owner, "Mina")
        desk = SubmissionDesk(web, make_vault(), make_keyring(21), SubmittedVault(make_keyring(31)))
        return cls(owner, web, site, desk, Judge(mina, {site.id: site}))

    async def colleague(self, name: str = "Noor") -> Judge:
        """Another moderator of this site."""
        return Judge(await moderators.ensure_moderator(self.owner, name), self.mina.sites)

    async def accept(self, submission: Submission | None = None, **arrival: Any) -> Accepted:
        return await self.desk.accept(self.site, submission or make_submission(), make_arrival(**arrival))

    async def post(self, *, page_url: str = PAGE_URL, **changes: Any) -> UUID:
        """Send a reply; the id of the new comment."""
        accepted = await self.accept(make_submission(**changes), page_url=page_url)
        assert accepted.is_new
        return accepted.id

    async def post_published(self, **changes: Any) -> UUID:
        comment_id = await self.post(**changes)
        await self.decide(comment_id, "approve")
        return comment_id

    async def decide(
        self,
        comment_id: UUID,
        action: str,
        *,
        version: int | None = None,
        reason: str | None = None,
        note: str | None = None,
        judge: Judge | None = None,
    ) -> None:
        """Decide as Mina, about the comment as it is now where no version is given."""
        if version is None:
            version = (await self.row(comment_id))["version"]
        if reason is None and action == "reject":
            reason = "off_topic"
        ruling = Ruling(comment_id, action, version, reason, note)
        await in_transaction(self.web, lambda held: rule(held, judge or self.mina, ruling))

    async def undo(self, comment_id: UUID, judge: Judge | None = None) -> None:
        await in_transaction(self.web, lambda held: undo(held, judge or self.mina, comment_id))

    async def row(self, comment_id: UUID) -> Record:
        row = await self.owner.fetchrow("SELECT * FROM comment WHERE id = $1", comment_id)
        assert row is not None
        return row

    async def status(self, comment_id: UUID) -> tuple[str, str | None]:
        """Status and reason."""
        row = await self.row(comment_id)
        return row["status"], row["reason"]

    async def decisions(self, comment_id: UUID) -> list[Record]:
        return await self.owner.fetch("SELECT * FROM decision WHERE comment_id = $1 ORDER BY id", comment_id)

    async def page(self, url: str = PAGE_URL) -> Record:
        row = await self.owner.fetchrow("SELECT * FROM page WHERE url = $1", url)
        assert row is not None
        return row

    async def count(self, table: str) -> int:
        number: int = await self.owner.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608
        return number
