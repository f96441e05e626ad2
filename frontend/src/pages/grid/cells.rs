//! What stands in the cells of the table, and which rows differ from what was saved.

use crate::pages::typed::{Texts, first_texts, typed};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;
use zhenxing_api_types::report::domain_values;
use zhenxing_api_types::report_bulk::GridRow;
use zhenxing_domain::package::{FieldValue, Finding, FormDef};

/// One row: what is typed, and the explanations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Own {
    /// What stands in the cells.
    pub texts: Texts,
    /// Explanations by rule.
    pub explanations: Texts,
}

impl Own {
    /// The values that are typed.
    pub fn values(&self, form: &FormDef) -> BTreeMap<String, FieldValue> {
        typed(form, &self.texts)
    }

    /// What the rules say of them.
    pub fn findings(&self, form: &FormDef, row: &GridRow) -> Vec<Finding> {
        let previous = row.previous.as_ref().map(domain_values);
        form.check(&self.values(form), previous.as_ref(), &self.explanations)
    }
}

/// The rows as they are typed, beside those that came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells {
    /// As they are typed.
    pub rows: Vec<Rc<Own>>,
    first: Vec<Rc<Own>>,
    open: Vec<bool>,
}

/// A change of the cells.
pub enum Step {
    /// A text in one cell.
    Set {
        /// The row's place.
        row: usize,
        /// The field's code.
        field: String,
        /// The text.
        text: String,
    },
    /// An explanation of a row.
    Explain {
        /// The row's place.
        row: usize,
        /// The rule's code.
        rule: String,
        /// The text.
        text: String,
    },
    /// A block from a sheet, from a cell on to the right and down.
    Paste {
        /// The first row's place.
        row: usize,
        /// The codes of the columns from the first on.
        columns: Vec<String>,
        /// Lines of cells.
        block: Vec<Vec<String>>,
    },
}

impl Cells {
    /// The rows as they came.
    pub fn of(form: &FormDef, rows: &[GridRow]) -> Cells {
        let own = |row: &GridRow| {
            Rc::new(Own {
                texts: first_texts(form, &row.values, row.previous.as_ref()),
                explanations: row.explanations.clone(),
            })
        };
        let first: Vec<Rc<Own>> = rows.iter().map(own).collect();
        let open = rows.iter().map(|row| row.can_save).collect();
        Cells {
            rows: first.clone(),
            first,
            open,
        }
    }

    /// The places of the rows that differ from what came.
    pub fn changed(&self) -> Vec<usize> {
        let pairs = self.rows.iter().zip(&self.first).enumerate();
        pairs
            .filter(|(_, (now, first))| now != first)
            .map(|(place, _)| place)
            .collect()
    }

    fn change(&mut self, row: usize, change: impl FnOnce(&mut Own)) {
        // A row that is with the township's superiors cannot be typed into, nor pasted over.
        if self.open.get(row) == Some(&true)
            && let Some(own) = self.rows.get_mut(row)
        {
            change(Rc::make_mut(own));
        }
    }
}

impl Reducible for Cells {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut all = (*self).clone();
        match step {
            Step::Set { row, field, text } => all.change(row, |own| {
                own.texts.insert(field, text);
            }),
            Step::Explain { row, rule, text } => all.change(row, |own| {
                own.explanations.insert(rule, text);
            }),
            Step::Paste {
                row,
                columns,
                block,
            } => {
                for (down, line) in block.into_iter().enumerate() {
                    all.change(row + down, |own| {
                        for (field, text) in columns.iter().zip(line) {
                            own.texts.insert(field.clone(), text);
                        }
                    });
                }
            }
        }
        all.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Rc<Cells> {
        let rows: Vec<Rc<Own>> = (0..3).map(|_| Rc::default()).collect();
        Rc::new(Cells {
            first: rows.clone(),
            rows,
            open: vec![true, false, true],
        })
    }

    #[test]
    fn a_block_goes_right_and_down_and_leaves_closed_rows_alone() {
        let block = vec![
            vec!["1".to_owned(), "2".to_owned()],
            vec!["3".to_owned()],
            vec!["4".to_owned()],
            vec!["5".to_owned()],
        ];
        let columns = vec!["a".to_owned(), "b".to_owned()];
        let done = cells().reduce(Step::Paste {
            row: 0,
            columns,
            block,
        });
        assert_eq!(done.changed(), [0, 2]);
        let text = |row: usize, field: &str| {
            done.rows
                .get(row)
                .and_then(|own| own.texts.get(field))
                .cloned()
        };
        assert_eq!(text(0, "b").as_deref(), Some("2"));
        assert_eq!(text(1, "a"), None);
        assert_eq!(text(2, "a").as_deref(), Some("4"));
    }

    #[test]
    fn a_row_typed_back_is_unchanged_again() {
        let set = |text: &str| Step::Set {
            row: 0,
            field: "a".to_owned(),
            text: text.to_owned(),
        };
        let first = Cells {
            first: vec![Rc::default()],
            rows: vec![Rc::default()],
            open: vec![true],
        };
        let typed = Rc::new(first).reduce(set("7"));
        assert_eq!(typed.changed(), [0]);
    }
}
