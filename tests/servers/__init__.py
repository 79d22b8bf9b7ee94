"""Real servers for tests: MinIO, Kafka, Redis and PostgreSQL, each started once a session when first asked for."""
