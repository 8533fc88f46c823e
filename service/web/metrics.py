"""What the operator's graphs are drawn from; labels are route templates and codes, never anything typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from service.domain.policy_parts import SERVICES
from service.storage.figures import Backlog
from service.storage.pool import Pool

BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass(slots=True)
class Metrics:
    """One process's counters, in a registry of its own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Histogram = field(init=False)
    submissions: Counter = field(init=False)
    sign_ins: Counter = field(init=False)
    backlog: Gauge = field(init=False)
    backlog_age_s: Gauge = field(init=False)
    promises: Gauge = field(init=False)
    webhooks: Gauge = field(init=False)
    limiter_degraded: Gauge = field(init=False)
    connections: Gauge = field(init=False)
    service_questions: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self.requests = Histogram(
            "replydesk_request_seconds",
            "Time to answer, by route and status",
            ("method", "route", "status"),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.submissions = Counter(
            "replydesk_submissions", "Replies by how they were answered", ("outcome",), registry=self.registry
        )
        self.sign_ins = Counter(
            "replydesk_sign_ins",
            "Sign-ins at the dashboard by what was given and how they were answered",
            ("by", "outcome"),
            registry=self.registry,
        )
        self.backlog = Gauge(
            "replydesk_comments_waiting", "Comments that wait", ("status",), registry=self.registry
        )
        self.backlog_age_s = Gauge(
            "replydesk_oldest_waiting_seconds", "Age of the oldest", ("status",), registry=self.registry
        )
        self.promises = Gauge(
            "replydesk_promises_broken",
            "Sites where people agree with the checks less than promised: surely (broken) or not (falling)",
            ("state",),
            registry=self.registry,
        )
        self.webhooks = Gauge(
            "replydesk_webhooks",
            "Webhooks that fail now, and those that the service has disabled for it",
            ("state",),
            registry=self.registry,
        )
        self.limiter_degraded = Gauge(
            "replydesk_limits_local", "1 while limits count without Redis", registry=self.registry
        )

        self.connections = Gauge(
            "replydesk_pool_connections",
            "Connections to Postgres by pool: in use, and the most there may be",
            ("pool", "state"),
            registry=self.registry,
        )

        self.service_questions = Gauge(
            "replydesk_service_questions",
            "How often each outside service was asked today (UTC)",
            ("service",),
            registry=self.registry,
        )

    def show_pools(self, pools: Mapping[str, Pool]) -> None:
        """Take over how many connections each pool has lent out at this moment."""
        for name, pool in pools.items():
            self.connections.labels(name, "in_use").set(pool.get_size() - pool.get_idle_size())
            self.connections.labels(name, "most").set(pool.get_max_size())

    def show_backlog(self, backlog: Backlog) -> None:
        """Take over what the database says is waiting."""
        self.backlog.labels("pending").set(backlog.pending)
        self.backlog.labels("held").set(backlog.held)
        self.promises.labels("falling").set(backlog.promises_falling)
        self.promises.labels("broken").set(backlog.promises_broken)
        self.webhooks.labels("failing").set(backlog.webhooks_failing)
        self.webhooks.labels("disabled").set(backlog.webhooks_disabled)
        self.backlog_age_s.labels("pending").set(backlog.pending_age_s)
        self.backlog_age_s.labels("held").set(backlog.held_age_s)
        for service in SERVICES:
            self.service_questions.labels(service).set(backlog.asked_today.get(service, 0))

    def exposition(self) -> bytes:
        """Prometheus's text format."""
        return generate_latest(self.registry)
