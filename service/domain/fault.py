"""What is wrong with a submission, field by field, all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

FaultCode = Literal["required", "invalid", "too_long", "not_found", "not_allowed"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `detail` is a sentence to print beside the field and never quotes what was typed."""

    field: str
    code: FaultCode
    detail: str


class InvalidSubmission(ValueError):
    """A submission with faults; `typed` is only for handing the form back to the one who typed it.

    It prints the fields and codes alone, never a value.
    """

    def __init__(self, faults: Sequence[Fault], typed: Mapping[str, str]) -> None:
        self.faults = tuple(faults)
        self.typed = dict(typed)
        super().__init__(", ".join(f"{fault.field} {fault.code}" for fault in self.faults))
