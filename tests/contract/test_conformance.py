"""Schemathesis reads the OpenAPI document and sends what it allows, and what it does not, to a real process.

Which checks it makes is in schemathesis.toml: all but those that are switched off there, and the one in
conformance_hooks.py. `TEST_REPLYDESK_CONTRACT_EXAMPLES=200` sends that many for each operation, with another
seed each time.
"""

import asyncio
import os
import random
import sys
from pathlib import Path

import pytest

from tests.contract import conformance_hooks
from tests.web.harness import COMMENT, MakeSite, MakeToken, StartWeb
from tests.web.sending import post

EXAMPLES = int(os.environ.get("TEST_REPLYDESK_CONTRACT_EXAMPLES", "0"))


@pytest.mark.timeout(300)  # on a busy machine; otherwise half a minute
async def test_every_answer_is_as_described_and_nothing_breaks(
    start_web: StartWeb, make_site: MakeSite, make_token: MakeToken, tmp_path: Path
) -> None:
    web = await start_web(limit_page="off", limit_site="off", trusted_proxies="127.0.0.0/8")
    await make_site("paper", publish="auto")
    await make_site("demo", publish="auto", origins=(web.url,))
    assert (await post(web.client, COMMENT)).status == 202
    seed = random.randrange(2**32) if EXAMPLES else 1  # noqa: S311
    said = await _run(
        "--config-file", str(Path(__file__).with_name("schemathesis.toml")),
        "run", f"{web.url}/openapi.json", "--url", web.url,
        "--header", f"Authorization: Bearer {await make_token('admin')}",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", str(EXAMPLES or 8), "--seed", str(seed),
        "--no-shrink", "--generation-database", "none",
        "--request-timeout", "10", "--workers", "1", "--continue-on-failure",
        "--no-color", "--warnings", "off",
        folder=tmp_path,
    )  # fmt: skip
    assert said is None, f"seed {seed}\n{said}"


async def _run(*words: str, folder: Path) -> str | None:
    """Null where everything is well, else the report."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", *words,
        cwd=folder,
        env=dict(os.environ) | {"SCHEMATHESIS_HOOKS": str(conformance_hooks.__file__)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return None if process.returncode == 0 else said.decode()
