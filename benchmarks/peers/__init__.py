"""Scripts that run in the peers' environment: `environments.ask`."""
