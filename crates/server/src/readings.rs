//! How the names of places are read: in pinyin, and by its first letters, so that a unit is found by what one types.
//!
//! Characters have several readings, and places have readings of their own: a package names them in `readings.csv`.

use pinyin::ToPinyin;

/// Parts of names that are read otherwise than usual, the longest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings {
    parts: Vec<(Vec<char>, Vec<String>)>,
}

impl Readings {
    /// Reads the file: `name,pinyin`, with one syllable for each character, parted by spaces.
    ///
    /// # Errors
    /// The line that is wrong, in words for who made it.
    pub fn read(bytes: &[u8]) -> Result<Readings, String> {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().map_err(|error| error.to_string())?;
        if header != vec!["name", "pinyin"] {
            return Err("the first line must be name,pinyin".to_owned());
        }
        let mut parts = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |at: usize| record.get(at).unwrap_or_default().trim();
            let name: Vec<char> = cell(0).chars().collect();
            let syllables: Vec<String> = cell(1).split_whitespace().map(str::to_owned).collect();
            let plain = |one: &String| one.bytes().all(|byte| byte.is_ascii_lowercase());
            if name.is_empty() || name.len() != syllables.len() || !syllables.iter().all(plain) {
                return Err(format!(
                    "line {line}: each character needs one syllable of small letters"
                ));
            }
            parts.push((name, syllables));
        }
        parts.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Ok(Readings { parts })
    }

    /// A name in pinyin and its first letters; what is no Chinese character stands as it is, in small letters.
    pub fn spell(&self, name: &str) -> (String, String) {
        let letters: Vec<char> = name.chars().collect();
        let mut whole = String::new();
        let mut initials = String::new();
        let mut rest = letters.as_slice();
        while let Some((first, others)) = rest.split_first() {
            let own = self.parts.iter().find(|(part, _)| rest.starts_with(part));
            if let Some((part, syllables)) = own {
                for syllable in syllables {
                    whole.push_str(syllable);
                    initials.extend(syllable.chars().take(1));
                }
                rest = rest.get(part.len()..).unwrap_or_default();
                continue;
            }
            match first.to_pinyin() {
                Some(pinyin) => {
                    whole.push_str(pinyin.plain());
                    initials.extend(pinyin.plain().chars().take(1));
                }
                None => {
                    whole.extend(first.to_lowercase());
                    initials.extend(first.to_lowercase());
                }
            }
            rest = others;
        }
        (whole, initials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_the_package_says() {
        let file = "name,pinyin\n单桥,shan qiao\n南单桥村,nan shan qiao cun\n";
        let readings = Readings::read(file.as_bytes()).unwrap();
        for (name, whole, initials) in [
            ("北单桥村", "beishanqiaocun", "bsqc"),
            ("南单桥村", "nanshanqiaocun", "nsqc"),
            ("单位", "danwei", "dw"),
            ("A区", "aqu", "aq"),
            ("", "", ""),
        ] {
            assert_eq!(
                readings.spell(name),
                (whole.to_owned(), initials.to_owned()),
                "{name}"
            );
        }
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (file, told) in [
            ("place,pinyin\n", "name,pinyin"),
            ("name,pinyin\n单桥,shan\n", "line 2"),
            ("name,pinyin\n单桥,Shan qiao\n", "line 2"),
            ("name,pinyin\n,\n", "line 2"),
        ] {
            let error = Readings::read(file.as_bytes()).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn the_shipped_package_reads_its_own_places() {
        let readings = crate::package::load(None).unwrap().readings;
        for (name, initials) in [
            ("泊头市", "bts"),
            ("南单桥村", "nsqc"),
            ("翟庄村", "zzc"),
            ("长丰镇", "cfz"),
        ] {
            assert_eq!(readings.spell(name).1, initials, "{name}");
        }
    }
}
