"""Who may call which operation, and what it says about what is not theirs: one line for each.

A new operation without a line here fails `test_access_matrix.py`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from service.web.desk_site_routes import SITE_PAGES

Named = Literal["nothing", "path", "query", "body", "sites", "entries"]


@dataclass(frozen=True)
class Access:
    """What one operation allows.

    `role` is the lowest that may call it, null for everybody. `names` is where a request names a site or a
    comment: not at all, in the path, as `site=`, as `site` or `sites` of the body, or in the entries of
    many. `own` is the status for what is the caller's, `other` for what is another site's, which is that of
    what does not exist. `body` is sent as JSON. `varies` is true where two same requests are never answered
    the same.
    """

    role: str | None = None
    names: Named = "nothing"
    own: int = 200
    other: int = 404
    body: Any = None
    varies: bool = False


READ, ACT = "viewer", "moderator"

ACCESS: dict[str, Access] = {
    # Moderators
    "listQueue": Access(READ, "query", other=200),
    "getComment": Access(READ, "path"),
    "getSummary": Access(READ),
    "listReasons": Access(READ, "query"),
    "decide": Access(ACT, "path", body={"action": "approve", "version": 2}),
    "redactComment": Access(ACT, "path", body={"version": 2, "spans": [[0, 2]]}),
    "answerComment": Access(ACT, "path", own=409, body={"text": "Yes."}),  # what waits is not answered
    "undoDecision": Access(ACT, "path", own=409),  # nothing to undo: it was found
    "decideMany": Access(ACT, "entries", other=200, body={"action": "approve", "version": 2}),
    "claimComments": Access(ACT, "body", other=200, body={"limit": 5}, varies=True),
    "getReason": Access("admin", "path", own=404),  # there is none of that code
    "putReason": Access(  # the scene's code is none of a reason
        "admin", "path", own=422, body={"label": "Rude", "text": "Please be kind."}
    ),
    "retireReason": Access("admin", "path", own=404),
    "listClaims": Access(READ, "query", other=200),
    "releaseClaims": Access(ACT, "query", other=200),
    "claimComment": Access(ACT, "path", body={}, varies=True),
    "releaseComment": Access(ACT, "path"),
    "decideAll": Access(ACT, "path", body={"action": "approve", "author_key": "nobody"}),
    "getPolicySchema": Access(READ),
    "getPolicy": Access("admin", "path"),
    "putPolicy": Access("admin", "path", body={"policy": {}, "version": 1}),
    "checkPolicy": Access("admin", "path", body={"policy": {"max_links": 3}}),
    "listPolicyVersions": Access("admin", "path"),
    "tryPolicy": Access("admin", "path", own=202, body={"policy": {}, "last": 10}, varies=True),
    "getTry": Access("admin", "path", own=404),  # nobody asked for one of this id
    "getShadow": Access("admin", "path", own=404),  # none is watched
    "putShadow": Access("admin", "path", body={"policy": {}}, varies=True),
    "endShadow": Access("admin", "path"),
    "listPages": Access(READ, "query"),
    "changePage": Access(ACT, "body", body={"page_url": "https://paper.example/new", "premoderated": True}),
    "mergePages": Access(
        "admin",
        "body",
        body={"page_url": "https://paper.example/a", "into": "https://paper.example/b"},
        varies=True,
    ),
    "getMode": Access(READ, "path"),
    "changeMode": Access(ACT, "path", body={"mode": "usual"}),
    "getAuthor": Access(READ, "path", own=404),  # nobody has that key
    "giveStanding": Access(ACT, "path", own=404, body={"kind": "banned", "reason": "abusive"}),
    "liftStanding": Access(ACT, "path", own=404),
    "listStandings": Access(READ, "path"),
    "giveNetworkStanding": Access(
        ACT,
        "path",
        own=201,
        body={
            "kind": "banned",
            "reason": "abusive",
            "expires_at": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        },
    ),
    "listNetworkStandings": Access(READ, "path"),
    "liftNetworkStanding": Access(ACT, "path", own=404),  # none is of this id
    "getChecks": Access(READ, "path"),
    "getFigures": Access(READ, "path", varies=True),
    "getTransparency": Access(READ, "path"),
    "recheckComments": Access("admin", "path", body={"limit": 1}, varies=True),
    "erasePerson": Access("admin", "body", own=202, body={"email": "nobody@reader.example"}),
    "getModels": Access(READ, "path"),
    "changeModels": Access("admin", "path", body={"action": "on"}, varies=True),
    "listPeople": Access("admin", "query"),
    "setRole": Access("admin", "path", body={"role": "viewer"}),
    "removePerson": Access("admin", "path"),
    "disablePerson": Access("admin", "path"),
    "enablePerson": Access("admin", "path"),
    "resetSecondFactor": Access("admin", "path"),
    "listTokens": Access("admin"),
    "createToken": Access("admin", "sites", own=201, body={"role": "viewer"}, varies=True),
    "revokeToken": Access("admin", "path"),
    "listSessions": Access(READ),
    "endSessions": Access(READ),
    "endSession": Access(READ, own=404),  # one's own alone, and none is of this id
    "listInvitations": Access("admin"),
    "invite": Access("admin", "sites", own=201, body={"role": "viewer"}, varies=True),
    "revokeInvitation": Access("admin", "path"),
    "listAudit": Access("admin", "query", varies=True),
    "listSamples": Access(READ, "query", other=200),
    "listAppeals": Access(READ, "query", other=200),
    "answerAppeal": Access(ACT, own=404, body={"answer": "uphold"}),  # there is none
    "pickComment": Access(ACT, "path", own=409, body={"picked": True}),  # what waits is not picked
    "answerSample": Access(ACT, "path", own=404, body={"action": "approve", "version": 2}),  # not drawn
    "listWebhooks": Access("admin", "path"),
    "createWebhook": Access(
        "admin", "path", own=201, varies=True, body={"url": "https://hooks.paper.example/replydesk"}
    ),
    "getWebhook": Access("admin", "path", own=404),
    "changeWebhook": Access("admin", "path", own=404, body={"on": False}),
    "deleteWebhook": Access("admin", "path", own=404),
    "rotateWebhookSecret": Access("admin", "path", own=404),
    "testWebhook": Access("admin", "path", own=404),
    "listDeliveries": Access("admin", "path", own=404),
    "replayWebhook": Access("admin", "path", own=404, body={"since": "2026-03-02T09:00:00Z"}),
    "listAlerts": Access(READ, "path"),
    "streamEvents": Access(READ, "query", varies=True),
    # Everybody
    "postComment": Access(names="path", own=202, varies=True),
    "preflightComment": Access(names="path", own=204),
    "reportComment": Access(names="path", own=404, body={"reason": "abusive"}),  # it is not published
    "sendNotice": Access(names="path", own=422, body={"explanation": "It is against the law."}),
    "preflightNotice": Access(names="path", own=204),
    "showNoticeForm": Access(own=404),  # no comment is named
    "showNotice": Access(own=404),
    "getNotice": Access(own=404),
    "preflightReport": Access(names="path", own=204),
    "showReportForm": Access(own=404),  # no comment is named
    "listComments": Access(names="path"),
    "getFeed": Access(names="path"),
    "countComments": Access(names="path"),
    "getFormToken": Access(names="path", varies=True),
    "getForm": Access(names="path"),
    "getEmbed": Access(),
    "getEmbedAddress": Access(),
    "getEmbedOfDigest": Access(own=404),
    "getReceipt": Access(names="path"),
    "showReceipt": Access(names="path"),
    "editComment": Access(names="path", body={"comment": "Another text."}),
    "withdrawComment": Access(names="path", own=422, body={}),  # it is not sure
    "changeComment": Access(names="path", own=303, body={"comment": "Another text."}),
    "fileAppeal": Access(names="path", own=409, body={"text": "No."}),  # it waits
    "appealByForm": Access(names="path", own=409, body={"text": "No."}),
    "takeBackComment": Access(names="path", own=422, body={}),
    "showThread": Access(names="path"),
    "showDemo": Access(),
    "askForOwnData": Access(names="path"),
    "mailOwnDataLink": Access(names="path", own=404, body={"email": "ada@mail.example"}),
    "showOwnData": Access(own=404),
    "eraseOwnData": Access(own=404, body={"sure": "yes"}),
    "showDemoMail": Access(own=404),
    "showConfirm": Access(own=404),
    "confirmAddress": Access(own=404),
    "showStop": Access(own=404),
    "stopMail": Access(own=404),
    "getHealth": Access(),
    "getReadiness": Access(),
    "getMetrics": Access(varies=True),
    "getOpenapi": Access(),
    "showDocs": Access(),
    "showProblem": Access(own=302),
    "getStatic": Access(),
}

DESK = frozenset({
    "showDashboard", "showChecks", "showFigures", "showTransparency", "showAutomation", "showSamples",
    "showAppeals", "showInvitation", "showSecondFactor", "showShift", "showSettings", "showSearch",
    "showCommentPage",
    *(page.operation_id for page in SITE_PAGES),
})  # fmt: skip
"""What knows its caller by a session or a link: test_desk_sessions.py, test_inviting.py."""

ROLES = ("viewer", "moderator", "admin")


def may(role: str, access: Access) -> bool:
    """Whether that role is high enough."""
    return access.role is None or ROLES.index(role) >= ROLES.index(access.role)
