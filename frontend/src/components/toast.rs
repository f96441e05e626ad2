//! Short messages in a corner: what was done, or why not.

use crate::i18n::use_language;
use std::time::Duration;
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;

/// How long a message of success stays.
const STAYS: Duration = Duration::from_secs(6);

/// A message.
#[derive(Debug, Clone, PartialEq)]
struct Message {
    number: u32,
    text: String,
    failed: bool,
}

#[derive(Default, PartialEq, Clone)]
struct Messages {
    next: u32,
    shown: Vec<Message>,
}

enum Step {
    Add(String, bool),
    Remove(u32),
}

impl Reducible for Messages {
    type Action = Step;

    fn reduce(self: std::rc::Rc<Self>, step: Step) -> std::rc::Rc<Self> {
        let mut all = (*self).clone();
        match step {
            Step::Add(text, failed) => {
                all.shown.push(Message {
                    number: all.next,
                    text,
                    failed,
                });
                all.next = all.next.wrapping_add(1);
            }
            Step::Remove(number) => all.shown.retain(|message| message.number != number),
        }
        all.into()
    }
}

/// Says something; made by [`use_toast`].
#[derive(Clone, PartialEq)]
pub struct Toast(UseReducerDispatcher<Messages>);

impl Toast {
    /// Says that something was done; goes away by itself.
    pub fn done(&self, text: String) {
        self.0.dispatch(Step::Add(text, false));
    }

    /// Says that something failed; stays until it is closed.
    pub fn failed(&self, text: String) {
        self.0.dispatch(Step::Add(text, true));
    }
}

/// What says short messages. Outside the workspace nothing is said.
#[hook]
pub fn use_toast() -> Option<Toast> {
    use_context::<Toast>()
}

/// The properties of the corner of messages.
#[derive(Clone, PartialEq, Properties)]
pub struct ToasterProps {
    /// The workspace.
    pub children: Html,
}

/// The workspace with its corner of messages.
#[function_component]
pub fn Toaster(props: &ToasterProps) -> Html {
    let messages = use_reducer(Messages::default);
    let line = |message: &Message| {
        html! { <Line key={message.number} message={message.clone()} all={messages.dispatcher()} /> }
    };
    html! {
        <ContextProvider<Toast> context={Toast(messages.dispatcher())}>
            { props.children.clone() }
            <div class="zx-toasts" role="status" aria-live="polite">{ for messages.shown.iter().map(line) }</div>
        </ContextProvider<Toast>>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LineProps {
    message: Message,
    all: UseReducerDispatcher<Messages>,
}

#[function_component]
fn Line(props: &LineProps) -> Html {
    use_language();
    let remove = {
        let (all, number) = (props.all.clone(), props.message.number);
        Callback::from(move |()| all.dispatch(Step::Remove(number)))
    };
    {
        let (remove, failed) = (remove.clone(), props.message.failed);
        use_effect_with((), move |()| {
            if !failed {
                spawn_local(async move {
                    sleep(STAYS).await;
                    remove.emit(());
                });
            }
        });
    }
    html! {
        <div class={classes!("zx-toast", props.message.failed.then_some("zx-toast-failed"))}>
            <span>{ if props.message.failed { "■ " } else { "● " } }{ &props.message.text }</span>
            <button type="button" class="zx-plain zx-close" aria-label={t!("close")} onclick={remove.reform(|_: MouseEvent| ())}>{ "×" }</button>
        </div>
    }
}
