"""How long what the product asks all day takes: `python -m bench.asked --database DSN`.

The database is one of `bench.scale`. Each question is asked as the tests of plans ask it
(`tests/storage/hot_queries.py`), of all sites where a moderator of all would, once unmeasured at first; what
it wrote is rolled back. Printed: milliseconds, least, median and most, with what Python makes of the rows;
of a question that is several statements, of all together.
"""

import asyncio
import statistics
import time
from typing import Any

import asyncpg
import click

from tests.storage.hot_queries import HOT, Big, Work


@click.command()
@click.option("--database", required=True, help="its address, as the owner")
@click.option("--times", default=20, show_default=True)
@click.option("--only", default="", help="the beginning of the questions' names")
@click.option("--one-site", is_flag=True, help="as a moderator of the busiest site alone asks")
def main(database: str, times: int, only: str, *, one_site: bool) -> None:
    """Ask and print."""
    asyncio.run(_ask_all(database, times, only, one_site=one_site))


async def _ask_all(url: str, times: int, only: str, *, one_site: bool) -> None:
    held = await asyncpg.connect(url)
    try:
        big = await Big.look(held)
        big = big.of_one_site() if one_site else big
        for name, work in HOT.items():
            if name.startswith(only):
                await _ask(held, big, work, 1)
                took = sorted(await _ask(held, big, work, times))
                middle = statistics.median(took)
                print(f"{took[0]:9.2f} {middle:9.2f} {took[-1]:9.2f}  {name}", flush=True)
    finally:
        await held.close()


async def _ask(held: Any, big: Big, work: Work, times: int) -> list[float]:
    """How many milliseconds each took."""
    took = []
    for _ in range(times):
        transaction = held.transaction()
        await transaction.start()
        started = time.perf_counter()
        await work(held, big)
        took.append((time.perf_counter() - started) * 1000)
        await transaction.rollback()
    return took


if __name__ == "__main__":
    main()
