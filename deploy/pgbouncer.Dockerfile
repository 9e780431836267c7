# PgBouncer in transaction mode, see pgbouncer.ini beside this file.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer && rm -rf /var/lib/apt/lists/*
COPY pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
RUN chown -R postgres /etc/pgbouncer
USER postgres
CMD ["sh", "-c", "printf '\"banyan_pool\" \"%s\"\\n' \"$POOL_PASSWORD\" > /etc/pgbouncer/userlist.txt && exec pgbouncer /etc/pgbouncer/pgbouncer.ini"]
