//! The demonstration: years of believable reports over the whole tree, ledgers, a merged village, complaints with
//! answers.
//!
//! Everything is drawn from codes and years alone, written in one transaction, made by accounts that are marked as
//! demonstration, and found again by them: `zhenxing demo remove` leaves nothing of it but the divisions.

mod figures;
mod ledgers;
mod load;
mod more;
