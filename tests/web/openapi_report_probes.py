"""Requests that provoke every answer of the operations by which readers report."""

from aiohttp import ClientResponse

from tests.web.openapi_scene import NOBODY, Scene, plain, provokes

REPORT, PREFLIGHT, FORM = "reportComment", "preflightReport", "showReportForm"
BODY = {"reason": "abusive", "text": "It names my neighbour."}
URLENCODED = "application/x-www-form-urlencoded"
FOREIGN = {"Origin": "https://evil.example"}
OWN = {"Origin": "https://paper.example"}
UNKNOWN = {"parts": {"id": NOBODY}}
NO_SITE = {"parts": {"site": "nowhere", "id": NOBODY}}
LONG = BODY | {"text": "x" * 200_000}

for _data, _kind in ((b"[]", "application/json"), (b"reason=%zz", URLENCODED)):
    plain(
        REPORT, 400, "malformed-body" if _kind != URLENCODED else None, **UNKNOWN, data=_data,
        headers={"Content-Type": _kind},
    )  # fmt: skip
plain(REPORT, 403, "origin-not-registered", **UNKNOWN, json=BODY, headers=FOREIGN)
plain(REPORT, 403, **UNKNOWN, data=BODY, headers=FOREIGN)
plain(REPORT, 404, "comment-not-found", **UNKNOWN, json=BODY)
plain(REPORT, 404, "site-not-found", **NO_SITE, json=BODY)
plain(REPORT, 404, **UNKNOWN, data=BODY)
plain(REPORT, 413, "body-too-large", **UNKNOWN, json=LONG)
plain(REPORT, 413, **UNKNOWN, data=LONG)
plain(REPORT, 415, "unsupported-media-type", **UNKNOWN, data=b"hi", headers={"Content-Type": "text/plain"})
plain(REPORT, 415, **UNKNOWN, data=b"hi", headers={"Content-Type": "text/plain", "Accept": "text/html"})
for _wrong in (
    {},
    {"reason": "boring"},
    {"reason": ["hate"]},
    BODY | {"text": "x" * 1001},
    BODY | {"text": 1},
):
    plain(REPORT, 422, "invalid-submission", **UNKNOWN, json=_wrong)
plain(REPORT, 422, **UNKNOWN, data={"text": "Rude."})
plain(PREFLIGHT, 204, **UNKNOWN, headers=OWN | {"Access-Control-Request-Method": "POST"})
plain(PREFLIGHT, 403, "origin-not-registered", **UNKNOWN, headers=FOREIGN)
plain(PREFLIGHT, 404, "site-not-found", **NO_SITE)
plain(FORM, 404, params={"comment": NOBODY})


@provokes(REPORT, 202)
async def _report(scene: Scene) -> ClientResponse:
    comment = {"parts": {"id": await scene.published()}}
    first = await scene.ask(REPORT, **comment, json=BODY, headers=OWN)
    again = await scene.ask(REPORT, **comment, json=BODY | {"text": None}, headers=OWN)
    assert await again.json() == await first.json()
    return again


@provokes(REPORT, 303)
async def _report_by_form(scene: Scene) -> ClientResponse:
    comment_id = await scene.published(comment="Sent by a form.")
    answer = await scene.ask(REPORT, parts={"id": comment_id}, data=BODY)
    thanks = await scene.ask(FORM, params={"comment": comment_id, "sent": "1"})
    assert await scene.reference.check(FORM, thanks) is None
    return answer


@provokes(FORM, 200)
async def _form(scene: Scene) -> ClientResponse:
    return await scene.ask(FORM, params={"comment": await scene.published(comment="To be reported.")})


async def _one_too_many(scene: Scene, **request: object) -> ClientResponse:
    strict = await scene.start_web(limit_reports="1/600")
    comment = {"parts": {"id": await scene.published(comment=f"Reported often, {len(request)} {request}.")}}
    for _ in range(2):
        answer = await scene.ask(REPORT, client=strict.client, **comment, **request)  # type: ignore[arg-type]
    return answer


provokes(REPORT, 429, "too-many-reports")(lambda scene: _one_too_many(scene, json=BODY))
provokes(REPORT, 429)(lambda scene: _one_too_many(scene, data=BODY))
