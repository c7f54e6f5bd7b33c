"""Settings in, what is deployed out: services, images, Compose, Kubernetes, env files."""
