"""Asks for known vulnerabilities of what the product is installed from, and writes its bill of materials.

The bill is CycloneDX 1.6, `.cache/sbom.json`. Exit code 1 where an advisory names a pinned version; where
no advisories can be had (no network), that is said and is no failure.
"""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = [PROJECT / "requirements" / f"{name}.lock" for name in ("run", "embedded")]
CACHE = PROJECT / ".cache"
PROGRAMS = Path(sys.executable).parent  # not resolved: a venv's Python is a link


def main() -> int:
    """Write the bill, ask for advisories; the exit code."""
    CACHE.mkdir(exist_ok=True)
    write_bill(CACHE / "sbom.json")
    return ask(CACHE / "audit.json")


def write_bill(target: Path) -> None:
    """List every pinned requirement of the product with its hashes."""
    bill = subprocess.run(  # noqa: S603  (our own tool)
        [PROGRAMS / "cyclonedx-py", "requirements", "-", "--output-format", "JSON"],
        input="\n".join(lock.read_text(encoding="ascii") for lock in LOCKS),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    ).stdout
    target.write_text(bill, encoding="utf-8")
    print(f"{len(json.loads(bill)['components'])} requirements listed in {target.relative_to(PROJECT)}")


def ask(report: Path) -> int:
    """Print each advisory about a pinned version; 1 if there is any."""
    report.unlink(missing_ok=True)
    files = [word for lock in LOCKS for word in ("-r", str(lock))]
    command = [PROGRAMS / "pip-audit", *files, "--disable-pip", "--require-hashes"]
    subprocess.run(  # noqa: S603  (our own tool)
        [*command, "--format", "json", "--output", report], check=False, capture_output=True
    )
    answers = json.loads(report.read_text(encoding="utf-8"))["dependencies"] if report.exists() else []
    asked = [answer for answer in answers if "vulns" in answer]
    if not asked:
        print("no advisories could be had: nothing was asked about")
    found = [(answer, advisory) for answer in asked for advisory in answer["vulns"]]
    for answer, advisory in found:
        print(f"{answer['name']} {answer['version']}: {advisory['id']}, fixed in {advisory['fix_versions']}")
    print(f"{len(asked)} of {len(answers)} requirements asked about, {len(found)} advisories")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
