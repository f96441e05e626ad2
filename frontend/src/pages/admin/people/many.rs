//! Accounts by the many: one for every unit of a level, or from a sheet; tried first, then made with the number named.

use super::words_of::{self, ROLES, SCOPES};
use crate::components::alert;
use crate::components::dialog::Dialog;
use crate::components::field::{Field, Select, TextField};
use crate::components::table::{Cell, Column, Row, Table};
use crate::components::unit_picker::UnitPicker;
use crate::draft::piece_of;
use crate::format::{self, NOTHING};
use crate::hooks::use_session;
use crate::i18n::use_language;
use crate::words;
use web_sys::wasm_bindgen::JsCast;
use web_sys::wasm_bindgen::closure::Closure;
use web_sys::{FileReader, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;
use zhenxing_api_types::problem::LineError;
use zhenxing_api_types::session::{DataScope, Role};
use zhenxing_api_types::unit::{Level, Unit};
use zhenxing_api_types::user::{GenerateUsers, UsersMade};
use zhenxing_client::{Client, ClientError};

const LEVELS: [(&str, Level); 3] = [
    ("village", Level::Village),
    ("township", Level::Township),
    ("county", Level::County),
];

/// What is asked of the server.
#[derive(Debug, Clone, PartialEq)]
enum Ask {
    Generate(GenerateUsers),
    Import(String),
}

/// What the server said last.
#[derive(Debug, Clone, PartialEq, Default)]
struct Said {
    tried: Option<UsersMade>,
    text: String,
    lines: Vec<LineError>,
    busy: bool,
}

/// The properties of both dialogs.
#[derive(Clone, PartialEq, Properties)]
pub struct ManyProps {
    /// Leaves it.
    pub close: Callback<()>,
    /// Takes the names of the accounts that were made.
    pub made: Callback<Vec<String>>,
}

async fn asked(client: &Client, ask: &Ask, dry_run: bool) -> Result<UsersMade, ClientError> {
    match ask {
        Ask::Generate(ask) => client.generate_users(ask, dry_run).await,
        Ask::Import(csv) => client.import_users(csv, dry_run).await,
    }
}

/// Tries, or makes what was tried.
#[hook]
fn use_many(
    said: &UseStateHandle<Said>,
    made: Callback<Vec<String>>,
    ask: Option<Ask>,
    dry_run: bool,
) -> Callback<MouseEvent> {
    let session = use_session();
    let said = said.clone();
    Callback::from(move |_: MouseEvent| {
        let (Some(session), Some(ask)) = (session.clone(), ask.clone()) else {
            said.set(Said {
                text: t!("many-incomplete"),
                ..Said::default()
            });
            return;
        };
        said.set(Said {
            busy: true,
            tried: said.tried.clone(),
            ..Said::default()
        });
        let (said, made) = (said.clone(), made.clone());
        spawn_local(async move {
            match asked(&session.client, &ask, dry_run).await {
                Ok(tried) if dry_run => said.set(Said {
                    tried: Some(tried),
                    ..Said::default()
                }),
                Ok(done) => made.emit(done.logins),
                Err(error) => {
                    let lines = match &error {
                        ClientError::Problem(problem) => problem.lines.clone(),
                        ClientError::Network(_) | ClientError::Decode(_) => Vec::new(),
                    };
                    said.set(Said {
                        text: format::error(&error),
                        lines,
                        ..Said::default()
                    });
                }
            }
        });
    })
}

/// What a trial found, and what stands against it.
fn found(said: &Said) -> Html {
    let tried = said.tried.as_ref().map(|tried| {
        html! { <p class="zx-quote" role="status">{ t!("many-tried", created = tried.created, unchanged = tried.unchanged) }</p> }
    });
    html! {
        <>
            { alert(&said.text) }
            if !said.lines.is_empty() { { faults(&said.lines) } }
            { tried.unwrap_or_default() }
        </>
    }
}

fn faults(lines: &[LineError]) -> Html {
    let columns = vec![
        Column::number(t!("line")),
        Column::text(t!("column")),
        Column::text(t!("line-fault")),
    ];
    let row = |(place, fault): (usize, &LineError)| {
        let line = i64::try_from(fault.line).unwrap_or_default();
        let column = fault.column.as_deref().unwrap_or(NOTHING);
        Row::of(
            place.to_string(),
            vec![
                Cell::count(line),
                Cell::text(column),
                Cell::text(&fault.message),
            ],
        )
    };
    let rows: Vec<Row> = lines.iter().enumerate().map(row).collect();
    html! { <Table label={t!("line-faults")} {columns} {rows} /> }
}

/// The buttons: trying first, then making the number that was found.
fn acts(
    said: &Said,
    close: &Callback<()>,
    preview: Callback<MouseEvent>,
    make: Callback<MouseEvent>,
) -> Html {
    let count = said.tried.as_ref().map_or(0, |tried| tried.created);
    html! {
        <>
            <button type="button" class="zx-button" onclick={close.reform(|_: MouseEvent| ())}>{ t!("cancel") }</button>
            if count > 0 {
                <button type="button" class="zx-button zx-primary" disabled={said.busy} onclick={make}>{ t!("many-make", count = count) }</button>
            } else {
                <button type="button" class="zx-button zx-primary" disabled={said.busy} onclick={preview}>{ t!("many-try") }</button>
            }
        </>
    }
}

/// One account for every unit of a level.
#[function_component]
pub fn Generate(props: &ManyProps) -> Html {
    use_language();
    let own = use_session()
        .and_then(|session| session.me())
        .map(|me| me.unit.clone());
    let unit_name = use_state(|| {
        own.as_ref()
            .map_or_else(String::new, |unit| unit.name.clone())
    });
    let draft = use_state(|| GenerateUsers {
        unit: own.map(|unit| unit.code).unwrap_or_default(),
        level: Level::Village,
        role: Role::Filler,
        scope: DataScope::Unit,
        login: "{code}".to_owned(),
        name: t!("many-name-usual", unit = "{unit}"),
        matters: None,
    });
    let said = use_state(Said::default);
    let ask = (!draft.unit.is_empty()).then(|| Ask::Generate((*draft).clone()));
    let preview = use_many(&said, props.made.clone(), ask.clone(), true);
    let make = use_many(&said, props.made.clone(), ask, false);
    // What was tried no longer holds once something is changed.
    let changed = {
        let (draft, said) = (draft.clone(), said.clone());
        Callback::from(move |next| {
            draft.set(next);
            said.set(Said::default());
        })
    };
    let text = |set: fn(&mut GenerateUsers, String)| piece_of(&*draft, &changed, set);
    let unit = {
        let (name, set) = (unit_name.clone(), text(|draft, code| draft.unit = code));
        Callback::from(move |unit: Option<Unit>| {
            let (code, own) = unit.map(|unit| (unit.code, unit.name)).unwrap_or_default();
            name.set(own);
            set.emit(code);
        })
    };
    let level = text(|draft, code| {
        if let Some((_, level)) = LEVELS.iter().find(|(own, _)| *own == code) {
            draft.level = *level;
        }
    });
    let role = text(|draft, code| {
        if let Some((_, role)) = ROLES.iter().find(|(own, _)| *own == code) {
            draft.role = *role;
        }
    });
    let scope = text(|draft, code| {
        if let Some((_, scope)) = SCOPES.iter().find(|(own, _)| *own == code) {
            draft.scope = *scope;
        }
    });
    let levels: Vec<(String, String)> = LEVELS
        .iter()
        .map(|(code, level)| ((*code).to_owned(), words::level(*level)))
        .collect();
    let roles: Vec<(String, String)> = ROLES
        .iter()
        .take(4)
        .map(|(code, role)| ((*code).to_owned(), format::role(*role)))
        .collect();
    let scopes: Vec<(String, String)> = SCOPES
        .iter()
        .filter(|(_, scope)| !matches!(scope, DataScope::All | DataScope::Custom))
        .map(|(code, scope)| ((*code).to_owned(), words_of::scope(*scope)))
        .collect();
    let of_level = LEVELS
        .iter()
        .find(|(_, level)| *level == draft.level)
        .map_or("", |(code, _)| code);
    let of_role = ROLES
        .iter()
        .find(|(_, role)| *role == draft.role)
        .map_or("", |(code, _)| code);
    let of_scope = SCOPES
        .iter()
        .find(|(_, scope)| *scope == draft.scope)
        .map_or("", |(code, _)| code);
    html! {
        <Dialog title={t!("generate")} wide={true} close={props.close.clone()} acts={acts(&said, &props.close, preview, make)}>
            <p>{ t!("generate-means") }</p>
            <UnitPicker id="many-unit" label={t!("unit-and-below")} value={(*unit_name).clone()} chosen={unit} />
            <div class="zx-filters">
                <Select label={t!("generate-level")} value={of_level} choices={levels} change={level} />
                <Select label={t!("role")} value={of_role} choices={roles} change={role} />
                <Select label={t!("scope")} value={of_scope} choices={scopes} change={scope} />
            </div>
            <div class="zx-two">
                <TextField id="many-login" label={t!("login")} hint={t!("generate-login-hint", code = "{code}")} value={draft.login.clone()} max={32} change={text(|draft, text| draft.login = text)} />
                <TextField id="many-name" label={t!("mine-name")} hint={t!("generate-name-hint", unit = "{unit}")} value={draft.name.clone()} max={50} change={text(|draft, text| draft.name = text)} />
            </div>
            { found(&said) }
        </Dialog>
    }
}

/// Accounts from a sheet.
#[function_component]
pub fn Import(props: &ManyProps) -> Html {
    use_language();
    let csv = use_state(String::new);
    let said = use_state(Said::default);
    let ask = (!csv.trim().is_empty()).then(|| Ask::Import((*csv).clone()));
    let preview = use_many(&said, props.made.clone(), ask.clone(), true);
    let make = use_many(&said, props.made.clone(), ask, false);
    let read = {
        let (csv, said) = (csv.clone(), said.clone());
        Callback::from(move |text: String| {
            csv.set(text);
            said.set(Said::default());
        })
    };
    let file = {
        let (read, said) = (read.clone(), said.clone());
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>()
                && read_file(&input, read.clone()).is_none()
            {
                said.set(Said {
                    text: t!("file-unread"),
                    ..Said::default()
                });
            }
        })
    };
    html! {
        <Dialog title={t!("import-users")} wide={true} close={props.close.clone()} acts={acts(&said, &props.close, preview, make)}>
            <p>{ t!("import-means") }</p>
            <p><code class="zx-code">{ t!("import-columns") }</code></p>
            <Field id="import-file" label={t!("import-file")} hint={t!("import-file-hint")}>
                <input id="import-file" type="file" accept=".csv,text/csv" onchange={file} />
            </Field>
            <TextField id="import-text" label={t!("import-text")} lines={6} value={(*csv).clone()} change={read} />
            { found(&said) }
        </Dialog>
    }
}

/// Reads the file that was chosen; nothing where the browser does not.
fn read_file(input: &HtmlInputElement, read: Callback<String>) -> Option<()> {
    let file = input.files()?.get(0)?;
    let reader = FileReader::new().ok()?;
    let done = {
        let reader = reader.clone();
        Closure::once_into_js(move || {
            if let Some(text) = reader.result().ok().and_then(|text| text.as_string()) {
                read.emit(text);
            }
        })
    };
    reader.set_onload(Some(done.unchecked_ref()));
    reader.read_as_text(&file).ok()
}
