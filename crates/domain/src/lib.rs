//! The rules of a government programme: pure, without IO, clock, database or HTTP.
