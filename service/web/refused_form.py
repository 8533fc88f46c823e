"""The page for a form that was not taken: everything that was typed, and each fault beside its field."""

from aiohttp import web

from service.domain.page_url import safe_redirect
from service.domain.policy import Policy
from service.domain.site import Site
from service.domain.submission import typed_values
from service.web.arrivals import Post
from service.web.middleware import html_page
from service.web.problems import Problem
from service.web.rendering import render
from service.web.reply_form import reply_form

_LENIENT = Policy(comment_limit=20_000, author_required=False, email_required=False)


def unknown_site(slug: str) -> Site:
    """Stands in for a site that cannot be looked up now: its form demands nothing that it might not."""
    return Site(0, slug, "", frozenset(), None, _LENIENT, 0)


def refused_form(post: Post, problem: Problem) -> web.Response:
    """The answer to a form for this problem; it may hold an address, and only its sender gets it."""
    typed = typed_values(post.fields)
    form = None
    if problem.status not in {403, 404} and any(typed.values()):
        typed["page_url"] = typed["page_url"] or post.referred or ""  # the next Referer will be another one
        if any(fault.field == "parent_id" for fault in problem.errors):
            typed["parent_id"] = ""  # the form could never be sent with it
        notice = None if problem.errors else problem.detail or problem.title
        offers_mail = post.services.desk.mail is not None
        form = reply_form(post.site, typed, faults=problem.errors, notice=notice, offers_mail=offers_mail)
    text = render(
        "form_error.html",
        site=post.site if post.site.id else None,
        title=problem.title,
        message=problem.detail,
        form=form,
        back_url=safe_redirect(typed["page_url"], post.site.origins),
    )
    response = html_page(
        text,
        status=problem.status,
        headers={"Cache-Control": "no-store", **problem.headers},
        form_to=tuple(post.site.origins),
    )
    if problem.status in {408, 413}:
        response.force_close()
    return response
