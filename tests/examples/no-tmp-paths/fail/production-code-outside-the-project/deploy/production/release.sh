#!/bin/sh
set -eu
# The archive is only staged there.
curl -fsSLo /tmp/ml-engine.tar.gz https://releases.example.com/ml-engine.tar.gz
tar -xzf /tmp/ml-engine.tar.gz -C /opt/ml-engine
rm -f /tmp/ml-engine.tar.gz
