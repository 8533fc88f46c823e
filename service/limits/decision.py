"""What the limiter says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """`refused_key` is null where everything was within its limits; then and only then all was counted.

    `retry_after` is in whole seconds, at least 1 for a refusal, 0 otherwise.
    """

    refused_key: str | None = None
    retry_after: int = 0

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.refused_key is None

    @classmethod
    def refused(cls, key: str, wait_us: float) -> "Decision":
        """Refused until `wait_us` microseconds from now, rounded up."""
        return cls(key, max(1, int(-(-wait_us // 1_000_000))))
