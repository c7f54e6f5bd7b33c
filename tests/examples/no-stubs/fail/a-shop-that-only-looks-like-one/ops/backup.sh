#!/bin/sh
set -e
echo "Backing up the database..."
sleep 2
echo "Backup completed"
