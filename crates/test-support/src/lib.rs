//! A server, actors and databases for tests.
