#!/bin/sh
set -eu
pg_dump --host db shop > "/backups/shop-$(date +%F).sql"
