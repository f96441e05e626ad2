//! Identity numbers at rest (Convention 6): encrypted with AES-256-GCM under a key outside the database, and found again by
//! an HMAC of the number as it is kept. Old keys stay known while a rotation runs, so that everything is read and found.

use crate::app::page::{hex, unhex};
use crate::app::{AppError, AppResult};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const MARK: &str = "sealed:";
const NONCE: usize = 12;

/// A key with the name under which it is kept beside what it sealed.
struct Named {
    name: String,
    cipher: Aes256Gcm,
    equality: Vec<u8>,
}

/// The keys, the present one first.
pub struct Personal {
    present: Named,
    old: Vec<Named>,
}

fn derived(secret: &str, purpose: &str) -> AppResult<Vec<u8>> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes())
        .map_err(|error| AppError::Internal(error.to_string()))?;
    mac.update(purpose.as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

impl Named {
    fn of(secret: &str) -> AppResult<Named> {
        let cipher = derived(secret, "zhenxing personal cipher")?;
        let name = derived(secret, "zhenxing personal name")?;
        let key = Key::<Aes256Gcm>::try_from(cipher.as_slice())
            .map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Named {
            name: hex(name.get(..4).unwrap_or_default()),
            cipher: Aes256Gcm::new(&key),
            equality: derived(secret, "zhenxing personal equality")?,
        })
    }

    fn token(&self, plain: &str) -> AppResult<String> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.equality)
            .map_err(|error| AppError::Internal(error.to_string()))?;
        mac.update(plain.as_bytes());
        Ok(format!(
            "{}:{}",
            self.name,
            hex(&mac.finalize().into_bytes())
        ))
    }
}

impl Personal {
    /// The keys made from secrets.
    ///
    /// # Errors
    /// When a key cannot be made.
    pub fn new(present: &str, old: &[String]) -> AppResult<Personal> {
        Ok(Personal {
            present: Named::of(present)?,
            old: old
                .iter()
                .map(|secret| Named::of(secret))
                .collect::<AppResult<_>>()?,
        })
    }

    /// Encrypts a number under the present key.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn seal(&self, plain: &str) -> AppResult<String> {
        let mut bytes = [0_u8; NONCE];
        getrandom::fill(&mut bytes)
            .map_err(|error| AppError::Internal(format!("randomness: {error}")))?;
        let sealed = self
            .present
            .cipher
            .encrypt(&Nonce::from(bytes), plain.as_bytes())
            .map_err(|error| AppError::Internal(format!("sealing: {error}")))?;
        let name = &self.present.name;
        Ok(format!("{MARK}{name}:{}{}", hex(&bytes), hex(&sealed)))
    }

    /// Decrypts what was sealed under any of the keys.
    ///
    /// # Errors
    /// When it was sealed under a key that is not known, or was altered.
    pub fn open(&self, sealed: &str) -> AppResult<String> {
        let failed =
            || AppError::Internal("personal data cannot be opened: unknown key".to_owned());
        let rest = sealed.strip_prefix(MARK).ok_or_else(failed)?;
        let (name, digits) = rest.split_once(':').ok_or_else(failed)?;
        let key = self
            .keys()
            .find(|key| key.name == name)
            .ok_or_else(failed)?;
        let bytes = unhex(digits).ok_or_else(failed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or_else(failed)?;
        let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| failed())?;
        let plain = key
            .cipher
            .decrypt(&Nonce::from(nonce), sealed)
            .map_err(|_| failed())?;
        String::from_utf8(plain).map_err(|_| failed())
    }

    /// Whether it was sealed under the present key.
    pub fn is_present(&self, sealed: &str) -> bool {
        let rest = sealed
            .strip_prefix(MARK)
            .and_then(|rest| rest.split_once(':'));
        rest.is_some_and(|(name, _)| name == self.present.name)
    }

    /// By what a number is found that is written now.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn token(&self, plain: &str) -> AppResult<String> {
        self.present.token(plain)
    }

    /// By what a number may be found, whichever key was present when it was written.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn tokens(&self, plain: &str) -> AppResult<Vec<String>> {
        self.keys().map(|key| key.token(plain)).collect()
    }

    fn keys(&self) -> impl Iterator<Item = &Named> {
        std::iter::once(&self.present).chain(&self.old)
    }
}

/// An identity number as it is shown: its middle ten digits hidden.
pub fn masked_id(plain: &str) -> String {
    let letters = plain.chars().enumerate();
    letters
        .map(|(at, letter)| if (4..14).contains(&at) { '*' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "11010519491231002X";

    #[test]
    fn a_number_is_sealed_opened_and_found_again() {
        let first = Personal::new("the first secret of thirty-two signs", &[]).unwrap();
        let sealed = first.seal(NUMBER).unwrap();
        assert!(!sealed.contains(NUMBER) && sealed != first.seal(NUMBER).unwrap());
        assert_eq!(first.open(&sealed).unwrap(), NUMBER);
        let old = ["the first secret of thirty-two signs".to_owned()];
        let second = Personal::new("the second secret of thirty-two signs", &old).unwrap();
        assert_eq!(second.open(&sealed).unwrap(), NUMBER);
        assert!(first.is_present(&sealed) && !second.is_present(&sealed));
        let known = first.token(NUMBER).unwrap();
        assert!(second.tokens(NUMBER).unwrap().contains(&known));
        assert_ne!(second.token(NUMBER).unwrap(), known);
        let third = Personal::new("a third secret of thirty-two signs..", &[]).unwrap();
        assert!(third.open(&sealed).is_err());
        let altered = format!("{}0", sealed.get(..sealed.len() - 1).unwrap());
        assert!(first.open(&altered).is_err() || altered == sealed);
    }

    #[test]
    fn the_middle_of_a_number_is_hidden() {
        assert_eq!(masked_id(NUMBER), "1101**********002X");
    }
}
