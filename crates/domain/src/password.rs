//! Names to sign in with, and what a password must be.

/// What is wrong with a password that somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too few characters.
    #[error("at least {0} characters are needed")]
    TooShort(usize),
    /// Too many characters.
    #[error("at most 128 characters are taken")]
    TooLong,
    /// It holds the name to sign in with.
    #[error("it holds the name to sign in with")]
    HoldsLogin,
    /// Many people use it, or it repeats or counts.
    #[error("it is one of the common passwords")]
    Common,
}

const LONGEST: usize = 128;

/// Beginnings that a great many passwords have; what follows them does not help.
const COMMON: [&str; 20] = [
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "woaini",
    "qwerty",
    "qazwsx",
    "1qaz2wsx",
    "asdfgh",
    "zxcvbn",
    "admin",
    "administrator",
    "welcome",
    "iloveyou",
    "abc123",
    "a123456",
    "zhenxing",
    "cangzhou",
    "123qwe",
    "888888",
];

/// What is wrong with a password, if anything.
///
/// # Errors
/// [`PasswordFault`] says what.
pub fn check_password(password: &str, login: &str, shortest: usize) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < shortest {
        return Err(PasswordFault::TooShort(shortest));
    }
    if length > LONGEST {
        return Err(PasswordFault::TooLong);
    }
    let small = password.to_lowercase();
    let login = login.to_lowercase();
    if !login.is_empty() && small.contains(&login) && length < login.chars().count() + shortest {
        return Err(PasswordFault::HoldsLogin);
    }
    if is_common(&small) {
        return Err(PasswordFault::Common);
    }
    Ok(())
}

/// A known beginning with little behind it, few different signs, or signs that count up or down.
fn is_common(small: &str) -> bool {
    let begins = |word: &str| {
        let rest = small.strip_prefix(word).or(small.strip_suffix(word));
        rest.is_some_and(|rest| {
            rest.chars().count() < 8 || rest.chars().all(|sign| !sign.is_alphabetic())
        })
    };
    let signs: Vec<char> = small.chars().collect();
    let different: std::collections::BTreeSet<&char> = signs.iter().collect();
    let steps = signs.windows(2).filter(|two| match two {
        [a, b] => u32::from(*a).abs_diff(u32::from(*b)) <= 1,
        _ => false,
    });
    let counted = steps.count() * 4 >= signs.len() * 3;
    COMMON.iter().any(|word| begins(word)) || different.len() < 5 || counted
}

/// A name to sign in with: 2 to 32 small letters, digits, dots, hyphens or underscores, with a letter or digit first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Login(String);

impl Login {
    /// Reads a name; capital letters become small.
    pub fn parse(text: &str) -> Option<Login> {
        let small = text.trim().to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let first = small.bytes().next()?.is_ascii_alphanumeric();
        let fits = (2..=32).contains(&small.len()) && small.bytes().all(plain);
        // A number of eighteen signs is somebody's identity number more often than not.
        (first && fits && !crate::identity::holds_id_number(&small)).then_some(Login(small))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_not_easily_guessed() {
        use PasswordFault as F;
        let cases = [
            ("short", Err(F::TooShort(10))),
            ("wangwu-2026", Err(F::HoldsLogin)),
            ("Password2026", Err(F::Common)),
            ("aaaaaaaaaaaa", Err(F::Common)),
            ("1234567890", Err(F::Common)),
            ("abcdefghijkl", Err(F::Common)),
            ("112233445566", Err(F::Common)),
            ("qwerty123456", Err(F::Common)),
            ("Zhenxing@2026", Err(F::Common)),
            ("运河边上的柳树发芽了吧", Ok(())),
            ("tree-lamp-river-9", Ok(())),
            ("4f9a1c77e02b", Ok(())),
        ];
        for (password, expected) in cases {
            assert_eq!(
                check_password(password, "wangwu", 10),
                expected,
                "{password}"
            );
        }
        let long = "长ab1".repeat(40);
        assert_eq!(check_password(&long, "wangwu", 10), Err(F::TooLong));
    }

    #[test]
    fn names_are_plain() {
        for text in ["zhangsan", "cz.130902001", "a-1", " Li_Si "] {
            assert!(Login::parse(text).is_some(), "{text}");
        }
        let long = "a".repeat(33);
        for text in [
            "",
            "a",
            "张三",
            ".a",
            "a b",
            "a/b",
            "11010519491231002x",
            &long,
        ] {
            assert!(Login::parse(text).is_none(), "{text}");
        }
    }
}
