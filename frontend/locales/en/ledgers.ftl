# Ledgers.
ledgers = Ledgers
ledgers-brief = Ledgers
ledgers-lead = Entered once, used everywhere: figures are derived from ledgers and never asked again
ledgers-empty = The programme has no ledgers
ledgers-base = Common ledgers
ledger = Ledger
ledger-all = All ledgers
ledger-matters = Matters
ledger-records = Records
ledger-changed = Last change
ledger-note = Note
ledger-unused = Not in use yet
ledger-unused-list = Not in use yet: { $names }
ledger-unreadable = You may not see its records
ledger-restricted = Organisation departments only
ledger-not-in-use = The programme names this ledger, but no records are kept in it yet. Once they are, they stand here.
ledger-further = More filters
ledger-find = Find by name
ledger-from = { $field }: from
ledger-to = { $field }: to
ledger-show = Show
ledger-kept = Current records
ledger-deleted = Deleted ones
ledger-by-latest = Latest first
ledger-by-title = By name
ledger-names-more = { $names } and others, { $count } in all
records = Records
records-many = more than { $count } records
records-count = { $count ->
    [one] { $count } record
   *[other] { $count } records
}
records-none = No record matches; change the filters
records-empty = No records yet; units of these levels enter them: { $who }. They will stand here.
records-empty-own = No records yet; units of these levels enter them: { $who }. Enter the first one with “Add” above.
record = Record
record-title = Name
record-untitled = (no name)
record-updated = Changed
record-updated-at = changed { $time }
record-add = Add
record-new-of = Add to: { $ledger }
record-edit-of = Change: { $title }
record-may-not = You may not enter or change this record; if you need to, ask the administrator of your level
record-unit = Held by
record-unit-hint = The unit to which this record belongs
record-needs-unit = Choose the unit to which it belongs
record-detail = Details
record-history = History
record-is-deleted = Deleted
record-save-again = Save and add another
record-keys = Enter goes to the next field, Ctrl+Enter saves
record-blocked = { $count ->
    [one] { $count } thing is still wrong; correct it as it says and save again
   *[other] { $count } things are still wrong; correct them as they say and save again
}
record-saved = Saved: { $title }
record-warned = Something to compare first
record-save-anyway = Compared, save all the same
record-warning = Note: { $text }
record-masked-hint = The middle is hidden; what you leave as it is stays as it is
record-edit-reason = Reason for the change
record-edit-reason-hint = May stay empty; it is kept in the history
record-offer-none = Nothing found; try other words
record-new-person = Add a person
record-picked = { $count ->
    [one] { $count } chosen
   *[other] { $count } chosen
}
record-take-out = Take out { $name }
record-paste = Paste a list of names
record-paste-title = Paste names: { $field }
record-paste-names = Names
record-paste-hint = A column copied from Excel, or names parted by commas; at most { $most } at once
record-paste-find = { $count ->
    [one] Find and add { $count } name
   *[other] Find and add { $count } names
}
record-paste-done = { $count ->
    [one] { $count } added
   *[other] { $count } added
}
record-paste-rest = Of those that are left, { $unknown } were not found and { $unclear } are the names of several; close this and look for them one by one
record-reveal = Show in full: { $field }
record-reveal-ask = Show { $field } of { $name }?
record-delete = Delete
record-delete-ask = Delete “{ $title }”?
record-delete-means = It no longer counts in any figure. Its history stays, and it can be restored.
record-delete-done = Deleted: { $title }
record-restore = Restore
record-restore-ask = Restore “{ $title }”?
record-restore-means = It counts in the figures again.
record-restore-done = Restored: { $title }
record-reason = Reason
record-needs-reason = Say why
record-move-of = { $act }: { $title }
record-move-means = Its state is “{ $state }” afterwards.
record-moved = Done: { $act }
record-made = Entered
record-edited = Changed
record-deleted = Deleted
record-restored = Restored
record-unit-merged = Came with a merged unit
