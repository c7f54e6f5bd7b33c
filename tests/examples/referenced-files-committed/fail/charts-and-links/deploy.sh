#!/bin/sh
helm upgrade --install shop charts/shop -f charts/shop/values-production.yaml
