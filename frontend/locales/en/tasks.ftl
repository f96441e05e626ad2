# Tasks.
tasks = Tasks
tasks-brief = Tasks
tasks-lead = Gives each matter to the units that carry it, and shows how far they are
tasks-views = Views of tasks
tasks-mine = Waiting for me
tasks-tree = By matter
tasks-all = All tasks
tasks-to-do = My unit's tasks
tasks-to-do-none = No tasks wait. What is handed down to your unit will stand here
tasks-to-review = Results to be checked
tasks-to-review-none = No results wait. What the units below report will stand here
tasks-to-decide = Requests to be decided
tasks-to-decide-none = No requests wait. What the units below ask for will stand here
tasks-act-all = { $act }: { $count ->
    [one] { $count } task
   *[other] { $count } tasks
}
tasks-act-title = { $act } for { $count ->
    [one] { $count } task
   *[other] { $count } tasks
}?
tasks-act-text = Each is taken on its own; what somebody else has changed is left out and said.
tasks-acted = { $refused ->
    [0] { $count } done
   *[other] { $count } done, { $refused } not; reload to see why
}
tasks-none = No task fits; change the filters
tasks-export = Export what is shown
tasks-file = tasks.csv
task = Task
task-matter = Matter
task-due = Due
task-issued = Issued
task-accepted = Accepted
task-working = In progress
task-reported = Reported
task-completed = Completed
task-closed = Closed
task-suspended = Suspended
task-terminated = Terminated
task-done = Completed or closed
task-aside = Suspended or terminated
task-act-accept = Accept
task-act-start = Start
task-act-report = Report
task-act-pass = Approve
task-act-return = Return
task-act-close = Close
task-act-suspend = Suspend
task-act-resume = Resume
task-act-terminate = Terminate
task-act-of = { $act }: { $unit }
task-acted = Done: { $act }
task-result = What was done
task-reason = Reason
task-remark = Remark
task-needs-result = Say what was done
task-needs-reason = Give a reason
task-terminate-means = A terminated task is not worked on any more and cannot be resumed; it would have to be handed down again.
task-suspend-means = While it is suspended a task is never overdue; it can be resumed at any time.
task-waits-for = { $what } waits
task-ask-extension = Extension
task-ask-reassignment = Reassignment
task-ask = Ask for more time or another unit
task-ask-kind = What is asked
task-ask-send = Send
task-asked = Sent; it waits for a decision
task-requests = Requests
task-withdraw = Withdraw
task-to-unit = Give it to
task-needs-unit = Choose the unit that is given the task
task-until = Until { $day }
task-from-unit = Before: { $unit }
task-deputy = (by { $name })
task-extension-asked = Extension asked
task-extension-granted = Extension granted
task-extension-refused = Extension refused
task-extension-withdrawn = Extension withdrawn
task-reassignment-asked = Reassignment asked
task-reassignment-granted = Reassigned
task-reassignment-refused = Reassignment refused
task-reassignment-withdrawn = Reassignment withdrawn
task-history = History
task-note = Progress note
task-note-words = What happened
task-note-words-hint = A sentence or two: what was done, what is missing
task-note-send = Keep the note
task-noted = The note is kept
task-issuer = Issued by
task-lead = Lead department
task-responsible = Responsible departments
task-reach = Handed down to
task-reach-to = { $level } at most
task-own = Own task
task-below = Tasks below
task-share-done = Completed
task-this-unit = { $unit } (itself)
task-tree-of = Tasks of { $unit }
task-tree-none = Neither this unit nor those below have this matter for the period. Once it is handed down, its progress stands here
task-tree-none-yet = Not handed down for this period. “Hand down” at the top right gives the matter to the units below
task-overdue-count = { $count } overdue
task-soon-count = { $count } due soon
task-hand-down = Hand down
task-hand-down-title = Hand down: { $matter }
task-steps = Steps
task-step-whom = To whom
task-step-what = What
task-step-check = Check
task-back = Back
task-next = Next
task-send = Hand down { $count ->
    [one] { $count } task
   *[other] { $count } tasks
}
task-handed-down = { $count ->
    [one] { $count } task was handed down
   *[other] { $count } tasks were handed down
}
task-within = Within
task-within-hint = Empty means your own unit; a county or township narrows it to the units below
task-way = Which units
task-way-level = By level
task-way-units = Chosen units
task-way-before = As in a year before
task-level = Level
task-kinds = Kinds (none means all)
task-tags = Tags
task-tags-hint = None chosen means all; of several, one is enough
task-tag-count = { $name } ({ $count })
task-units = Add a unit
task-unit-remove = Remove { $unit }
task-before = Which year
task-before-hint = The units and departments of that year; due days move on to the same day of this period's year
task-due-before-hint = Empty moves the due days of that year on
task-note-with = Note
task-note-hint = Goes with the task; every unit sees it
task-targets = Targets
task-needs-due = Say by when
task-needs-level = Choose a level
task-needs-units = Add at least one unit
task-needs-tolerance = Enter how far a figure may lie from the target
task-needs-value = Give the target's value as a number
task-check-total = { $count ->
    [one] { $count } task will be handed down
   *[other] { $count } tasks will be handed down
}
task-check-level = { $level }: { $count }
task-check-between = { $level }: { $count } (between, so that progress adds up)
task-check-existing = { $count ->
    [one] { $count } unit has this matter for the period already
   *[other] { $count } units have this matter for the period already
}
task-skip-existing = Leave them as they are and hand it to the others
task-check-burden = What villages gain
task-check-gain = { $count ->
    [one] { $count } village gains one task
   *[other] { $count } villages gain one task each
}; the most loaded one will have { $most } open
task-burden-villages = Villages
task-burden-gain = Each gains
task-burden-open = Open now (mean)
task-burden-most = Most, after
task-check-targets = Targets beside the target above
task-check-target = { $metric } by { $by }: { $count } units, together { $together }
task-check-no-above = no target above for that day
task-check-adds-up = adds up with the target above
task-check-differs = target above { $above }, difference { $difference }
deed-task-created = Task issued
deed-task-handed-down = Matter handed down
deed-task-acted = Task acted on
deed-task-noted = Progress note kept
deed-task-asked = Extension or reassignment of a task asked
deed-task-decided = Request about a task decided
task-next-due = Next due
task-handed-to = Tasks at and below { $unit }
task-progress-none = Nothing was handed down for this year yet
task-needs-sheet = Choose a sheet
task-needs-metric = Choose a metric
task-needs-target-day = Say by when the target is to be reached
task-targets-hint = May be left out. Units between are given the sum of those below; shares are the same at every level
task-target-add = Add a target
task-target-remove = Remove
task-target-number = Target { $count }
task-share = How
task-share-same = The same for each
task-share-equal = A total in equal parts
task-by = By
files = Files
files-hint = Photographs, PDF, OFD, Word, Excel and others, { $most } at most; none is needed
files-many = { $most } at most; the others were left out
file-sending = Sending
file-there = Handed in
file-again = Send again
file-remove = Remove
file-remove-of = Remove { $name }
deed-file-added = File handed in
task-own-dues = Units with a day of their own
task-own-due-add = Add a unit
task-own-dues-hint = The others have the day above; for many, name the days in the sheet of targets
task-needs-own-due = Say by when for { $unit }
