"""Where a process can be made to die, for the tests that kill it at the worst moments."""

import os
import signal
from collections import Counter

_SETTING = "DUBAN_CRASH_AT"
_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """Kill this process if the environment says so: `DUBAN_CRASH_AT=<name>` or, the N-th time, `<name>:<N>`.

    SIGKILL, as a power cut would: no clean-up, no flush, no goodbye.
    """
    wanted, _, count = os.environ.get(_SETTING, "").partition(":")
    if wanted != name:
        return
    _passed[name] += 1
    if _passed[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
