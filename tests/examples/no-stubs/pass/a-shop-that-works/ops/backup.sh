#!/bin/sh
set -e
echo "Backing up the database..."
pg_dump --format=custom --file="$1" "$DATABASE_URL"
echo "Backup completed"
