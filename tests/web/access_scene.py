"""Two papers on one service, everybody who may come to it, and every way to show a token."""

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import asyncpg
from aiohttp import ClientSession, hdrs

from service.storage import invitations, moderators, passwords
from service.tokens import new_secret, secret_digest
from tests.web.access_table import ACCESS, ROLES, Access
from tests.web.browsing import PASSWORD, MakeModerator, cookie_of, sign_in, sign_in_as
from tests.web.harness import COMMENT, PAGE, CheckAll, MakeToken, WebProcess
from tests.web.openapi_check import Operation
from tests.web.openapi_scene import NOBODY
from tests.web.sending import Answer, read

ADDRESS = "mina.canary@reader.example"
ELSEWHERE = {"X-Forwarded-For": "192.0.2.1"}
OWN, FOREIGN, SIDE = "paper", "gazette", "evening"
NOWHERE = "nowhere"
FIXED_PARTS = {
    "code": "too-fast",
    "link": "A" * 46,
    "digest": "0" * 16,
    "name": "site.css",
    "author_key": "nobody",
    "appeal": "1",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
_CHANGES = {hdrs.DATE, "X-Request-ID", hdrs.CONTENT_LENGTH}

Headers = dict[str, str]


@dataclass
class AccessScene:
    """A service behind a proxy that it trusts; `tokens` are for `OWN` alone, by role and by what is wrong."""

    web: WebProcess
    database: asyncpg.Connection
    check_all: CheckAll
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: list[str] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)

    async def prepare(self, make_token: MakeToken, make_moderator: MakeModerator) -> None:
        """Let everybody come."""
        for role in ROLES:
            self.tokens[role] = await make_token(role, (OWN,), name=role.title())
        sides = {site["slug"]: site["id"] for site in await self.database.fetch("SELECT slug, id FROM site")}
        for role in ROLES:  # admin at a site beside, and this role here
            self.tokens[f"{role} and more"] = await make_token("admin", (OWN, SIDE), name=f"{role} and more")
            moderator_id = await moderators.ensure_moderator(self.database, f"{role} and more")
            await passwords.set_role_at(self.database, moderator_id, role, [sides[OWN]])
            await passwords.set_role_at(self.database, moderator_id, "admin", [sides[SIDE]])
        self.tokens["foreign admin"] = await make_token("admin", (FOREIGN,), name="Far")
        self.tokens["expired"] = await make_token("admin", (OWN,), lasts=timedelta(seconds=-1))
        self.tokens["of this machine"] = await make_token("admin", (OWN,), loopback_only=True)
        self.tokens["revoked"] = await make_token("admin", (OWN,), name="Rita")
        await self.database.execute(
            "UPDATE moderator_token SET revoked_at = now() WHERE moderator_id ="
            " (SELECT id FROM moderator WHERE name = 'Rita')"
        )
        self.tokens["disabled"] = await make_token("admin", (OWN,), name="Dora")
        await self.database.execute("UPDATE moderator SET disabled_at = now() WHERE name = 'Dora'")
        await make_moderator("Pia", role="admin", sites_named=(OWN,))
        async with ClientSession(self.web.url) as browser:
            while (by_token := await sign_in(browser, self.tokens["admin"])).status == 503:
                continue  # just started: on a busy machine its first connection takes its time
            browser.cookie_jar.clear()
            by_password = await sign_in_as(browser, "Pia", PASSWORD)
        self.sessions = [cookie_of(by_token).value, cookie_of(by_password).value]

    def strangers(self) -> dict[str, Headers]:
        """Ways to come that open nothing."""
        admin, session = self.tokens["admin"], self.sessions[0]
        basic = base64.b64encode(f"admin:{admin}".encode()).decode()
        wrong = {
            "nothing": {},
            "an empty token": bearer(""),
            "garbage": bearer("garbage"),
            "a token that is none": bearer("rd_" + "a" * 43),
            "a token and more": bearer(admin + "x"),
            "a token cut short": bearer(admin[:-1]),
            "two tokens": bearer(f"{admin}, {admin}"),
            "a long one": bearer("r" * 5000),
            "expired": bearer(self.tokens["expired"]),
            "revoked": bearer(self.tokens["revoked"]),
            "of a disabled person": bearer(self.tokens["disabled"]),
            "of this machine from elsewhere": bearer(self.tokens["of this machine"]) | ELSEWHERE,
            "basic": {"Authorization": f"Basic {basic}"},
            "without a scheme": {"Authorization": admin},
            "another scheme": {"Authorization": f"Token {admin}"},
            "another header": {"X-Api-Key": admin, "X-Authorization": f"Bearer {admin}"},
            "a session as a token": bearer(session),
            "a token as a cookie": {"Cookie": f"replydesk_session={admin}; token={admin}; session={admin}"},
        }
        cookies = {
            f"a session's cookie {number}": {"Cookie": f"replydesk_session={one}; __Host-replydesk={one}"}
            for number, one in enumerate(self.sessions)
        }
        return wrong | cookies

    async def held(self, site: str) -> str:
        """The id of a new comment there that waits for a person."""
        self._texts += 1
        text = f"The ferry was late again, number {self._texts}."
        body = COMMENT | {"comment": text, "email": ADDRESS}
        async with self.web.client.post(f"/api/v1/sites/{site}/comments", json=body) as response:
            accepted = await response.json()
            assert response.status == 202, accepted
        await self.check_all()
        self.receipts[site] = accepted["receipt_url"].rpartition("/")[2]
        return str(accepted["id"])

    _texts: int = 0

    async def request(self, name: str, operation: Operation, where: str) -> dict[str, Any]:
        """What to send: about something of `where`, new each time, or about nothing that exists."""
        exists = where in {OWN, FOREIGN}
        comment_id = await self.held(where) if exists else NOBODY
        receipt = self.receipts[where] if exists else "A" * 50
        access = ACCESS[name]
        site_in_path = where if exists else NOWHERE
        url = operation.url(
            site=site_in_path, id=comment_id, receipt=receipt, **FIXED_PARTS,
            **await self._people_of(where if exists else None),
        )  # fmt: skip
        sent: dict[str, Any] = {"url": url, "params": {}, "comment_id": comment_id}
        if access.names == "query":
            sent["params"] = {"site": site_in_path}
        elif access.role is None and operation.method == "get" and "{receipt}" not in operation.path:
            sent["params"] = {"page_url": PAGE}
        body = _body(name, access, site_in_path, comment_id)
        return sent | ({"json": body} if body is not None else {})

    async def _people_of(self, where: str | None) -> dict[str, str]:
        """Somebody new of that site, a token and an invitation for it; without a site nobody's."""
        if where is None:
            return dict.fromkeys(("person", "token", "invitation", "session", "secret"), "999999")
        site_id = await self.database.fetchval("SELECT id FROM site WHERE slug = $1", where)
        name, digest = f"Somebody {self._texts}", secret_digest(new_secret())
        moderator_id = await moderators.ensure_moderator(self.database, name)
        await passwords.set_role_at(self.database, moderator_id, "moderator", [site_id])
        await moderators.insert_token(
            self.database, moderator_id, digest=digest, prefix="rd_somebody", role="viewer",
            site_ids=[site_id], lasts=None,
        )  # fmt: skip
        await invitations.insert(
            self.database, digest, role="viewer", site_ids=[site_id], invited_by=None, lasts=timedelta(days=1)
        )
        token, invitation = [
            await self.database.fetchval(f"SELECT max(id) FROM {table}")  # noqa: S608
            for table in ("moderator_token", "invitation")
        ]
        return {
            "person": str(moderator_id), "token": str(token), "invitation": str(invitation),
            "session": "999999", "secret": "999999",
        }  # fmt: skip

    async def ask(self, method: str, sent: dict[str, Any], headers: Headers) -> Answer:
        """Send it; whatever comes back, no address is in it."""
        given = {key: value for key, value in sent.items() if key not in {"url", "comment_id"}}
        if sent["url"] == "/api/v1/moderation/events":  # it would stay
            given["params"] = {"for_s": "0"} | given.get("params", {})
        async with ClientSession(self.web.url) as client, client.request(
            method, sent["url"], headers=headers, allow_redirects=False, **given
        ) as response:  # fmt: skip
            answer = await read(response)
        assert ADDRESS.encode() not in answer.body
        if (
            "json" in answer.headers.get("Content-Type", "")
            and sent["url"] != "/openapi.json"
            and answer.body
        ):
            assert "email" not in keys_of(answer.json)
        return answer


def _body(name: str, access: Access, site: str, comment_id: str) -> Any:
    if name == "postComment":
        return COMMENT | {"comment": "Another one.", "email": ADDRESS}
    if access.names == "entries":
        return {"decisions": [access.body | {"id": comment_id}]}
    if access.names == "sites":
        return access.body | {"sites": [site]}
    if access.names == "body":
        return access.body | {"site": site}
    return access.body


def bearer(token: str) -> Headers:
    """The header that the moderation API knows."""
    return {"Authorization": f"Bearer {token}"}


def keys_of(document: Any) -> set[str]:
    """Every member's name, at any depth."""
    if isinstance(document, list):
        return set().union(*map(keys_of, document)) if document else set()
    if isinstance(document, dict):
        return set(document).union(*map(keys_of, document.values())) if document else set()
    return set()


def told(answer: Answer, *, about: str = "") -> tuple[Any, ...]:
    """All that a caller learns: status, headers and body, but for the clock, the request's id and `about`."""
    headers = [(name, value) for name, value in answer.headers.items() if name not in _CHANGES]
    text = answer.body.decode("utf-8", "replace")
    text = re.sub(r'"(request_id|leased_until)":"[^"]*"', r'"\1":""', text)
    if about:
        text = text.replace(about, "{id}")
    return answer.status, sorted(headers), text


def shape(answer: Answer) -> tuple[Any, ...]:
    """What two answers to two same requests have in common, where each is its own."""
    names = sorted(name for name in answer.headers if name not in _CHANGES)
    if "json" not in answer.headers.get("Content-Type", ""):
        return answer.status, names
    return answer.status, names, sorted(keys_of(json.loads(answer.body)))
