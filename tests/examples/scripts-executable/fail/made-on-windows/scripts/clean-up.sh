#!/bin/sh
set -e
find /var/lib/shop/uploads -mtime +30 -delete
