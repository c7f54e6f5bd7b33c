bind = "unix:/run/api/api.sock"
pidfile = "/tmp/gunicorn.pid"
