//! Files that are handed in beside what they belong to: their kinds and their names.

use std::fmt;
use thiserror::Error;

/// How many files one thing takes.
pub const FILES: usize = 9;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// OFD, the fixed layout of official documents (GB/T 33190).
    Ofd,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// HEIF, as many telephones take photographs.
    Heif,
    /// Word before 2007.
    Doc,
    /// Word.
    Docx,
    /// Excel before 2007.
    Xls,
    /// Excel.
    Xlsx,
    /// PowerPoint before 2007.
    Ppt,
    /// PowerPoint.
    Pptx,
    /// Text.
    Txt,
    /// Comma-separated values.
    Csv,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [FileKind; 14] = [
        FileKind::Pdf,
        FileKind::Ofd,
        FileKind::Jpeg,
        FileKind::Png,
        FileKind::Webp,
        FileKind::Heif,
        FileKind::Doc,
        FileKind::Docx,
        FileKind::Xls,
        FileKind::Xlsx,
        FileKind::Ppt,
        FileKind::Pptx,
        FileKind::Txt,
        FileKind::Csv,
    ];

    /// The ends of names, the usual one first.
    pub fn suffixes(self) -> &'static [&'static str] {
        match self {
            FileKind::Pdf => &["pdf"],
            FileKind::Ofd => &["ofd"],
            FileKind::Jpeg => &["jpg", "jpeg"],
            FileKind::Png => &["png"],
            FileKind::Webp => &["webp"],
            FileKind::Heif => &["heic", "heif"],
            FileKind::Doc => &["doc", "wps"],
            FileKind::Docx => &["docx"],
            FileKind::Xls => &["xls", "et"],
            FileKind::Xlsx => &["xlsx"],
            FileKind::Ppt => &["ppt", "dps"],
            FileKind::Pptx => &["pptx"],
            FileKind::Txt => &["txt"],
            FileKind::Csv => &["csv"],
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Ofd => "application/ofd",
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
            FileKind::Webp => "image/webp",
            FileKind::Heif => "image/heif",
            FileKind::Doc => "application/msword",
            FileKind::Docx => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            FileKind::Xls => "application/vnd.ms-excel",
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileKind::Ppt => "application/vnd.ms-powerpoint",
            FileKind::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            FileKind::Txt => "text/plain",
            FileKind::Csv => "text/csv",
        }
    }

    /// The kind of that suffix, in small letters or capitals.
    pub fn of_suffix(suffix: &str) -> Option<FileKind> {
        let small = suffix.to_ascii_lowercase();
        FileKind::ALL
            .into_iter()
            .find(|kind| kind.suffixes().contains(&small.as_str()))
    }

    /// The kind that a name says.
    pub fn of_name(name: &str) -> Option<FileKind> {
        let (_, suffix) = name.rsplit_once('.')?;
        FileKind::of_suffix(suffix)
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.suffixes().first().copied();
        out.write_str(first.unwrap_or_default())
    }
}

/// How many characters a name has at most.
pub const NAME: usize = 120;

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameFault {
    /// There is none.
    #[error("the file has no name")]
    Empty,
    /// It is too long.
    #[error("the name has more than {NAME} characters")]
    TooLong,
    /// It has a letter that means something to a file system.
    #[error("the name has a character that no file name may have")]
    Letters,
}

/// A name as it is shown. It never names a place.
///
/// # Errors
/// [`NameFault`] says what is wrong with it.
pub fn checked_name(name: &str) -> Result<&str, NameFault> {
    let name = name.trim();
    let strange = |letter: char| letter.is_control() || r#"/\:*?"<>|"#.contains(letter);
    match name {
        "" => Err(NameFault::Empty),
        name if name.chars().count() > NAME => Err(NameFault::TooLong),
        name if name.starts_with('.') || name.contains(strange) => Err(NameFault::Letters),
        name => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_the_end_of_a_name() {
        for (name, kind) in [
            ("合同.pdf", Some(FileKind::Pdf)),
            ("IMG_0001.HEIC", Some(FileKind::Heif)),
            ("a.b.jpeg", Some(FileKind::Jpeg)),
            ("公文.ofd", Some(FileKind::Ofd)),
            ("setup.exe", None),
            ("pdf", None),
            ("", None),
        ] {
            assert_eq!(FileKind::of_name(name), kind, "{name}");
        }
    }

    #[test]
    fn each_suffix_leads_back_to_its_kind() {
        for kind in FileKind::ALL {
            for suffix in kind.suffixes() {
                assert_eq!(FileKind::of_suffix(suffix), Some(kind));
            }
            assert_eq!(FileKind::of_suffix(&kind.to_string()), Some(kind));
        }
    }

    #[test]
    fn a_name_is_no_place() {
        assert_eq!(checked_name(" 流转合同.pdf "), Ok("流转合同.pdf"));
        let long = "名".repeat(NAME + 1);
        for (name, fault) in [
            ("", NameFault::Empty),
            ("  ", NameFault::Empty),
            ("../secret.pdf", NameFault::Letters),
            ("C:\\a.pdf", NameFault::Letters),
            (".pdf", NameFault::Letters),
            ("a\u{0}.pdf", NameFault::Letters),
            ("a\nb.pdf", NameFault::Letters),
            (long.as_str(), NameFault::TooLong),
        ] {
            assert_eq!(checked_name(name), Err(fault), "{name:?}");
        }
    }
}
