#!/bin/sh
set -eu
test -d platforms/platform-1
test -d control/governance
echo "the structure is complete"
