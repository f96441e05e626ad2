//! The frame around every page: masthead, navigation, content.

use crate::hooks::use_session;
use crate::routes::Route;
use crate::state::Phase;
use yew::platform::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::session::Action;

/// The properties of the frame.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ShellProps {
    /// The page.
    pub children: Html,
}

/// The frame.
#[function_component]
pub fn Shell(props: &ShellProps) -> Html {
    let here = use_route::<Route>();
    let Some(session) = use_session() else {
        return Html::default();
    };
    let Some(me) = session.me() else {
        return Html::default();
    };
    let may = |action: Action| me.actions.contains(&action);
    let mut pages = vec![(Route::Workbench, "工作台")];
    if may(Action::ReadFigures) {
        pages.push((Route::Overview, "总体情况"));
    }
    if may(Action::FillReports) {
        pages.push((Route::Reports, "数据报送"));
    }
    if may(Action::CheckReports) || may(Action::ApproveReports) {
        pages.push((Route::Review, "数据审核"));
    }
    let leave = |everywhere: bool| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| {
            let session = session.clone();
            spawn_local(async move {
                let done = session.client.sign_out(everywhere).await;
                if done.is_ok() {
                    session.change.emit(Phase::Out);
                }
            });
        })
    };
    let link = |(route, name): &(Route, &'static str)| {
        let current = here.as_ref() == Some(route);
        html! {
            <li aria-current={current.then_some("page")}>
                <Link<Route> to={route.clone()} classes={classes!(current.then_some("zx-current"))}>{ *name }</Link<Route>>
            </li>
        }
    };
    html! {
        <>
            <a class="zx-skip" href="#content">{ "跳到正文" }</a>
            <header class="zx-masthead">
                <strong>{ "振兴工作台" }</strong><span class="zx-unit">{ &me.unit.name }</span>
                <details class="zx-user"><summary>{ &me.name }</summary>
                    <div>
                        <button class="pf-v6-c-button pf-m-link" onclick={leave(false)}>{ "退出登录" }</button>
                        <button class="pf-v6-c-button pf-m-link" onclick={leave(true)}>{ "退出所有设备" }</button>
                    </div>
                </details>
            </header>
            if me.demonstration { <p class="zx-demo">{ "演示账户：数据仅供试用" }</p> }
            <div class="zx-body">
                <nav aria-label="主导航" class="zx-nav"><ul>{ for pages.iter().map(link) }</ul></nav>
                <main id="content" class="zx-content" tabindex="-1">{ props.children.clone() }</main>
            </div>
        </>
    }
}
