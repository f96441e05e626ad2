//! Phrases (常用语) with which reports are returned.

use uuid::Uuid;

wire! {
    /// A phrase: one's own, or one of the package for everybody.
    pub struct Phrase {
        /// Its number; absent for the package's, which cannot be removed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<Uuid>,
        /// The phrase in Chinese; one's own as it was written.
        pub text_zh: String,
        /// The phrase in English; one's own as it was written.
        pub text_en: String,
    }
}

wire! {
    /// Keeps a phrase.
    #[serde(deny_unknown_fields)]
    pub struct KeepPhrase {
        /// The phrase, 1 to 200 characters.
        pub text: String,
    }
}
