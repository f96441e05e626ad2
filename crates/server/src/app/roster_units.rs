//! The units that a roster names, by their codes or by their names as people write them.

use super::AppResult;
use std::collections::BTreeMap;
use zhenxing_domain::policy::Scope;
use zhenxing_domain::unit::Level;
use zhenxing_storage::Conn;
use zhenxing_storage::unit::{self, Placed};

/// How names of committees of villages and communities end.
const ENDS: [&str; 6] = ["村民委员会", "居民委员会", "村委会", "居委会", "社区", "村"];

/// Units by what may stand in a cell.
#[derive(Debug, Default)]
pub(crate) struct Units {
    by_code: BTreeMap<String, Placed>,
    by_name: BTreeMap<String, Vec<Placed>>,
}

/// What a cell names.
pub(crate) enum Named<'a> {
    /// One unit.
    One(&'a Placed),
    /// Several of that name.
    Several,
    /// None.
    Nothing,
}

impl Units {
    /// The units within a scope that texts name.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) fn read(
        conn: &mut Conn,
        scope: &Scope,
        texts: &[String],
        today: chrono::NaiveDate,
    ) -> AppResult<Units> {
        let (codes, names): (Vec<&String>, Vec<&String>) =
            texts.iter().partition(|text| is_code(text));
        let mut units = Units::default();
        if !codes.is_empty() {
            let found = unit::by_codes(conn, scope, &codes, today)?.into_iter();
            units.by_code = found.map(|unit| (unit.code.clone(), unit)).collect();
        }
        let mut wanted: Vec<String> = names.iter().flat_map(|name| spellings(name)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if !wanted.is_empty() {
            for unit in unit::by_names(conn, scope, &wanted, today)? {
                let same = units.by_name.entry(core(&unit.name).to_owned());
                same.or_default().push(unit);
            }
        }
        Ok(units)
    }

    /// What a text names, among the units of some levels; those below a path come before others.
    pub(crate) fn find(&self, text: &str, levels: &[Level], below: Option<&str>) -> Named<'_> {
        if is_code(text) {
            return self.by_code.get(text).map_or(Named::Nothing, Named::One);
        }
        let all = self.by_name.get(core(text)).map_or(&[][..], Vec::as_slice);
        let mut left: Vec<&Placed> = all
            .iter()
            .filter(|unit| levels.contains(&unit.level))
            .collect();
        let prefer = |left: &mut Vec<&Placed>, wanted: &dyn Fn(&Placed) -> bool| {
            if left.len() > 1 && left.iter().any(|unit| wanted(unit)) {
                left.retain(|unit| wanted(unit));
            }
        };
        if let Some(path) = below {
            prefer(&mut left, &|unit| unit.path.starts_with(path));
        }
        prefer(&mut left, &|unit| unit.name == text);
        match left.as_slice() {
            [] => Named::Nothing,
            [one] => Named::One(one),
            _ => Named::Several,
        }
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of a place without what its committee is called.
fn core(name: &str) -> &str {
    let mut left = name;
    for end in ENDS {
        let shorter = left.strip_suffix(end);
        left = shorter.filter(|text| !text.is_empty()).unwrap_or(left);
    }
    left
}

/// The names under which a place may stand in the list of divisions.
fn spellings(name: &str) -> Vec<String> {
    let core = core(name);
    let kinds = ["", "村", "社区"];
    let committees = ["", "村民委员会", "居民委员会", "村委会", "居委会"];
    let all = kinds.iter().flat_map(|kind| {
        committees
            .iter()
            .map(move |end| format!("{core}{kind}{end}"))
    });
    all.chain(std::iter::once(name.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_one_name_however_its_committee_is_called() {
        for name in [
            "范庄村村民委员会",
            "范庄村委会",
            "范庄村",
            "范庄",
            "范庄社区居委会",
        ] {
            assert_eq!(core(name), "范庄", "{name}");
            assert!(spellings(name).contains(&"范庄村村民委员会".to_owned()));
        }
    }
}
