#!/bin/sh
set -eu
# Moved the applications of the first layout below platforms/platform-1.
git mv apps platforms/platform-1/apps
