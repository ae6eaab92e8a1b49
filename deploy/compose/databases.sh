#!/bin/sh
# One database and one role per service, made when PostgreSQL starts on an empty volume: services are strangers here too.
set -eu

database() {
  psql --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

database intake "$POSTGRES_INTAKE_PASSWORD"
database scoring "$POSTGRES_SCORING_PASSWORD"
database notify "$POSTGRES_NOTIFY_PASSWORD"
