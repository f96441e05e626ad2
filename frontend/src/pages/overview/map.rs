//! The map of the units below the city: drawn as SVG from the package's borders, coloured by the metric, with a legend
//! and the words beside; what has no borders stands as a chip below.

use super::scale::Scale;
use crate::components::loaded;
use crate::format;
use crate::hooks::{Load, Query, use_load, with};
use crate::i18n::{named, use_language};
use crate::routes::Route;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::prelude::*;
use zhenxing_api_types::map::{MapArea, ProgrammeMap};
use zhenxing_api_types::{Figure, FigureTree};

/// The properties of the map.
#[derive(Clone, PartialEq, Properties)]
pub struct MapProps {
    /// The metric at the city and below it.
    pub tree: FigureTree,
    /// What stands in the link.
    pub query: Query,
    /// The page to which its links lead, with the unit put in.
    #[prop_or(Route::Overview)]
    pub page: Route,
}

/// Where links lead: a page, and what stands in its link beside the unit.
#[derive(Clone, Copy)]
struct Way<'a> {
    page: &'a Route,
    query: &'a Query,
}

/// The map, fetched after the page stands. Where the package ships none, nothing is drawn.
#[function_component]
pub fn Map(props: &MapProps) -> Html {
    use_language();
    let (load, again) = use_load((), |session, ()| async move {
        let programmes = session.client.programmes().await?.items;
        let code = programmes
            .first()
            .map(|one| one.code.clone())
            .unwrap_or_default();
        session.client.map(&code).await.map(Rc::new)
    });
    match &load {
        Load::Failed(error) if error.code() == Some("not_found") => Html::default(),
        _ => loaded(&load, &again, |map| {
            let way = Way {
                page: &props.page,
                query: &props.query,
            };
            draw(map, &props.tree, way)
        }),
    }
}

/// A point on the page: longitude shrunk by the latitude, north up. In millionths of a degree, as numbers of the page.
struct Sheet {
    left: i64,
    top: i64,
    width: i64,
    height: i64,
}

/// How much shorter a degree of longitude is than one of latitude, in thousandths, at 38 degrees north; the borders of a
/// city need no finer projection.
const SHRINK: i64 = 788;

impl Sheet {
    fn around(map: &ProgrammeMap) -> Option<Sheet> {
        let points = || {
            map.areas
                .iter()
                .flat_map(|area| &area.rings)
                .flat_map(|ring| ring.chunks_exact(2))
        };
        let east = || {
            points()
                .filter_map(|point| point.first())
                .map(|degrees| x_of(*degrees))
        };
        let north = || {
            points()
                .filter_map(|point| point.last())
                .map(|degrees| y_of(*degrees))
        };
        let (left, right) = (east().min()?, east().max()?);
        let (top, bottom) = (north().min()?, north().max()?);
        Some(Sheet {
            left,
            top,
            width: right - left,
            height: bottom - top,
        })
    }

    /// A path of an area; rings inside others are holes by the even-odd rule.
    fn path(&self, area: &MapArea) -> String {
        let mut path = String::new();
        for ring in &area.rings {
            for (place, point) in ring.chunks_exact(2).enumerate() {
                let letter = if place == 0 { 'M' } else { 'L' };
                if let [east, north] = point {
                    path.push_str(&format!(
                        "{letter}{} {}",
                        x_of(*east) - self.left,
                        y_of(*north) - self.top
                    ));
                }
            }
            path.push('Z');
        }
        path
    }

    /// How much room an area's largest ring takes.
    fn extent(&self, area: &MapArea) -> Option<i64> {
        let ring = area.rings.iter().max_by_key(|ring| ring.len())?;
        let east = || ring.iter().step_by(2).map(|degrees| x_of(*degrees));
        let north = || ring.iter().skip(1).step_by(2).map(|degrees| y_of(*degrees));
        let (width, height) = (
            east().max()? - east().min()?,
            north().max()? - north().min()?,
        );
        width.checked_mul(height)
    }

    /// The middle of an area's largest ring, for its name.
    fn middle(&self, area: &MapArea) -> Option<(i64, i64)> {
        let ring = area.rings.iter().max_by_key(|ring| ring.len())?;
        let east = || ring.iter().step_by(2).map(|degrees| x_of(*degrees));
        let north = || ring.iter().skip(1).step_by(2).map(|degrees| y_of(*degrees));
        let x = (east().min()? + east().max()?) / 2 - self.left;
        let y = (north().min()? + north().max()?) / 2 - self.top;
        Some((x, y))
    }
}

// A thousandth of a degree on the sheet is fine enough for a screen and keeps the paths short.
fn x_of(east: i64) -> i64 {
    east / 1_000 * SHRINK / 100
}

fn y_of(north: i64) -> i64 {
    -(north / 100)
}

fn draw(map: &ProgrammeMap, tree: &FigureTree, way: Way<'_>) -> Html {
    let Some(sheet) = Sheet::around(map) else {
        return Html::default();
    };
    let scale = Scale::of(tree);
    let figure_of = |area: &MapArea| {
        tree.children.iter().find(|row| match &area.code {
            Some(code) => row.unit.code == *code,
            None => row.unit.name == area.name,
        })
    };
    let without: Vec<&Figure> = tree
        .children
        .iter()
        .filter(|row| {
            map.areas
                .iter()
                .all(|area| figure_of(area).is_none_or(|own| own.unit.code != row.unit.code))
        })
        .collect();
    let margin = sheet.width / 50;
    let frame = format!(
        "{} {} {} {}",
        -margin,
        -margin,
        sheet.width + 2 * margin,
        sheet.height + 2 * margin
    );
    let metric = named(&tree.metric.name_zh, &tree.metric.name_en);
    html! {
        <figure class="zx-map">
            <svg viewBox={frame} role="group" aria-label={t!("map-of", metric = metric)}>
                { for map.areas.iter().filter_map(|area| Some(shape(area, figure_of(area)?, &sheet, &scale, tree, way))) }
                { for labels(map, &sheet).iter().map(|label| name(label, &sheet)) }
            </svg>
            { scale.legend(&tree.metric) }
            if !without.is_empty() {
                <div class="zx-map-chips"><small>{ t!("map-without") }</small>{ for without.into_iter().map(|row| chip(row, &scale, tree, way)) }</div>
            }
            <figcaption>{ named(&map.note_zh, &map.note_en) }
                { " · " }{ match &map.review_no {
                    Some(number) => t!("map-review-no", number = number.clone()),
                    None => t!("map-no-review-no"),
                } }</figcaption>
        </figure>
    }
}

/// What is said of a unit: its name and its figure.
fn words(row: &Figure, tree: &FigureTree) -> String {
    t!(
        "map-unit",
        unit = row.unit.name.clone(),
        value = format::exact(&tree.metric, row.value)
    )
}

fn link(row: &Figure, way: Way<'_>) -> String {
    let next = with(way.query, "unit", &row.unit.code);
    let pairs: Vec<String> = next
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{}?{}", way.page.to_path(), pairs.join("&"))
}

fn shape(
    area: &MapArea,
    row: &Figure,
    sheet: &Sheet,
    scale: &Scale,
    tree: &FigureTree,
    way: Way<'_>,
) -> Html {
    let words = words(row, tree);
    html! {
        <Enter href={link(row, way)} page={way.page.clone()} unit={row.unit.code.clone()} query={way.query.clone()} label={words.clone()}>
            <path d={sheet.path(area)} fill-rule="evenodd" class={scale.class(row.value)}><title>{ words }</title></path>
        </Enter>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct EnterProps {
    href: String,
    page: Route,
    unit: String,
    query: Query,
    label: String,
    children: Html,
}

/// A link of the drawing: the router's own link is no element of SVG.
#[function_component]
fn Enter(props: &EnterProps) -> Html {
    let navigator = use_navigator();
    let follow = {
        let next = with(&props.query, "unit", &props.unit);
        let page = props.page.clone();
        Callback::from(move |event: MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            event.prevent_default();
            if let Some(navigator) = &navigator {
                // A query of texts can always be written.
                let _written = navigator.push_with_query(&page, &next);
            }
        })
    };
    html! { <a href={props.href.clone()} aria-label={props.label.clone()} onclick={follow}>{ props.children.clone() }</a> }
}

/// A name on the drawing.
#[derive(Debug, Clone, PartialEq)]
struct Label {
    text: String,
    x: i64,
    y: i64,
}

/// The names that find room: the largest areas first; a small one inside another is named by its link alone.
fn labels(map: &ProgrammeMap, sheet: &Sheet) -> Vec<Label> {
    let size = sheet.width / LETTERS;
    let mut areas: Vec<&MapArea> = map.areas.iter().collect();
    areas.sort_by_key(|area| std::cmp::Reverse(sheet.extent(area)));
    let mut placed: Vec<Label> = Vec::new();
    for area in areas {
        let Some((x, y)) = sheet.middle(area) else {
            continue;
        };
        let text = short_name(&area.name);
        let width = |text: &str| i64::try_from(text.chars().count()).unwrap_or(0) * size;
        let meets = |other: &Label| {
            2 * (other.x - x).abs() < width(&text) + width(&other.text)
                && (other.y - y).abs() < 2 * size
        };
        if !placed.iter().any(meets) {
            placed.push(Label { text, x, y });
        }
    }
    placed
}

fn name(label: &Label, sheet: &Sheet) -> Html {
    let size = (sheet.width / LETTERS).to_string();
    // The words of the link say it already.
    html! { <text x={label.x.to_string()} y={label.y.to_string()} font-size={size} aria-hidden="true">{ &label.text }</text> }
}

/// How many letters fit beside each other across the drawing.
const LETTERS: i64 = 42;

/// A long name is cut on the drawing; the link says it whole.
fn short_name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= 4 {
        return name.to_owned();
    }
    letters.into_iter().take(2).collect()
}

fn chip(row: &Figure, scale: &Scale, tree: &FigureTree, way: Way<'_>) -> Html {
    html! {
        <Link<Route, Query> to={way.page.clone()} query={Some(with(way.query, "unit", &row.unit.code))} classes="zx-map-chip">
            <svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" class={scale.class(row.value)} /></svg>{ words(row, tree) }
        </Link<Route, Query>>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn north_is_up_and_the_drawing_begins_at_nought() {
        let square = vec![
            116_000_000,
            38_000_000,
            117_000_000,
            38_000_000,
            117_000_000,
            39_000_000,
        ];
        let area = MapArea {
            name: "A".to_owned(),
            code: None,
            rings: vec![square],
        };
        let map = ProgrammeMap {
            note_zh: String::new(),
            note_en: String::new(),
            review_no: None,
            areas: vec![area.clone()],
        };
        let sheet = Sheet::around(&map);
        let path = sheet.map(|sheet| sheet.path(&area)).unwrap_or_default();
        assert_eq!(path, "M0 10000L7880 10000L7880 0Z");
    }

    #[test]
    fn a_small_area_inside_another_has_no_name_on_the_drawing() {
        let around = |name: &str, half: i64| {
            let (east, north) = (116_000_000, 38_000_000);
            let ring = vec![
                east - half,
                north - half,
                east + half,
                north - half,
                east + half,
                north + half,
            ];
            MapArea {
                name: name.to_owned(),
                code: None,
                rings: vec![ring],
            }
        };
        let areas = vec![around("inner", 10_000), around("outer", 900_000)];
        let map = ProgrammeMap {
            note_zh: String::new(),
            note_en: String::new(),
            review_no: None,
            areas,
        };
        let names = Sheet::around(&map)
            .map(|sheet| labels(&map, &sheet))
            .unwrap_or_default();
        let texts: Vec<&str> = names.iter().map(|label| label.text.as_str()).collect();
        assert_eq!(texts, ["ou"]);
    }

    #[test]
    fn long_names_are_cut_on_the_drawing() {
        assert_eq!(short_name("ABC"), "ABC");
        assert_eq!(short_name("ABCDEFG"), "AB");
    }
}
