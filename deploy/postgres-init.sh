#!/bin/sh
# Run once, by an empty Postgres: the account of the pooler, which is banyan_system from the start of every connection.
set -e
psql -v ON_ERROR_STOP=1 -v pool_password="$POOL_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE banyan_app NOLOGIN;
CREATE ROLE banyan_system NOLOGIN;
CREATE ROLE banyan_pool LOGIN PASSWORD :'pool_password' IN ROLE banyan_system, banyan_app;
ALTER ROLE banyan_pool SET role = 'banyan_system';
CREATE ROLE inngest LOGIN PASSWORD :'pool_password';
CREATE DATABASE inngest OWNER inngest;
SQL
