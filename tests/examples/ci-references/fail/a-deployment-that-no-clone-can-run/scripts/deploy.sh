#!/bin/sh
set -eu
kubectl rollout restart deployment/shop
