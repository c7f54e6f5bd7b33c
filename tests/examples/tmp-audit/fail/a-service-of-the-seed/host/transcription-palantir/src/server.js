// listens
