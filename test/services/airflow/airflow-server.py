"""Runs Airflow's database migration and then its four components, until stdin ends: then nothing of them is left running.

Each component writes into $AIRFLOW_HOME/<component>.log. Writes a line where a component ends of itself. Every descendant is found again,
whatever session or process group it made for itself, since this process is the reaper of all orphans below it.
"""

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time

COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
PR_SET_CHILD_SUBREAPER = 36


def airflow(name, *arguments):
    with open(os.path.join(os.environ["AIRFLOW_HOME"], name + ".log"), "ab") as log:
        return subprocess.Popen([sys.executable, "-m", "airflow", *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def descendants():
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry) as stat:
                    parents[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                pass
    found = set()
    level = {os.getpid()}
    while level:
        level = {pid for pid, parent in parents.items() if parent in level} - found
        found |= level
    return found


def kill_all():
    while True:
        alive = descendants()
        if not alive:
            return
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)
        reap()


def reap():
    """The children that have ended, as {pid: exit code}."""
    ended = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = os.waitstatus_to_exitcode(status)


def stdin_ended(seconds):
    ready, _, _ = select.select([0], [], [], seconds)
    return bool(ready) and os.read(0, 4096) == b""


def wait_for(process):
    while not stdin_ended(0.05):
        if process.pid in (ended := reap()):
            return ended[process.pid]
    return None


def tell(name, code):
    sys.stdout.write("%s ended with exit code %d\n" % (name, code))
    sys.stdout.flush()


def run():
    code = wait_for(airflow("db-migrate", "db", "migrate"))
    if code is None:
        return
    if code != 0:
        tell("db-migrate", code)
        return
    names = {airflow(name, name).pid: name for name in COMPONENTS}
    while not stdin_ended(0.5):
        for pid, code in reap().items():
            if pid in names:
                tell(names[pid], code)


def main():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        run()
    finally:
        kill_all()
        shutil.rmtree(os.environ["AIRFLOW_HOME"], ignore_errors=True)


main()
