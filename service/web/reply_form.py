"""What the template of the reply form needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.domain.fault import Fault
from service.domain.site import Site


def reply_form(
    site: Site,
    values: Mapping[str, str],
    *,
    faults: Sequence[Fault] = (),
    notice: str | None = None,
    replying_to: Mapping[str, str] | None = None,
    cancel_href: str | None = None,
    offers_mail: bool = False,
) -> dict[str, Any]:
    """The form of a site with these values; the first fault of a field stands beside it."""
    errors: dict[str, str] = {}
    for fault in faults:
        errors.setdefault(fault.field, fault.detail)
    return {
        "action": f"/api/v1/sites/{site.slug}/comments",
        "values": values,
        "errors": errors,
        "comment_limit": site.policy.comment_limit,
        "author_required": site.policy.author_required,
        "email_required": site.policy.email_required,
        "notice": notice,
        "house_rules_url": site.policy.house_rules_url,
        "privacy_url": site.policy.privacy_url,
        "replying_to": replying_to,
        "cancel_href": cancel_href,
        "offers_mail": offers_mail,
    }
