"""How the course becomes a site: see book/README.md."""
