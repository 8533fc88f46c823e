"""Guards of opening hours and of alerts to moderators."""

from tests.mutations.breakage import Breakage

_HOURS = "service/domain/opening_hours.py"
_OPEN = "tests/unit/domain/test_opening_hours.py"
_ALERTS = "service/domain/alerts.py"
_BEGIN = "tests/unit/domain/test_alerts.py"
_STORED = "service/storage/alerts.py"
_RAISE = "tests/usecases/test_raise_alerts.py"
_POSTMAN = "service/usecases/mailing.py"
_MAILS = "service/storage/alert_mails.py"
_MAILED = "tests/usecases/test_mail_alerts.py"
_SMTP = "service/outbound/mail.py"
_SENT = "tests/outbound/test_mail.py"

ALERTS = (
    Breakage(
        "opening hours that end after midnight are open till then",
        _HOURS,
        "        yield from self._spans_of(day - _A_DAY)",
        "        yield from ()",
        _OPEN,
    ),
    Breakage(
        "opening hours are those of the site's time zone",
        _HOURS,
        "there = now.astimezone(zone).replace(tzinfo=None)",
        "there = now.replace(tzinfo=None)",
        _OPEN,
    ),
    Breakage(
        "of the site's switch and its opening hours the stricter one counts",
        "service/domain/site.py",
        "return hours if STRICTNESS[hours.mode] > STRICTNESS[switch.mode] else switch",
        'return hours if switch.mode == "usual" else switch',
        _OPEN,
    ),
    Breakage(
        "outside its opening hours a site takes no replies",
        "service/domain/site.py",
        "if hours is None or hours.is_open(now):",
        "if True:",
        "tests/web/test_closing.py",
    ),
    Breakage(
        "an alert ends well below its threshold",
        _ALERTS,
        "ends=value <= ENDS_AT * threshold",
        "ends=value <= threshold",
        _RAISE,
    ),
    Breakage(
        "an alert is raised once until it has ended",
        _ALERTS,
        "if one.begins and one.key not in standing]",
        "if one.begins]",
        _BEGIN,
    ),
    Breakage(
        "an alert whose threshold is gone ends",
        _ALERTS,
        "if key not in by_key or by_key[key].ends]",
        "if key in by_key and by_key[key].ends]",
        _RAISE,
    ),
    Breakage(
        "one works out alerts at a time",
        _STORED,
        "SELECT pg_advisory_xact_lock(hashtextextended('alerts', 0))",
        "SELECT 1",
        _RAISE,
    ),
    Breakage(
        "a comment is held from its decision on",
        _STORED,
        "coalesce(decided_at, submitted_at) AS since",
        "submitted_at AS since",
        _RAISE,
    ),
    Breakage(
        "a check that is switched off is not down",
        "service/usecases/raise_alerts.py",
        "if all(of_services) and policy.of_check(name).on:",
        "if all(of_services):",
        _RAISE,
    ),
    Breakage(
        "an alert's beginning is told as it was",
        "service/usecases/deliver.py",
        '"ended_at": alert.ended_at if is_over else None,',
        '"ended_at": alert.ended_at,',
        _RAISE,
    ),
    Breakage(
        "two workers do not send the same mail",
        _MAILS,
        "ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED",
        "ORDER BY due_at LIMIT $3",
        _MAILED,
    ),
    Breakage(
        "a mail that was sent is not sent again",
        _POSTMAN,
        'await self._settle(one, token, "sent")',
        'await self._settle(one, token, "waiting")',
        _MAILED,
    ),
    Breakage(
        "who was taken out of the settings is not mailed",
        "service/domain/recipients.py",
        "if one == digest and site in {None, slug})",
        "if one == digest)",
        _MAILED,
    ),
    Breakage(
        "a mail that cannot be written stops nothing",
        _POSTMAN,
        '            log.error("a mail could not be sent", error=type(error).__name__)  # noqa: TRY400',
        "            raise",
        _MAILED,
    ),
    Breakage(
        "without TLS nothing is mailed where it is wanted",
        _SMTP,
        'start_tls=self.tls == "starttls",',
        "start_tls=None,",
        _SENT,
    ),
    Breakage(
        "what a mail server says is not passed on",
        _SMTP,
        'return NotSent(said or "the mail server offers no TLS, or no way to sign in")',
        "return NotSent(str(error))",
        _SENT,
    ),
    Breakage(
        "a mail server's password does not travel in clear",
        "service/mail_settings.py",
        'if given and info.data.get("smtp_tls") == "off" and',
        "if False and",
        "tests/unit/test_settings.py",
    ),
)
