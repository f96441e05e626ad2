//! Places at which a test stops the process, to kill it there.

/// A place in the middle of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failpoint {
    /// Everything is written and nothing committed.
    BeforeCommit,
    /// Committed and not yet acknowledged.
    AfterCommit,
    /// The fold has read its part of the queue.
    FoldClaimed,
    /// The fold has written its figures.
    FoldRecomputed,
    /// The fold has taken its part of the queue away.
    FoldDeleted,
}

impl Failpoint {
    /// All of them.
    pub const ALL: [Failpoint; 5] = [
        Failpoint::BeforeCommit,
        Failpoint::AfterCommit,
        Failpoint::FoldClaimed,
        Failpoint::FoldRecomputed,
        Failpoint::FoldDeleted,
    ];

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Failpoint::BeforeCommit => "before_commit",
            Failpoint::AfterCommit => "after_commit",
            Failpoint::FoldClaimed => "fold_claimed",
            Failpoint::FoldRecomputed => "fold_recomputed",
            Failpoint::FoldDeleted => "fold_deleted",
        }
    }
}

/// Says that a place was reached; without the feature it is nothing.
pub(crate) fn reach(place: Failpoint) {
    #[cfg(feature = "failpoints")]
    fail::fail_point!(place.as_str());
    #[cfg(not(feature = "failpoints"))]
    let _ = place;
}
