//! Files that are handed in beside what they belong to (附件).

use uuid::Uuid;

wire! {
    /// A file. What it holds is read by `get_file_content`.
    pub struct File {
        /// Its number.
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// The media type of what it holds.
        pub media_type: String,
        /// How many bytes it has.
        pub size: i64,
        /// The SHA-256 of what it holds, in hexadecimal digits.
        pub sha256: String,
        /// When it was handed in.
        pub uploaded_at: chrono::DateTime<chrono::Utc>,
    }
}
