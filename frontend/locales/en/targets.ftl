# Targets of units.
targets-share = How it is given
targets-each = Target of each unit
targets-total = Total
share-same = The same for all
share-equal = A total in equal shares
share-proportional = A total by the latest figures
share-weights = A total by weights from a sheet (population)
share-each = Each its own, from a sheet
share-each-typed = Typed one by one
share-sheet = From a sheet
sheet-file = File
sheet-hint = Excel (.xlsx) or CSV; the first line names 单位编码 or 单位名称, 目标值 or 权重, perhaps 完成时限
sheet-read = { $rows } lines read, { $errors } with faults
sheet-line = Line { $line }:{" "}
target-day = By
target-at-least = at least { $value }
target-at-most = at most { $value }
target-about = about { $value }
target-band = { $value } ± { $tolerance }
target-of-day = { $words }, by { $day }
targets = Targets
targets-lead = What each unit must reach by when, and whether together they make the target above
targets-empty = No targets yet. The unit above sets them.
targets-set = Set targets
targets-set-title = Set targets: { $name }
targets-set-count = { $count ->
    [one] Set { $count } target
   *[other] Set { $count } targets
}
targets-done = { $count ->
    [one] { $count } target was set
   *[other] { $count } targets were set
}
targets-try = Try
targets-trial = Trial: { $done } to be set, { $unchanged } unchanged, { $refused } refused
targets-trial-table = What would become of each
targets-before = Before
targets-after = New
targets-will-set = to be set
targets-unchanged = unchanged
targets-withdrawn = withdrawn
targets-needs-reason = Give a reason
targets-needs-values = Fill in the day and the values
targets-reason = Reason
targets-reason-hint = A document's number, a decision; kept with each version
targets-comparison = Compared as
targets-tolerance = Tolerance
comparison-at-least = at least
comparison-at-most = at most
comparison-about = about, with a tolerance
targets-now = Now
targets-now-is = now { $value }
targets-by = By { $day }
targets-missing = Missing
targets-reached = reached
targets-pace = Needed in 30 days
targets-pace-hint = How much it has to move in thirty days to be at the next target in time
targets-behind = behind
targets-missed = missed
targets-add-up = { $day }: together { $made }, as the target above asks ({ $above })
targets-differ = { $day }: together { $made }, { $difference } from the target above ({ $above }); { $with } of { $units } units have one
targets-none-below = { $day }: the target above is { $above }, none is set below
targets-not-comparable = { $day }: the target above is { $above }; those below cannot be put together
targets-foot = Figures of { $period }. { $method }
targets-by-sum = Targets below are added up.
targets-by-units = Shares below are weighed by the units that are expected to report.
targets-by-denominators = Shares below are weighed by the latest denominators.
targets-by-nothing = Nothing is known by which shares could be weighed.
targets-versions = Versions
targets-versions-of = Versions of the targets of { $unit }
targets-was-withdrawn = Target of { $day } withdrawn
targets-withdraw = Withdraw the target of { $day }
targets-withdraw-reason = Why it is withdrawn
deed-target-set = target set
deed-target-withdrawn = target withdrawn
targets-none-own = none of its own
target-of-metric = Target
