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
    let mut taken: BTreeMap<String, usize> = BTreeMap::from([(String::new(), 0)]);
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
        if !wanted(code, level) {
            continue;
        }
        let Some(count) = taken.get_mut(*parent).filter(|count| **count < most) else {
            continue;
        };
        *count += 1;
        taken.insert((*code).to_owned(), 0);
        kept.push(line.to_owned());
    }
    Ok(kept.join("\n").into_bytes())
}

/// Counties that have towns, and below them towns and administrative villages: what the tests report for.
fn wanted(code: &str, level: &str) -> bool {
    let number = |from: usize, to: usize| -> u16 {
        let digits = code.get(from..to);
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    match level {
        "county" => number(4, 6) > 20,
        "township" => number(6, 9) >= 100,
        "village" => number(9, 12) >= 199,
        _ => true,
    }
}
