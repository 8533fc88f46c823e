"""A model as a file: one line of JSON, then whole numbers; nothing in it is ever executed."""

import hashlib
import json
import sys
import zlib
from array import array
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1
MOST_BYTES = 2 * 1024 * 1024
_MOST_BITS = 20
_HIGHEST = 32_767


class InvalidArtefact(Exception):
    """The file is not a model that this program can trust; the message says why."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A trained linear model.

    Attributes:
        header: what it is and where it comes from; see docs/models.md.
        weights: 2**bits whole numbers of 16 bits; a feature's is at its id modulo their number.
        sha256: the digest of header and weights; the date of training alone is not part of it.
    """

    header: dict[str, Any]
    weights: "array[int]" = field(repr=False)
    sha256: str

    @property
    def scale(self) -> float:
        """What a whole number is multiplied with."""
        return float(self.header["scale"])


def pack(header: dict[str, Any], weights: "array[int]") -> bytes:
    """The file: header and weights, with their digest in the header.

    Raises:
        InvalidArtefact: it would be larger than 2 MiB, or a weight is no 16-bit number.
    """
    if any(abs(weight) > _HIGHEST for weight in weights):
        raise InvalidArtefact("a weight does not fit into 16 bits")
    payload = zlib.compress(_little_endian(weights), 9)
    full = {**header, "format": FORMAT, "bits": (len(weights) - 1).bit_length()}
    full["sha256"] = _digest(full, payload)
    packed = _as_line(full) + payload
    if len(packed) > MOST_BYTES:
        raise InvalidArtefact(f"{len(packed)} bytes, at most {MOST_BYTES} are allowed")
    return packed


def unpack(content: bytes) -> Artefact:
    """The model in a file.

    Raises:
        InvalidArtefact: it is cut off, altered, or not of this format.
    """
    if len(content) > MOST_BYTES:
        raise InvalidArtefact("too large")
    line, _, payload = content.partition(b"\n")
    header = _header(line)
    if header.get("sha256") != _digest(header, payload):
        raise InvalidArtefact("its digest is not that of its content")
    if header.get("format") != FORMAT or header.get("bits") not in range(1, _MOST_BITS + 1):
        raise InvalidArtefact("not a format that is known here")
    return Artefact(header, _weights(payload, 2 ** int(header["bits"])), str(header["sha256"]))


def _header(line: bytes) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except ValueError as error:
        raise InvalidArtefact("its header is not JSON") from error
    if not isinstance(header, dict):
        raise InvalidArtefact("its header is not an object")
    return header


def _weights(payload: bytes, count: int) -> "array[int]":
    inflating = zlib.decompressobj()
    try:
        raw = inflating.decompress(payload, 2 * count + 1)
    except zlib.error as error:
        raise InvalidArtefact("its weights cannot be read") from error
    if len(raw) != 2 * count:
        raise InvalidArtefact("not as many weights as its header says")
    weights = array("h")
    weights.frombytes(raw)
    if sys.byteorder == "big":
        weights.byteswap()
    return weights


def _little_endian(weights: "array[int]") -> bytes:
    copied = array("h", weights)
    if sys.byteorder == "big":
        copied.byteswap()
    return copied.tobytes()


def _as_line(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True, ensure_ascii=True).encode() + b"\n"


def _digest(header: dict[str, Any], payload: bytes) -> str:
    """Over all but the digest itself and the date, so that the same data and seed give the same one."""
    told = {key: value for key, value in header.items() if key not in {"sha256", "date"}}
    return hashlib.sha256(_as_line(told) + payload).hexdigest()
