#!/bin/sh
set -eu
python manage.py migrate --noinput
exec gunicorn shop.wsgi
