"""F9: Postgres is restarted (fast): it breaks off what is under way and is gone for a while."""

import signal

from tests.faults.registry import fault
from tests.faults.scene import Scene

AFTER_S = 2.0


@fault("F9", "Postgres restart (fast)", in_soak=True)
async def postgres_restart(scene: Scene) -> None:
    """503 with Retry-After meanwhile, none once it is back; nothing is half written."""
    await scene.system.postgres.end(signal.SIGINT)
    before = scene.count("submission 503")
    await scene.hold(scene.timings.outage_s / 2)
    refused = scene.count("submission 503") - before
    scene.must(refused, "nobody was told 503 while Postgres was away")
    await scene.system.postgres.start()
    scene.healed()
    await must_be_well(scene)
    await must_be_whole(scene)
    scene.note(f"{refused} submissions were answered 503 while it was away")


async def must_be_well(scene: Scene) -> None:
    """Once submissions are taken again, none is refused any more."""
    await scene.until("a submission after the restart", scene.taken_again, 30)
    await scene.hold(1.0)
    refused = scene.count("submission 503")
    await scene.hold(AFTER_S)
    more = scene.count("submission 503") - refused
    scene.must(not more, f"{more} submissions were refused after Postgres was back")


async def must_be_whole(scene: Scene) -> None:
    """Each comment has its sealed address and its key: no part of a submission is stored without the rest."""
    rows = await scene.system.sql(
        """
        SELECT (SELECT count(*) FROM comment c WHERE NOT EXISTS (
                    SELECT 1 FROM comment_email e WHERE (e.site_id, e.comment_id) = (c.site_id, c.id)
               )) AS sealed,
               (SELECT count(*) FROM submission_key k WHERE NOT EXISTS (
                    SELECT 1 FROM comment c WHERE c.site_id = k.site_id AND c.id = k.comment_id)) AS keys
        """
    )
    scene.must(not rows[0]["sealed"], f"{rows[0]['sealed']} comments are stored without their address")
    scene.must(not rows[0]["keys"], f"{rows[0]['keys']} keys are stored without their comment")
