#!/bin/sh
curl -fsS http://localhost/health
