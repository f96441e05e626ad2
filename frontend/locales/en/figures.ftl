# Statistics, saved views, and where figures come from.
statistics = Statistics
statistics-brief = Statistics
statistics-lead = Choose metrics, units and periods, as a table or drawn; the address is the view, to be saved and shared
statistics-choose = What is shown
statistics-metrics = Metrics
statistics-choose-metrics = Choose metrics
statistics-search = Find a metric
statistics-take = { $count ->
    [one] Take { $count } metric
   *[other] Take { $count } metrics
}
statistics-too-many = At most { $most } metrics at once; choose fewer
statistics-unit = Unit
statistics-level = Below it
statistics-level-next = Directly below
statistics-cadence = Kind of period
statistics-from = From
statistics-to = To
statistics-shown = Figures
statistics-views = Shown as
statistics-table = Figures, a column for each metric in each period
statistics-whole = { $unit }, whole
statistics-empty = There are no figures here yet. They come once reports are approved.
statistics-no-map = The map shows counties: choose the city and the units directly below it.
statistics-left-out = { $count ->
    [one] { $count } metric or unit has no figures or is outside what you may see
   *[other] { $count } metrics or units have no figures or are outside what you may see
}
statistics-largest = The { $count } units with the largest values are drawn; the table has all of them
statistics-chart-label = { $what }: { $metric }; the table shows the numbers
cadence-year = Years
cadence-half = Half-years
cadence-quarter = Quarters
cadence-month = Months
view-table = Table
view-line = Lines
view-bar = Bars
view-heat = Heat map
view-map = Map
views = Saved views
views-empty = There are no saved views yet. Name what you see and save it, to open it again later.
view-name = Name of the view
view-share = Shared
view-save = Save this view
view-saved = The view is saved
view-rename = Rename
view-new-name = New name
view-rename-save = Save the name
view-replace = Replace by this view
view-replaced = The view is replaced
view-remove = Remove
view-removed = The view is removed
share-nobody = Only me
share-below = My unit and below
share-everybody = The whole city
download-excel = Download Excel
download-csv = Download CSV
download-done = { $name } is downloaded

figure-title = Where it comes from: { $metric }
figure-value = Value and formula
figure-total = Total
figure-numerator = Numerator
figure-denominator = Denominator
figure-expected = Units that are expected to have it
figure-reported = Among those approved
figure-meaning = What it means
figure-sum = Sum of “{ $words }” over the units
figure-condition = Units that meet “{ $words }”
figure-compared = Compared
figure-previous = Period before ({ $period })
figure-last-year = Same period of last year ({ $period })
figure-peers = { $count ->
    [one] Median of its peers ({ $count } unit)
   *[other] Median of its peers ({ $count } units)
}
figure-target = Target
figure-apart = { $by } apart
figure-alone = There is nothing to compare with yet.
figure-units = { $count ->
    [one] The unit that makes it ({ $count })
   *[other] The units that make it ({ $count })
}
figure-units-table = The units that make the figure, the largest part first
figure-share = Part
figure-share-of = { $unit } makes { $share }
figure-bar = Part, drawn
figure-report = Report of { $period }
figure-open-report = Open the report
figure-field = Field
figure-entered = Entered
figure-fields-table = The fields of the report that the figure takes
figure-not-approved = Not approved yet and not counted; these are the numbers entered so far.
figure-met = Meets “{ $words }”: counts 1
figure-unmet = Does not meet “{ $words }”: counts 0
figure-makes = { $words } = { $value }
figure-incomplete = Numbers are missing; it cannot be computed yet
figure-derived = derived from ledgers, see the meaning
figure-records = Records
figure-sides = Numerator or denominator
figure-no-records = The unit has none of these records yet. A few seconds after they are entered they stand here.
figure-side-makes = The records below make { $value }
figure-selection = Counts where { $condition }
figure-selection-counts = { $counted } count, { $left } do not
figure-selection-closed = You may not see these records; their number stands alone.
figure-records-of = Records of { $ledger }
figure-record-names = Names
figure-record-counts = Counts
figure-record-why = Why it does not count
figure-counts = counts
figure-counts-not = does not count

tile-on-course = { $count } on course
tile-behind = { $count } behind
tile-overdue = { $count } overdue
light-behind = Behind
light-of = Light
goal = Target
moved = Change
moved-points = Change (points)
latest = Latest changes
latest-empty = Nothing changed lately. What units below submit, check and approve will be listed here.
latest-submitted = submitted
latest-checked = checked
latest-approved = approved
latest-returned = returned
latest-reopened = opened again
