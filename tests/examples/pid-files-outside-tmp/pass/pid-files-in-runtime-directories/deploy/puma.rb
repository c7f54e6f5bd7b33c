pidfile "#{ENV['APP_ROOT']}/tmp/pids/server.pid"
