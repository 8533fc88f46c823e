"""How long leases, sweeps and outages last in a run, and how long healing may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds, all of them."""

    name: str
    lease_s: float
    sweep_s: float
    outage_s: float  # how long a server is away
    recover_s: float  # T_recover: from the heal until nothing that was sent before it waits any more

    def settings(self) -> dict[str, str]:
        """As the processes are told."""
        return {"REPLYDESK_LEASE_S": f"{self.lease_s:g}", "REPLYDESK_SWEEP_S": f"{self.sweep_s:g}"}


QUICK = Timings("quick", lease_s=2, sweep_s=1, outage_s=6, recover_s=60)
"""T_recover = lease + sweep + 57 s for a machine that others keep busy."""

PRODUCTION = Timings("production", lease_s=60, sweep_s=10, outage_s=30, recover_s=130)
"""The defaults of the settings, and 60 s more."""

TIMINGS = {timings.name: timings for timings in (QUICK, PRODUCTION)}
