//! Wire types derive the same traits; wire enums mirror the domain's name by name.

/// A structure or enum of the wire.
macro_rules! wire {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($body:tt)* }) => {
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$meta])*
        $vis struct $name { $($body)* }
    };
}

/// An enum of the wire that has the same members as one of the domain.
macro_rules! mirror {
    ($(#[$meta:meta])* $name:ident from $domain:path { $($(#[$doc:meta])* $member:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $member),+ }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value { $(Domain::$member => $name::$member),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                use $domain as Domain;
                match value { $($name::$member => Domain::$member),+ }
            }
        }
    };
}
