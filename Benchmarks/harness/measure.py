"""One measured run of a program: what the kernel says it and its children used."""

import dataclasses
import os
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Usage:
    cpu: float
    """User + system seconds of the program and every child it waited for."""
    wall: float
    """Seconds from start to end."""
    memory: int
    """Bytes of memory at the peak, mapped pages included; of several processes the largest."""


class ProgramFailed(Exception):
    pass


def measure(command, log):
    """Runs a command whose output goes to the file `log`; anything but exit code 0 is an error."""
    with open(log, "wb") as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(log, errors="replace") as output:
            tail = "".join(output.readlines()[-15:])
        raise ProgramFailed(f"{' '.join(map(str, command))}\nended with {process.returncode}:\n{tail}")
    return Usage(cpu=used.ru_utime + used.ru_stime, wall=wall, memory=used.ru_maxrss * 1024)
