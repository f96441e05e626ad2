//! Files and errors of a package.

use std::fmt;

/// A file of a package: its name as shown in errors, relative to the package's directory, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The name, with `/` between folders.
    pub name: String,
    /// The text.
    pub text: String,
}

/// One error of a package: where it is, what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageError {
    /// The file's name.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
    /// A stable name of the kind of error.
    pub code: &'static str,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What is wrong, in English.
    pub message_en: String,
    /// What to do, in Chinese.
    pub advice_zh: String,
    /// What to do, in English.
    pub advice_en: String,
}

impl PackageError {
    /// The English line: `programme.toml:12: message (advice)`.
    pub fn english(&self) -> String {
        format!(
            "{}:{}: {} ({})",
            self.file, self.line, self.message_en, self.advice_en
        )
    }
}

impl fmt::Display for PackageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}: {}（{}）",
            self.file, self.line, self.message_zh, self.advice_zh
        )
    }
}

impl std::error::Error for PackageError {}
