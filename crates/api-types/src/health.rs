//! Whether the server can work.

wire! {
    /// The server's health.
    pub struct Health {
        /// `ok`.
        pub status: String,
        /// The server's version.
        pub version: String,
        /// `sqlite` or `postgresql`.
        pub database: String,
    }
}
