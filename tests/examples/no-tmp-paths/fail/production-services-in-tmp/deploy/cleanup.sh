#!/bin/sh
# Remove only known temporary items.
rm -rf /tmp/whisper-env /tmp/transcription*.pid
find /tmp -name "*env*" -delete
archive=$(mktemp /tmp/archive.XXXXXX)
curl -fsSo /tmp/release.tar.gz https://example.com/release.tar.gz
tar -xzf /tmp/release.tar.gz -C /opt/transcription
