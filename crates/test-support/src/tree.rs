//! A small part of the real division list: two counties with a few townships and villages.

use std::collections::BTreeMap;

/// A list of about sixty units, taken from the real one.
///
/// # Errors
/// When the list is not the CSV that the package ships.
pub fn small(whole: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(whole).map_err(|error| error.to_string())?;
    let mut lines = text.lines();
    let mut kept = vec![lines.next().ok_or("an empty list")?.to_owned()];
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [code, _, level, parent] = cells.as_slice() else {
            return Err(format!("a line without four cells: {line}"));
        };
        let most = match *level {
            "city" => 1,
            "county" => 2,
            "township" => 4,
            _ => 8,
        };
        let parent_kept = parent.is_empty() || taken.contains_key(*parent);
        let count = taken.entry((*parent).to_owned()).or_default();
        if parent_kept && *count < most {
            *count += 1;
            taken.insert((*code).to_owned(), 0);
            kept.push(line.to_owned());
        }
    }
    Ok(kept.join("\n").into_bytes())
}
