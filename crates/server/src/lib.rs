//! The HTTP API, its use cases, its jobs and the binary.
