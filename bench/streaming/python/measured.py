"""Runs a command and tells what it took, with what all its children took: measured.py COMMAND [ARGUMENT ...].

The last line of the standard error is one of JSON: seconds of user and system time, of the wall clock, and the
peak of the command's own memory in MiB.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time

started = time.monotonic()
child = subprocess.Popen(sys.argv[1:])
# who ends this process means the command
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda received, _: child.send_signal(received))
_, status, usage = os.wait4(child.pid, 0)
measured = {
    "cpu": usage.ru_utime + usage.ru_stime,
    "wall": time.monotonic() - started,
    "memory": usage.ru_maxrss / 1024,
}
print(json.dumps(measured), file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
