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


def refusals(name: str, preflight: str, body: dict[str, str], long: dict[str, str]) -> None:
    """What is refused of any post of readers about a comment, as JSON and as a form."""
    for data, kind in ((b"[]", "application/json"), (b"reason=%zz", URLENCODED)):
        code = "malformed-body" if kind != URLENCODED else None
        plain(name, 400, code, **UNKNOWN, data=data, headers={"Content-Type": kind})
    plain(name, 403, "origin-not-registered", **UNKNOWN, json=body, headers=FOREIGN)
    plain(name, 403, **UNKNOWN, data=body, headers=FOREIGN)
    plain(name, 404, "comment-not-found", **UNKNOWN, json=body)
    plain(name, 404, "site-not-found", **NO_SITE, json=body)
    plain(name, 404, **UNKNOWN, data=body)
    plain(name, 413, "body-too-large", **UNKNOWN, json=long)
    plain(name, 413, **UNKNOWN, data=long)
    plain(name, 415, "unsupported-media-type", **UNKNOWN, data=b"hi", headers={"Content-Type": "text/plain"})
    plain(name, 415, **UNKNOWN, data=b"hi", headers={"Content-Type": "text/plain", "Accept": "text/html"})
    plain(preflight, 204, **UNKNOWN, headers=OWN | {"Access-Control-Request-Method": "POST"})
    plain(preflight, 403, "origin-not-registered", **UNKNOWN, headers=FOREIGN)
    plain(preflight, 404, "site-not-found", **NO_SITE)


refusals(REPORT, PREFLIGHT, BODY, LONG)
for _wrong in (
    {},
    {"reason": "boring"},
    {"reason": ["hate"]},
    BODY | {"text": "x" * 1001},
    BODY | {"text": 1},
):
    plain(REPORT, 422, "invalid-submission", **UNKNOWN, json=_wrong)
plain(REPORT, 422, **UNKNOWN, data={"text": "Rude."})
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
