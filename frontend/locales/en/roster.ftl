# Records of a ledger from a sheet.
roster = Import
roster-of-ledger = Import into: { $ledger }
roster-lead = Take a roster that exists already: it is tried first, and nothing is kept by the trial
roster-may-not = You may not enter records in this ledger, or it takes none from sheets; if you need to, ask the administrator of your level
roster-file = Choose a sheet
roster-choose = Sheet
roster-choose-hint = Excel (.xlsx) or CSV, which can be dropped here; one of its first ten lines names the columns; at most 16 MB
roster-pick = Choose a file…
roster-chosen = Chosen: { $name }
roster-too-large = The file is larger than 16 MB; keep only the lines and columns that are needed
roster-unit = Rows without a unit go to
roster-unit-hint = Not needed where the sheet has a column of units; with it, names of units are looked for at and below it
roster-blank = Blank sheet
roster-blank-file = { $name }-blank.csv
roster-unread = The sheet could not be read
roster-columns = Columns
roster-columns-hint = Columns with a known heading are matched; compare each one, choose another field where it is wrong, and leave out what is not needed.
roster-column = Column
roster-examples = Examples
roster-fills = Fills
roster-fills-of = What the column “{ $column }” fills
roster-left-out = left out
roster-required = { $name } (required)
roster-of = { $own } ({ $field })
roster-missing = No column fills what is required: { $names }. Choose one above, or add it to the sheet and choose the file again.
roster-doubled = Several columns fill { $name }: { $columns }. Leave one and choose another field for the rest.
roster-stale = Something was changed; try it again first
roster-would = What was found
roster-rows = Rows
roster-made = New
roster-changed = Changed
roster-unchanged = Known already
roster-faulty = Faulty
roster-people = New people
roster-clean = Nothing is wrong.
roster-errors = { $rows ->
    [one] { $rows } faulty row, { $count } in all; it is not kept
   *[other] { $rows } faulty rows, { $count } faults in all; they are not kept
}
roster-errors-table = Faulty rows
roster-errors-file = { $name }-faults.csv
roster-warnings = { $count ->
    [one] { $count } thing to compare; it is kept all the same
   *[other] { $count } things to compare; they are kept all the same
}
roster-warnings-table = Rows to compare
roster-warnings-file = { $name }-to-compare.csv
roster-row = Row
roster-row-of = Row { $row }
roster-said = What is wrong and what to do
roster-download = Save the list (CSV, opens in Excel)
roster-first = { $count ->
    [one] Only the first is listed; correct it and choose the file again
   *[other] Only the first { $count } are listed; correct them and choose the file again
}
roster-running = Working on { $name }; keep this page open
roster-try = Try again
roster-nothing = No row can be kept
roster-import = { $count ->
    [one] Import { $count } row
   *[other] Import { $count } rows
}
roster-ask = { $count ->
    [one] Import { $count } row?
   *[other] Import { $count } rows?
}
roster-means = { $made } new, { $changed } changed. They are records like those entered one by one: they can be changed and deleted, and their history is kept.
roster-means-people = { $count ->
    [one] { $count } person who stands in no record yet is entered along.
   *[other] { $count } people who stand in no record yet are entered along.
}
roster-means-faulty = { $count ->
    [one] { $count } faulty row is not kept; save the list, correct it, and import it again.
   *[other] { $count } faulty rows are not kept; save the list, correct them, and import them again.
}
roster-done = { $count ->
    [one] { $count } row imported
   *[other] { $count } rows imported
}
roster-finished = Imported
roster-outcome = { $made } new, { $changed } changed, { $faulty } faulty and not kept
roster-back = Back to { $ledger }
roster-again = Import another sheet
