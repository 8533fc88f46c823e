"""Guards of the processes that run checks: against comments that break them, clocks, full disks."""

from tests.mutations.breakage import Breakage

_POISON = "tests/workers/test_poison.py"

POISON = (
    Breakage(
        "an allocation beyond the bound fails in the check that asked for it",
        "workers/bounds.py",
        "_lower(resource.RLIMIT_DATA, memory_mb * MIB)",
        "_lower(resource.RLIMIT_DATA, memory_mb * MIB * 1000)",
        _POISON,
    ),
    Breakage(
        "a worker's children are bound",
        "workers/app.py",
        "    confine(settings.worker_memory_mb)\n",
        "",
        _POISON,
    ),
    Breakage(
        "a check that hears no alarm ends with its process",
        "workers/deadline.py",
        "faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)",
        "faulthandler.dump_traceback_later(seconds, exit=False, file=nowhere)",
        _POISON,
    ),
    Breakage(
        "an error about one comment stays with it",
        "service/usecases/check.py",
        "except Exception as error:  # noqa: BLE001  (the others of its batch are innocent)",
        "except AssertionError as error:",
        "tests/usecases/test_check_failures.py",
    ),
    Breakage(
        "whatever a check raises is a finding",
        "service/moderation/pipeline.py",
        "except BaseException as failure:",
        "except Exception as failure:",
        "tests/unit/moderation/test_pipeline.py",
    ),
    Breakage(
        "what asks a process to end is no finding",
        "service/moderation/pipeline.py",
        "except (SystemExit, KeyboardInterrupt):  # how",
        "except KeyboardInterrupt:  # how",
        "tests/unit/moderation/test_pipeline.py",
    ),
    Breakage(
        "a finding that cannot be stored is a failed check",
        "service/moderation/pipeline.py",
        "if not _is_storable(finding) or",
        "if",
        "tests/unit/moderation/test_pipeline.py",
    ),
    Breakage(
        "a check's deadline is the processor's time",
        "workers/deadline.py",
        "signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)",
        "signal.setitimer(signal.ITIMER_REAL, seconds)",
        "tests/usecases/test_check_failures.py",
    ),
    Breakage(
        "what waits for an hour that was taken back is checked",
        "service/usecases/check.py",
        "if recalled := await leases.recall(held, self.rules.lease):",
        "if recalled := await leases.recall(held, self.rules.lease * 1000):",
        "tests/usecases/test_check_failures.py",
    ),
    Breakage(
        "a full disk behind the output ends no worker",
        "workers/app.py",
        "survive_lost_output()\n\n",
        "",
        "tests/workers/test_messages.py",
    ),
)
