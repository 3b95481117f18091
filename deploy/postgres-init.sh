#!/bin/sh
# Runs once, when the database's volume is empty: the two logins of Doorstep. The owner changes the schema and may create
# the other roles (doorstep migrate up does); the app serves, owns nothing and inherits nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -U "${POSTGRES_USER:-postgres}" -d postgres <<'SQL'
CREATE ROLE doorstep_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE doorstep_app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'app';
CREATE DATABASE doorstep OWNER doorstep_owner;
SQL
