#!/bin/sh
set -eu
pnpm install
docker compose -f platforms/platform-1/docker/compose.dev.yml up -d
pnpm --filter @autoecosystem/database exec prisma generate
