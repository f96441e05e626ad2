//! The two languages of the workspace: texts from `locales/`, and which of them is shown.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::cell::{Cell, OnceCell};
use yew::prelude::*;

/// A language of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 中文, the usual one.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Every language, as the switch shows them.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The tag of the language, for the page, for Accept-Language and for the browser's store.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    fn sources(self) -> &'static [&'static str] {
        match self {
            Lang::Zh => &[
                include_str!("../locales/zh-CN/shell.ftl"),
                include_str!("../locales/zh-CN/pages.ftl"),
                include_str!("../locales/zh-CN/reports.ftl"),
                include_str!("../locales/zh-CN/extension.ftl"),
                include_str!("../locales/zh-CN/admin.ftl"),
                include_str!("../locales/zh-CN/units.ftl"),
                include_str!("../locales/zh-CN/people.ftl"),
                include_str!("../locales/zh-CN/programme.ftl"),
                include_str!("../locales/zh-CN/feedback.ftl"),
                include_str!("../locales/zh-CN/tasks.ftl"),
                include_str!("../locales/zh-CN/targets.ftl"),
                include_str!("../locales/zh-CN/figures.ftl"),
                include_str!("../locales/zh-CN/ledgers.ftl"),
                include_str!("../locales/zh-CN/terms.ftl"),
                include_str!("../locales/zh-CN/roster.ftl"),
            ],
            Lang::En => &[
                include_str!("../locales/en/shell.ftl"),
                include_str!("../locales/en/pages.ftl"),
                include_str!("../locales/en/reports.ftl"),
                include_str!("../locales/en/extension.ftl"),
                include_str!("../locales/en/admin.ftl"),
                include_str!("../locales/en/units.ftl"),
                include_str!("../locales/en/people.ftl"),
                include_str!("../locales/en/programme.ftl"),
                include_str!("../locales/en/feedback.ftl"),
                include_str!("../locales/en/tasks.ftl"),
                include_str!("../locales/en/targets.ftl"),
                include_str!("../locales/en/figures.ftl"),
                include_str!("../locales/en/ledgers.ftl"),
                include_str!("../locales/en/terms.ftl"),
                include_str!("../locales/en/roster.ftl"),
            ],
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

thread_local! {
    static SHOWN: Cell<Lang> = const { Cell::new(Lang::Zh) };
    static ZH: OnceCell<Bundle> = const { OnceCell::new() };
    static EN: OnceCell<Bundle> = const { OnceCell::new() };
}

fn bundle(lang: Lang) -> Bundle {
    let mut bundle = FluentBundle::new(lang.tag().parse().into_iter().collect());
    // The marks around what is put in would stand in titles and in what is copied.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(crate::format::grouped(&number.as_string())),
        _ => None,
    }));
    for source in lang.sources() {
        // A test reads every file, so what can be read is taken here.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The language that is shown.
pub fn shown() -> Lang {
    SHOWN.get()
}

/// The text of that key with what is put in; `t!` is shorter.
pub fn text(key: &str, put_in: &[(&str, FluentValue<'_>)]) -> String {
    let write = |bundle: &Bundle| {
        let pattern = bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = put_in.iter().cloned().collect();
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut faults);
        Some(text.into_owned())
    };
    let found = match shown() {
        Lang::Zh => ZH.with(|cell| write(cell.get_or_init(|| bundle(Lang::Zh)))),
        Lang::En => EN.with(|cell| write(cell.get_or_init(|| bundle(Lang::En)))),
    };
    found.unwrap_or_else(|| key.to_owned())
}

/// A text in the language that is shown: `t!("more-shown", count = 3)`.
#[macro_export]
macro_rules! t {
    ($key:literal) => { $crate::i18n::text($key, &[]) };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::text($key, &[$((stringify!($name), ($value).into())),+])
    };
}

/// The name in the language that is shown, of two that the server gives.
pub fn named<'a>(zh: &'a str, en: &'a str) -> &'a str {
    match shown() {
        Lang::En if !en.is_empty() => en,
        Lang::Zh | Lang::En => zh,
    }
}

/// The language and how it is changed, as components see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    /// The language that is shown.
    pub lang: Lang,
    /// Changes it.
    pub change: Callback<Lang>,
}

/// Draws the component again when the language changes: every component that shows a text calls this.
#[hook]
pub fn use_language() -> Lang {
    use_context::<Language>().map_or_else(Lang::default, |language| language.lang)
}

const STORE: &str = "zhenxing-language";

fn store() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The language of the last visit, else Chinese.
pub fn remembered() -> Lang {
    let kept = store().and_then(|store| store.get_item(STORE).ok().flatten());
    let lang = Lang::ALL
        .into_iter()
        .find(|lang| kept.as_deref() == Some(lang.tag()));
    lang.unwrap_or_default()
}

/// Texts are in this language from now on.
pub fn speak(lang: Lang) {
    SHOWN.set(lang);
}

/// Shows a language from now on, in texts and for the reader of the screen.
pub fn show(lang: Lang) {
    speak(lang);
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        // The browser's own element takes the attribute; if not, texts are right all the same.
        let _set = root.set_attribute("lang", lang.tag());
    }
}

/// Remembers a language for the next visit.
pub fn remember(lang: Lang) {
    if let Some(store) = store() {
        // A browser without a store forgets the choice, nothing else.
        let _kept = store.set_item(STORE, lang.tag());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_can_be_read() {
        for lang in Lang::ALL {
            for source in lang.sources() {
                let read = FluentResource::try_new((*source).to_owned());
                assert!(
                    read.is_ok(),
                    "{}: {:?}",
                    lang.tag(),
                    read.err().map(|error| error.1)
                );
            }
        }
    }

    #[test]
    fn numbers_are_grouped_and_english_has_a_plural() {
        speak(Lang::En);
        assert_eq!(t!("more-shown", count = 1200), "1,200 shown");
        assert_eq!(t!("review-count", count = 1), "1 report waits");
        assert_eq!(t!("review-count", count = 1200), "1,200 reports wait");
        speak(Lang::Zh);
        assert_eq!(t!("review-count", count = 1200), "待审 1,200 份");
        assert_eq!(named("村", ""), "村");
    }
}
