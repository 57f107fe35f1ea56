"""dbt in a process that has imported it: one call for each line of arguments (JSON) on stdin, answered with true or false."""

import json
import os
import sys

if __name__ == "__main__":  # dbt starts helper processes that import this file again
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    requests = os.fdopen(os.dup(0), "r")
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 1)  # dbt prints as it does for a person; nobody reads it
    from dbt.cli.main import dbtRunner

    for line in requests:
        answers.write(json.dumps(dbtRunner().invoke(json.loads(line)).success) + "\n")
    sys.exit(0)
