"""How often services were asked today, by the database's clock (UTC): what a budget is compared with."""

from service.storage.pool import Connection


async def take_one(
    connection: Connection, site_id: int, service: str, *, site_may: int, all_may: int | None
) -> bool:
    """Count one question, where neither the site's budget nor that of all sites together is spent.

    In a transaction of the caller: whoever counts for the same service waits for its end, so that many at
    once never take more than there is. `all_may` null is no bound.
    """
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('service_use:' || $1, 0))", service
    )
    taken = await connection.fetchval(
        """
        INSERT INTO service_use AS used (site_id, service, day, asked)
        SELECT $1, $2, (clock_timestamp() AT TIME ZONE 'UTC')::date, 1
        WHERE $3 > 0 AND ($4::int IS NULL OR $4 > (
            SELECT coalesce(sum(asked), 0) FROM service_use
            WHERE day = (clock_timestamp() AT TIME ZONE 'UTC')::date AND service = $2))
        ON CONFLICT (site_id, service, day) DO UPDATE SET asked = used.asked + 1 WHERE used.asked < $3
        RETURNING true
        """,
        site_id,
        service,
        site_may,
        all_may,
    )
    return bool(taken)


async def asked_today(connection: Connection) -> dict[tuple[int, str], int]:
    """How often each service was asked for each site today."""
    rows = await connection.fetch(
        """
        SELECT site_id, service, asked FROM service_use
        WHERE day = (clock_timestamp() AT TIME ZONE 'UTC')::date
        """
    )
    return {(row["site_id"], row["service"]): row["asked"] for row in rows}
