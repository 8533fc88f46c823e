"""Guards of load shedding, of shares between sites, of housekeeping and of what Celery is told."""

from tests.mutations.breakage import Breakage

_BULKHEADS = "tests/web/test_bulkheads.py"
_CLAIMS = "tests/storage/test_fair_claims.py"
_SWEEP = "tests/usecases/test_sweep.py"

SHEDDING = (
    Breakage(
        "submissions take no connection of readers",
        "service/web/app.py",
        "SubmissionDesk(pools.submissions, vault,",
        "SubmissionDesk(pools.readers, vault,",
        _BULKHEADS,
    ),
    Breakage(
        "readers take no connection of moderators",
        "service/web/services.py",
        "return self.pools.moderation",
        "return self.pools.readers",
        _BULKHEADS,
    ),
    Breakage(
        "the sites are read over a connection of their own",
        "service/web/app.py",
        "SiteDirectory(pools.directory)",
        "SiteDirectory(pools.readers)",
        _BULKHEADS,
    ),
    Breakage(
        "health needs no connection that others use",
        "service/web/app.py",
        "Questions.about(pools.operations",
        "Questions.about(pools.readers",
        _BULKHEADS,
    ),
    Breakage(
        "figures do not keep readiness waiting",
        "service/web/pools.py",
        "OPERATIONS = 2",
        "OPERATIONS = 1",
        _BULKHEADS,
    ),
    Breakage(
        "whatever is asked about health at once is asked once",
        "service/web/shared_answer.py",
        "if self._asked is None or self._asked.done():",
        "if True:",
        "tests/unit/web/test_shared_answer.py",
    ),
    Breakage(
        "one site's flood makes no other wait",
        "service/storage/leases.py",
        "LIMIT $2 / (SELECT count(*) FROM busy)",
        "LIMIT $2",
        _CLAIMS,
    ),
    Breakage(
        "with more sites than places chance chooses",
        "service/storage/leases.py",
        "ORDER BY random() LIMIT $2",
        "ORDER BY id LIMIT $2",
        _CLAIMS,
    ),
    Breakage(
        "a chore is done once a period",
        "service/storage/chores.py",
        "WHERE chore.ran_at <= clock_timestamp() - $2::interval OR",
        "WHERE true OR $2::interval IS NULL OR",
        _SWEEP,
    ),
    Breakage(
        "a clock that went back stops no chore",
        "service/storage/chores.py",
        " OR chore.ran_at > clock_timestamp()",
        "",
        _SWEEP,
    ),
    Breakage(
        "housekeeping needs no scheduler",
        "workers/patrol.py",
        "                self._sweep()\n",
        "                pass\n",
        "tests/workers/test_patrol.py",
    ),
    Breakage(
        "a Redis that evicts is refused",
        "service/eviction.py",
        'elif policy != "noeviction":',
        'elif policy == "evict":',
        "tests/workers/test_eviction.py",
    ),
    Breakage(
        "Redis gives no message away while its task runs",
        "service/dispatch.py",
        "VISIBILITY_S = 120",
        "VISIBILITY_S = 50",
        "tests/workers/test_celery_settings.py",
    ),
    Breakage(
        "a lost connection to Redis that cannot be closed ends no worker",
        "workers/consumer.py",
        "    except Exception as error:  # noqa: BLE001  (rings may be lost",
        "    except ZeroDivisionError as error:  # (rings may be lost",
        "tests/workers/test_consumer.py",
    ),
    Breakage(
        "a full Redis costs a worker no descriptors",
        "workers/consumer.py",
        "            ignore_errors(connection, connection.close)\n",
        "",
        "tests/workers/test_full_redis.py",
    ),
    Breakage(
        "a child that ended beside a connection ends no worker",
        "workers/pool.py",
        "        if not seen_to_end:\n    ",
        "",
        "tests/workers/test_pool.py",
    ),
    Breakage(
        "a connection that is gone has no turn in the event loop",
        "workers/consumer.py",
        "            self.hub.on_tick -= self._turns\n",
        "            pass\n",
        "tests/workers/test_consumer.py",
    ),
)
