#!/usr/bin/env bash
# Run by the image of Postgres once, when its volume is empty: a database each for Airflow and for the run store of Spindle, with owners that see no other.
set -euo pipefail

create() {
  # Values travel as variables of psql, which quotes them.
  psql --set=ON_ERROR_STOP=1 --set=name="$1" --set=password="$2" --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect, temporary on database :"name" from public;
SQL
}

create airflow "${AIRFLOW_DB_PASSWORD:?}"
create spindle "${SPINDLE_DB_PASSWORD:?}"
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet \
  --command 'revoke connect, temporary on database postgres from public'
