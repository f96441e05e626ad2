# Workbench and overview.
workbench = Workbench
workbench-lead = { $unit } · today { $today } · { $deadline }
workbench-deadline = next deadline { $day }
workbench-no-deadline = nothing is due
todo = To do ({ $count })
todo-empty = Nothing to do. What you have to fill in, check or approve appears here.
own-figures = Figures of my unit
progress = Progress of this period
progress-waits = Waiting
progress-open = Not submitted
when-overdue = Overdue
when-today = Today
when-week = This week
when-later = Later
when-historical = Historical entry (no deadline)
due-by = by { $day }
no-deadline = no deadline
waits-check = { $count ->
    [one] { $count } report to check
   *[other] { $count } reports to check
}
waits-approve = { $count ->
    [one] { $count } report to approve
   *[other] { $count } reports to approve
}
go-check = Check
go-approve = Approve
go-fill = Fill in
go-continue = Continue
go-correct = Correct
form-of-period = { $period } · { $form }
target = Target { $value }
target-by = Target { $value } by { $day }
against-last = { $change } against the last period

overview = Overview
overview-brief = Overview
projects = The six projects and responsibility
tile-matters = { $matters ->
    [one] { $matters } matter, { $known } with data
   *[other] { $matters } matters, { $known } with data
}
metric = Metric
period = Period
overview-units = { $metric }: units
overview-table = Units ranked by the metric
overview-empty = There are no units below and no report yet. Figures appear once reports have been approved.
overview-report = See the report of this village
overview-foot = As of { $time } · { $approved } of { $expected } units covered · { $waiting } awaiting approval
of-reported = { $value } of those that reported
known = { $approved }/{ $expected } covered · { $waiting } awaiting approval
value = Value
gap = Gap to target (points)
coverage = Covered
waiting-approval = Awaiting approval
unit = Unit
unit-above = Unit above
map-of = Map: { $metric }
map-unit = { $unit }: { $value }
map-without = Without borders:
map-review-no = Map review number { $number }
map-no-review-no = no map review number: replace it by a reviewed map before official use
map-nothing = No data
legend = Legend
below-open = { $count ->
    [one] { $count } unit below has not submitted
   *[other] { $count } units below have not submitted
}
go-behalf = Fill in for them
backlog = Earlier periods to enter ({ $form }):

trend = Trend and target
trend-empty = With two approved periods or more, the trend, the path to the target and a forecast stand here.
trend-figures = Figures
trend-path = Path to the target
trend-forecast = Forecast at the present pace (range shaded)
trend-numbers = The figures as a table
trend-foot = As of { $time }; the pace is the median of the slopes between the latest 24 periods with nine of ten units approved, the range its 10th to 90th percentile
trend-reached = target reached
trend-on-course = on course
trend-behind = behind the path by { $by }
trend-missed = overdue, { $by } short
trend-pace = now { $pace } in 30 days
trend-needed = { $pace } in 30 days needed to be in time
trend-ahead = { $value } expected on { $day } ({ $low } to { $high })
trend-and = {"; "}
trend-label = { $metric } of { $unit } over time; the table below has the figures
