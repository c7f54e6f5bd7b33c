#!/bin/sh
[ -f .env ] && . .env
if [ -e deploy/api.env ]; then
  set -a; . deploy/api.env; set +a
fi
exec node --env-file-if-exists=.env.local main.js
