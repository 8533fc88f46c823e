"""A line to Redis that a test can cut, freeze and mend."""

from collections.abc import AsyncIterator

import pytest

from tests.equipment.line import Line, line_to


@pytest.fixture
async def wire(redis_url: str) -> AsyncIterator[Line]:
    """An open line to the Redis of this test."""
    async with line_to(redis_url) as line:
        yield line
