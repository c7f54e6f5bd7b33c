#!/bin/sh
export API_VERSION="$(git describe --tags)"
docker compose -f compose.prod.yaml up -d
