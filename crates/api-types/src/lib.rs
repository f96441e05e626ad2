//! Requests, responses and problems of the Zhenxing API.
