"""What the doctor says of alerts and mail: that nobody hears of them, or that mail does not go out."""

from service.domain.recipients import Recipients
from service.settings import Settings
from service.storage import reader_mails
from service.storage.alert_mails import list_unsent
from service.storage.pool import Connection
from service.storage.sites import list_sites
from service.storage.webhooks import wants_alerts
from workers.mail import server_of


async def wrong_alerts(connection: Connection, recipients: Recipients) -> list[str]:
    """One line for each site whose alerts reach nobody, or whose mails were not sent."""
    unheard = [
        site.slug
        for site in await list_sites(connection)
        if site.policy.alerts.is_any_on
        and not recipients.of_site(site.slug)
        and not await wants_alerts(connection, site.id)
    ]
    return [
        f"{slug}: its alerts reach nobody: no webhook wants alert.raised, and no mail of it is sent"
        for slug in unheard
    ] + [
        f"{slug}: {number} mails of alerts were not sent ({why})"
        for slug, number, why in await list_unsent(connection)
    ]


async def wrong_reader_mail(connection: Connection, known: Settings) -> list[str]:
    """One line for each site that wants addresses confirmed without mail, or whose mails were not sent."""
    silent = [] if known.sends_mail and known.submitted_keys else await list_sites(connection)
    return [
        f"{site.slug}: its policy wants addresses confirmed, and there is no way for mail: people look"
        for site in silent
        if site.policy.confirm_address != "off"
    ] + [
        f"{slug}: {number} mails to readers were not sent ({why})"
        for slug, number, why in await reader_mails.list_unsent(connection)
    ]


async def wrong_mail(known: Settings) -> list[str]:
    """Why the mail server cannot be used; nothing is sent."""
    if not known.smtp_host:
        return []
    from service.outbound.mail import NotSent

    try:
        await server_of(known).check()
    except NotSent as error:
        return [f"REPLYDESK_SMTP_HOST: {error.reason}"]
    return []
