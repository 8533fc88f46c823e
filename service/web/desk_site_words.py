"""What the dashboard says about a site's settings: where they are, what was done, what was refused."""

from service.domain.rights import reaches
from service.web.languages import N_

PLACES = (
    ("site", "viewer", N_("Overview"), N_("How the site is at this moment.")),
    (
        "mode",
        "viewer",
        N_("Mode and hours"),
        N_("Look at everything first, or close; and when the site takes replies."),
    ),
    ("checks", "viewer", N_("Checks"), N_("What each check decided lately, and how often people agreed.")),
    ("automation", "viewer", N_("Automation"), N_("What the checks may decide alone, and at what promise.")),
    ("samples", "viewer", N_("Sample"), N_("Comments drawn at random, to see how well the checks decide.")),
    ("alerts", "viewer", N_("Alerts"), N_("What stands now, and from when somebody is told.")),
    ("networks", "viewer", N_("Networks"), N_("From where everything waits for a person, or is rejected.")),
    ("policy", "admin", N_("Policy"), N_("What the checks look for and may do, with every earlier version.")),
    ("words", "admin", N_("Word lists"), N_("Words that hold, reject or count as spam.")),
    ("reasons", "admin", N_("Reasons"), N_("What moderators choose from, and what the author reads.")),
    ("webhooks", "admin", N_("Webhooks"), N_("Programs that are told what happens.")),
    ("people", "admin", N_("People"), N_("Who may do what, and who is invited.")),
    (
        "tokens",
        "viewer",
        N_("Tokens and sessions"),
        N_("Where you are signed in, and which programs may come in."),
    ),
    ("audit", "admin", N_("Audit"), N_("What admins and moderators changed, and when.")),
)
"""Name, lowest role, word, sentence: in the order of the menu."""

DONE = {
    "mode": N_("The site is in another mode from now on."),
    "hours": N_("The opening hours are kept."),
    "author-ordered": N_("This holds from the next comment on."),
    "author-lifted": N_("Lifted: this author is judged like everybody again."),
    "page-merged": N_("Both addresses are those of one page now."),
    "page-changed": N_("The page is as you said."),
    "network-ordered": N_("This holds from the next comment on."),
    "network-lifted": N_("Lifted: comments from there are judged as usual again."),
    "reason": N_("The reason is kept."),
    "reason-retired": N_("Nobody chooses this reason any more; the history still names it."),
    "alerts": N_("The thresholds are kept."),
    "policy": N_("The policy holds from now on."),
    "words": N_("The word lists are kept."),
    "role": N_("The role is changed."),
    "removed": N_("This person is not at the site any more."),
    "disabled": N_("This person is shut out, with every session and token."),
    "enabled": N_("This person may sign in again."),
    "invitation-revoked": N_("Nobody comes in by this invitation any more."),
    "token-revoked": N_("The token is useless from now on."),
    "session-ended": N_("The session is over."),
    "webhook": N_("The webhook is changed."),
    "webhook-deleted": N_("The webhook is removed."),
    "tested": N_("A test is on its way; the deliveries say how it went."),
    "replayed": N_("They are delivered again."),
}
"""Code of a notice to what the page says."""

REFUSED = {
    "role-too-low": N_("Your role at this site does not allow this; nothing was changed."),
    "own-rights": N_("Nobody changes the own rights: ask another admin."),
    "every-site": N_("This person has a role at every site; the command line changes that."),
    "name-taken": N_("Somebody else has this name."),
    "person-not-found": N_("There is no such person any more."),
    "token-not-found": N_("There is no such token any more."),
    "session-not-found": N_("There is no such session any more."),
    "invitation-not-found": N_("There is no such invitation any more."),
    "reason-not-found": N_("There is no such reason."),
    "reason-is-shared": N_("Every site has this reason; it cannot be retired."),
    "policy-changed": N_(
        "Somebody changed the policy first. What you typed is still here; look at it again, then save."
    ),
    "invalid-policy": N_("That is no policy; please look at what is marked."),
    "own-proposal": N_("You proposed it; somebody else has to confirm it."),
    "same-page": N_("Both addresses are those of one page already."),
    "page-too-large": N_("The page has too many comments to be moved; merge the other one into it."),
    "comment-not-found": N_("This comment is not there any more."),
    "standing-not-found": N_("It was lifted already, or is over."),
    "network-not-kept": N_("Nobody knows any more where this comment came from."),
    "too-many-networks": N_("As many orders about networks hold here as may; lift some first."),
    "illegal-move": N_("An erased comment stays erased."),
    "missing-reason": N_("A rejection needs a reason; nothing was changed."),
    "unknown-reason": N_("The site has no such reason; nothing was changed."),
    "webhook-not-found": N_("There is no such webhook any more."),
    "too-many-webhooks": N_("The site has as many webhooks as it may."),
    "webhooks-not-configured": N_("This installation has no keys for webhooks yet."),
}
"""Code of a problem to what the page says; field by field it says more."""

UNNAMED = N_("Nothing was changed; please look at what is marked.")


def places_for(role: str | None) -> list[tuple[str, str, str]]:
    """Name, word and sentence of each page that this role may open."""
    return [(name, word, text) for name, needed, word, text in PLACES if reaches(role, needed)]
