//! Classes of colour for a metric over the units: five from pale to full, told apart by the legend's words too.

use crate::format;
use yew::prelude::*;
use zhenxing_api_types::FigureTree;
use zhenxing_api_types::programme::Metric;

/// How many classes.
const CLASSES: i64 = 5;

/// The classes: from the smallest value in steps of equal width; shares go from nought to a hundred.
pub struct Scale {
    from: i64,
    to: i64,
}

impl Scale {
    /// The classes of a metric over the units below.
    pub fn of(tree: &FigureTree) -> Scale {
        if tree.metric.kind == "ratio" {
            return Scale {
                from: 0,
                to: 10_000,
            };
        }
        let values = || tree.children.iter().filter_map(|row| row.value);
        let from = values().min().unwrap_or(0).min(0);
        Scale {
            from,
            to: values().max().unwrap_or(0).max(from),
        }
    }

    fn step(&self) -> i64 {
        (self.to.saturating_sub(self.from) / CLASSES).max(1)
    }

    /// The class of a value, from nought to four; nothing where nothing can be said.
    fn place(&self, value: Option<i64>) -> Option<i64> {
        let above = value?.saturating_sub(self.from);
        Some((above / self.step()).clamp(0, CLASSES - 1))
    }

    /// The name of a value's colour.
    pub fn class(&self, value: Option<i64>) -> String {
        match self.place(value) {
            None => "zx-shade-none".to_owned(),
            Some(place) => format!("zx-shade-{place}"),
        }
    }

    /// The classes in words.
    pub fn legend(&self, metric: &Metric) -> Html {
        let line = |place: i64| {
            let low = self.from.saturating_add(self.step().saturating_mul(place));
            let high = if place + 1 == CLASSES {
                self.to
            } else {
                low.saturating_add(self.step())
            };
            let words = format!(
                "{}–{}",
                format::short(metric, Some(low)),
                format::short(metric, Some(high))
            );
            html! { <li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" class={format!("zx-shade-{place}")} /></svg>{ words }</li> }
        };
        html! {
            <ul class="zx-map-legend" aria-label={t!("legend")}>{ for (0..CLASSES).map(line) }
                <li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" class="zx-shade-none" /></svg>{ t!("map-nothing") }</li></ul>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_five_classes() {
        let scale = Scale {
            from: 0,
            to: 10_000,
        };
        for (value, place) in [
            (0, 0),
            (1_999, 0),
            (2_000, 1),
            (9_999, 4),
            (10_000, 4),
            (12_000, 4),
        ] {
            assert_eq!(scale.place(Some(value)), Some(place), "{value}");
        }
        assert_eq!(scale.place(None), None);
        assert_eq!(Scale { from: 0, to: 0 }.place(Some(0)), Some(0));
    }
}
