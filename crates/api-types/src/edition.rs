//! Publications of a programme's package, and what they changed.

wire! {
    /// A publication of the package.
    pub struct PackageEdition {
        /// Its number, from one.
        pub edition: i32,
        /// The version that the package says.
        pub version: i32,
        /// The digest of its files (SHA-256).
        pub digest: String,
        /// When it was published.
        pub published_at: chrono::DateTime<chrono::Utc>,
        /// How many things it changed against the one before.
        pub changes: i64,
    }
}

mirror! {
    /// What happened to a thing of the package.
    ChangeKind from zhenxing_domain::package::ChangeKind {
        /// 新增
        Added,
        /// 删除
        Removed,
        /// 修改
        Changed,
    }
}

wire! {
    /// A change of one thing against the publication before.
    pub struct PackageChange {
        /// `programme`, `follow_on`, `project`, `matter`, `list`, `setting`, `department`, `ledger`, `metric`, `target`,
        /// `form`, `field` or `rule`.
        pub thing: String,
        /// Its code: `M12/operating` is a field of M12, `M12@2026` the edition from 2026 on.
        pub code: String,
        /// What happened to it.
        pub change: ChangeKind,
        /// The members that differ.
        pub members: Vec<MemberChange>,
        /// Whether reports held values of what was removed.
        pub reported: bool,
    }
}

wire! {
    /// A member that differs.
    pub struct MemberChange {
        /// Its name in the package.
        pub name: String,
        /// What it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before: Option<String>,
        /// What it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
    }
}

impl From<zhenxing_domain::package::Change> for PackageChange {
    fn from(change: zhenxing_domain::package::Change) -> Self {
        let members = change.members.into_iter();
        PackageChange {
            thing: change.thing,
            code: change.code,
            change: change.change.into(),
            members: members
                .map(|member| MemberChange {
                    name: member.name,
                    before: member.before,
                    after: member.after,
                })
                .collect(),
            reported: change.reported,
        }
    }
}
