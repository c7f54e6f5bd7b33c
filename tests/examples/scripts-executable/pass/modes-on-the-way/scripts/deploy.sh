#!/bin/sh
set -e
kubectl apply -k k8s
