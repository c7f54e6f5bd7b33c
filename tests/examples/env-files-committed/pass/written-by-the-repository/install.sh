#!/bin/sh
set -eu
if [ ! -f .env ]; then
  echo "SECRET_KEY=$(openssl rand -hex 32)" > .env
fi
. ./.env
docker compose up -d --wait
