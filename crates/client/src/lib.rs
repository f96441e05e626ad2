//! A typed client of the Zhenxing API, native and in the browser.
