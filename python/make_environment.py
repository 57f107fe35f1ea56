"""Makes the virtual environment that Spindle runs dbt in: make_environment.py FOLDER LOCK. Uses uv where it is on the PATH.

The environment is complete once FOLDER/spindle-stamp holds the sha256 of LOCK and the interpreter it stands on; whatever is found without it
is made anew. A lock file beside FOLDER is held meanwhile, which the system frees should this process die.
Reports {"progress": text} lines on stdout and, where it fails, one {"error": text, "code": code}.
"""

import sys


def report(**message):
    import json

    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def fail(code, error):
    report(code=code, error=error)
    sys.exit(1)


def run(*command):
    import subprocess

    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,  # a command that outlives this process goes on holding the lock
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        fail("PYTHON_SETUP_FAILED", "\n".join(done.stdout.strip().splitlines()[-8:]))


def stamp_of(folder, lock):
    import hashlib
    import os

    with open(lock, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest() + " " + os.path.realpath(os.path.join(folder, "bin", "python")) + "\n"


def make(folder, lock, uv):
    import os
    import shutil

    stamp = os.path.join(folder, "spindle-stamp")
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == stamp_of(folder, lock):
                return
        os.remove(stamp)
    shutil.rmtree(folder, ignore_errors=True)
    python = os.path.join(folder, "bin", "python")
    report(progress="setting up Python for dbt: virtual environment")
    if uv:
        run(uv, "venv", "--quiet", "--python", sys.executable, folder)
    else:
        run(sys.executable, "-m", "venv", folder)
    report(progress="setting up Python for dbt: packages, some 50 MB to load on first use")
    locked = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    if uv:
        run(uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *locked)
    else:
        run(python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *locked)
    with open(stamp + ".new", "w") as file:
        file.write(stamp_of(folder, lock))
    os.replace(stamp + ".new", stamp)
    report(progress="setting up Python for dbt: done")


def main():
    folder, lock = sys.argv[1:]
    if sys.version_info < (3, 10):
        fail("PYTHON_NOT_FOUND", "python3 is Python %d.%d" % tuple(sys.version_info[:2]))
    import fcntl
    import os
    import shutil

    uv = shutil.which("uv")
    if not uv:
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            fail("PYTHON_NOT_FOUND", "python3 has no venv module")
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with open(folder + ".lock", "w") as held:
        os.set_inheritable(held.fileno(), True)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(progress="setting up Python for dbt: waiting for another process that does it")
            fcntl.flock(held, fcntl.LOCK_EX)
        make(folder, lock, uv)


if __name__ == "__main__":
    main()
