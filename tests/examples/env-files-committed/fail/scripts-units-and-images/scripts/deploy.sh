#!/bin/sh
set -eu
set -a
. ./deploy/release.env
set +a
docker run --detach --env-file .env.production --name api "registry.example.com/shop/api:$RELEASE"
