#!/usr/bin/env bash
# What Airflow needs before its components start: its tables, the pools that the DAGs wait in, and who may sign in. Runs at every start and changes nothing twice.
set -euo pipefail

airflow db migrate
pools="${SPINDLE_PROJECT_DIR:?}/airflow/pools.json"
if [ -e "$pools" ]; then airflow pools import "$pools"; fi

# The simple auth manager reads passwords from a file; where that lacks one it makes it up and prints it.
umask 077
python - <<'PYTHON'
import json, os

path = os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]
with open(path + ".new", "w") as file:
    json.dump({os.environ["AIRFLOW_ADMIN_USER"]: os.environ["AIRFLOW_ADMIN_PASSWORD"]}, file)
os.replace(path + ".new", path)
PYTHON
