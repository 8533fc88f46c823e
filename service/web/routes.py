"""Every URL of the product on one screen."""

from aiohttp import web

from service.web import (
    auditing,
    check_desk,
    desk_checks,
    desk_decide,
    desk_learning,
    desk_queue,
    desk_sign_in,
    erasing,
    figures,
    health,
    models,
    moderation,
    modes,
    pages,
    policy,
    policy_trials,
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
RULES = DESK + "/sites/{site}/policy"


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
        web.get(DESK + "/sites/{site}/models", models.get_models),
        web.post(DESK + "/sites/{site}/models", models.post_models),
        web.get(DESK + "/samples", models.get_samples),
        web.post(DESK + "/samples/{id}/answer", models.post_answer),
        web.get(DESK + "/pages", pages.get_pages),
        web.put(DESK + "/pages", pages.put_page),
        web.get(DESK + "/sites/{site}/mode", modes.get_mode),
        web.put(DESK + "/sites/{site}/mode", modes.put_mode),
        web.get(DESK + "/summary", moderation.get_summary),
        web.get(DESK + "/reasons", moderation.get_reasons),
        web.get(DESK + "/policy-schema", policy.get_schema),
        web.get(RULES, policy.get_policy),
        web.put(RULES, policy.put_policy),
        web.post(RULES + "/check", policy.post_check),
        web.get(RULES + "/versions", policy.get_versions),
        web.post(RULES + "/tries", policy_trials.post_try),
        web.get(RULES + "/tries/{id}", policy_trials.get_try),
        web.get(RULES + "/shadow", policy_trials.get_shadow),
        web.put(RULES + "/shadow", policy_trials.put_shadow),
        web.delete(RULES + "/shadow", policy_trials.delete_shadow),
        web.get(DESK + "/sites/{site}/checks", check_desk.get_checks),
        web.get(DESK + "/sites/{site}/figures", figures.get_figures),
        web.post(DESK + "/sites/{site}/recheck", check_desk.post_recheck),
        # People, access, audit
        web.get(DESK + "/audit", auditing.get_audit),
        # The dashboard
        web.get("/dashboard", desk_queue.get_dashboard),
        web.get("/dashboard/checks", desk_checks.get_checks_page),
        web.get("/dashboard/automation", desk_learning.get_automation),
        web.get("/dashboard/samples", desk_learning.get_samples_page),
        web.post("/dashboard/answer", desk_learning.post_sample),
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
