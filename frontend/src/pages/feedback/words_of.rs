//! Words of complaints and suggestions.

use yew::prelude::*;
use zhenxing_api_types::feedback::{FeedbackAction, FeedbackKind, FeedbackState};

/// What somebody writes.
pub fn kind(kind: FeedbackKind) -> String {
    match kind {
        FeedbackKind::Opinion => t!("feedback-opinion"),
        FeedbackKind::Suggestion => t!("feedback-suggestion"),
        FeedbackKind::Problem => t!("feedback-problem"),
        FeedbackKind::BurdenComplaint => t!("feedback-burden"),
    }
}

/// Where it stands.
pub fn state(state: FeedbackState) -> String {
    match state {
        FeedbackState::Submitted => t!("feedback-submitted"),
        FeedbackState::Accepted => t!("feedback-accepted"),
        FeedbackState::Answered => t!("feedback-answered"),
        FeedbackState::Satisfied => t!("feedback-satisfied"),
        FeedbackState::Dissatisfied => t!("feedback-dissatisfied"),
    }
}

/// Where it stands, as a label.
pub fn label(of: FeedbackState) -> Html {
    let class = match of {
        FeedbackState::Submitted | FeedbackState::Dissatisfied => "zx-label-amber",
        FeedbackState::Accepted => "zx-label-blue",
        FeedbackState::Answered | FeedbackState::Satisfied => "zx-label-green",
    };
    html! { <span class={classes!("zx-label", class)}>{ state(of) }</span> }
}

/// The states as a filter offers them.
pub fn states() -> Vec<(String, String)> {
    let all = [
        ("submitted", FeedbackState::Submitted),
        ("accepted", FeedbackState::Accepted),
        ("answered", FeedbackState::Answered),
        ("satisfied", FeedbackState::Satisfied),
        ("dissatisfied", FeedbackState::Dissatisfied),
    ];
    let mut choices = vec![(String::new(), t!("all"))];
    choices.extend(all.map(|(code, of)| (code.to_owned(), state(of))));
    choices
}

/// What an act is called on its button.
pub fn action(action: FeedbackAction) -> String {
    match action {
        FeedbackAction::Accept => t!("feedback-accept"),
        FeedbackAction::Answer => t!("feedback-answer"),
        FeedbackAction::Satisfy => t!("feedback-satisfied"),
        FeedbackAction::Dissatisfy => t!("feedback-dissatisfied"),
    }
}

/// What was done, as the history has it.
pub fn step(step: &str) -> String {
    match step {
        "accept" => t!("feedback-accept"),
        "answer" => t!("feedback-answer"),
        "satisfy" => t!("feedback-satisfied"),
        "dissatisfy" => t!("feedback-dissatisfied"),
        _ => t!("feedback-submit"),
    }
}
