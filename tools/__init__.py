"""What tests and benchmarks share: finding a browser, small figures of every kind."""
