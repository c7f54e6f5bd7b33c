#!/bin/sh
rm -f /srv/app/tmp/pids/server.pid /tmp/old.pid
exec bundle exec puma -C deploy/puma.rb
