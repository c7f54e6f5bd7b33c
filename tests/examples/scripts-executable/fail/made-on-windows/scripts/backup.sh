#!/bin/sh
set -e
tar -czf /backups/data.tgz /data
