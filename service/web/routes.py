"""Every URL of the product on one screen."""

from aiohttp import web

from service.web import (
    desk_decide,
    desk_queue,
    desk_sign_in,
    erasing,
    health,
    moderation,
    published,
    receipts,
    reference,
    static_files,
    submissions,
    thread,
)

API = "/api/v1"
SITE = API + "/sites/{site}"
DESK = API + "/moderation"


def routes() -> list[web.RouteDef]:
    """Method, path, handler."""
    return [
        # Readers
        web.post(SITE + "/comments", submissions.post_comment),
        web.options(SITE + "/comments", submissions.options_comment),
        web.get(SITE + "/comments", published.get_comments),
        web.get(SITE + "/counts", published.get_counts),
        web.get(SITE + "/form-token", submissions.form_token),
        web.get(API + "/receipts/{receipt}", receipts.get_receipt),
        web.get("/receipts/{receipt}", receipts.get_receipt_page),
        web.get("/sites/{site}/thread", thread.get_thread),
        web.get("/demo", thread.get_demo),
        # Moderators
        web.get(DESK + "/comments", moderation.get_queue),
        web.get(DESK + "/comments/{id}", moderation.get_comment),
        web.post(DESK + "/comments/{id}/decision", moderation.post_decision),
        web.post(DESK + "/comments/{id}/undo", moderation.post_undo),
        web.post(DESK + "/decisions", moderation.post_decisions),
        web.post(DESK + "/claims", moderation.post_claims),
        web.post(DESK + "/erasures", erasing.post_erasure),
        web.get(DESK + "/summary", moderation.get_summary),
        web.get(DESK + "/reasons", moderation.get_reasons),
        web.get("/dashboard", desk_queue.get_dashboard),
        web.post("/dashboard/sign-in", desk_sign_in.sign_in),
        web.post("/dashboard/sign-out", desk_sign_in.sign_out),
        web.post("/dashboard/decide", desk_decide.decide),
        # Operators and developers
        web.get("/healthz", health.healthz),
        web.get("/readyz", health.readyz),
        web.get("/metrics", health.metrics),
        web.get("/openapi.json", reference.get_openapi),
        web.get("/docs", reference.get_docs),
        web.get("/problems/{code}", reference.get_problem),
        web.get("/static/{name}", static_files.get_static),
    ]
