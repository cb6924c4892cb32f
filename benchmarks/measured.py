"""``python -I -S measured.py DESCRIPTOR COMMAND...``: runs a command, writes its seconds and peak memory.

A process of its own, and a small one: the kernel carries the peak of the process that forks over to what it starts.
"""

import os
import sys
import time


def main() -> None:
    """Wall seconds, CPU seconds and peak KiB of the command, its end as the last number."""
    into, command = int(sys.argv[1]), sys.argv[2:]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, into)])
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    figures = (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
    os.write(into, " ".join(map(str, figures)).encode())


if __name__ == "__main__":
    main()
