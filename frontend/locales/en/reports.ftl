# Reporting and review.
reports = Reports
reports-brief = Report
reports-lead = Forms of my unit and of units I fill in for; each opens with the approved figures of the period before
reports-empty = No unit is waiting for you to fill in this period.
my-forms = My forms
my-forms-empty = No form is to be filled in now.
my-forms-below = { $done }/{ $expected } below handed in
reports-table = Units that report
form = Form
search-unit = Find a unit
due-day = Due
historical = Historical entry
fill-in = Fill in
locked = this period is locked
tabs-report = Content and versions
tab-sheet = Content
tab-history = Versions
item = Item
last-period = Last period
this-period = This period
last-approved = Last approved
last-approved-of = { $period } (approved)
change = Change
source-and-hint = Source and hint
source-document = Source document
source-example = Source document, such as the yearly distribution table
source-computed = computed
source-last = as last period
source-typed = typed in
returned-because = Reason of the return (revision): { $reason }
returned-figure = Returned: { $reason }
explanation = Explanation
explained = Explanation: { $text }
not-explained = No explanation given
unsaved = ▲ Unsaved changes
saved-at = Saved { $time }
save-done = Saved as a draft
submit-done = Submitted, waiting for the check
submit-blocked = { $count ->
    [one] One check does not pass yet: correct or explain it, then submit
   *[other] { $count } checks do not pass yet: correct or explain them, then submit
}
submit-confirm = Confirm submission
submit-look-again = Look again
submit-text = { $unit }: against the last period { $changed } changed, { $kept } unchanged. After submission nothing can be changed unless it is returned.
submit-changes = Changes against the last period
revise-text = A revision opens the approved report again; it is checked and approved anew. The former figures stay in its versions.
revise-cause = Cause of the revision
revise-needs-cause = Give the cause of the revision
revise-done = Opened for revision

action-save = Save draft
action-submit = Submit
action-check = Pass
action-approve = Approve
action-return = Return
action-revise = Revise
action-other = Change
reason-was = Reason: { $reason }
change-from = was

review = Review
review-brief = Review
review-lead = Reports with explained exceptions come first; after each one the next opens by itself
review-queue = Queue
review-count = { $count ->
    [one] { $count } report waits
   *[other] { $count } reports wait
}
review-choice = { $name } ({ $count })
review-keys = Keys: j next, k previous, a pass, r return
review-empty = Nothing waits for review. Reports appear here once they have been submitted.
review-figures = This period beside the last
why-explained = { $count ->
    [one] { $count } rule explained
   *[other] { $count } rules explained
}
open-whole = Open by itself
submitted-at = submitted { $time }
acted = { $unit }: { $act }
return-figure = Reason
return-figure-of = Reason for returning { $name }
return-reason = Reason of the return
return-hint = Click a phrase to insert it; or give reasons at single figures only
return-needs-reason = Say why it is returned, so that the reporter knows what to change
return-see-figures = Please correct the figures as noted
return-confirm = Confirm return
phrases = Phrases
phrase-separator = ;{" "}
phrase-keep = Keep this as a phrase of mine
phrase-kept = The phrase is kept
phrase-remove = Remove the phrase: { $text }
phrase-removed = The phrase is removed
phrases-tidy = Tidy my phrases
phrases-done = Done
last-year = Last year
median = Neighbours
compare-previous-hint = What was approved last for this unit
compare-year-hint = What was approved for this unit for the same period of last year
compare-median-hint = Neighbours: the median of { $count ->
    [one] the one other unit
   *[other] the { $count } other units
} under the same one that reported.
compare-no-neighbours = No other unit under the same one has reported, so there is no median yet.
compare-legend = Below each figure stands how far this period is from it; ▲ more than half.
compare-far = differs by more than half
compare-waiting = Fetching last year and the neighbours …
compare-failed = Last year and the neighbours could not be fetched: { $reason }
rest = Pass all the rest
rest-none = Nothing can be passed together: every report has an explanation, review them one by one
rest-title = { $count ->
    [one] Pass { $count } report?
   *[other] Pass { $count } reports?
}
rest-act = Pass { $count }
rest-text = { $count ->
    [one] The one report of this queue without an explained exception will be passed.
   *[other] The { $count } reports of this queue without an explained exception will be passed.
}
rest-explained = { $count ->
    [one] One more has an explanation and is left out: review it by itself.
   *[other] { $count } more have an explanation and are left out: review them one by one.
}
rest-done = { $count } passed
rest-refused = { $count } passed, { $refused } could not be: { $reason }
grid-open = Fill in as a table
grid-on-behalf = Filled in by the { $level }
grid-lead = One row a unit, one column a figure; only changed rows are saved
grid-keys = Arrow keys and Enter move between cells; a block copied from a spreadsheet can be pasted into any cell
grid-hints = Hints and explanations
grid-cell = { $field } of { $unit }
grid-explain = Explanation of { $unit }
grid-changed = { $count ->
    [one] { $count } row changed
   *[other] { $count } rows changed
}
grid-faults = { $count ->
    [one] { $count } thing to correct, go there
   *[other] { $count } things to correct, go to the next
}
grid-submit = Submit { $count }
grid-submit-title = { $count ->
    [one] Submit { $count } report?
   *[other] Submit { $count } reports?
}
grid-submit-text = The reports of { $count ->
    [one] one unit
   *[other] { $count } units
} will be saved and submitted; they cannot be changed unless they are returned.
grid-submit-rest = { $count ->
    [one] One more thing is to be corrected; its row is not submitted.
   *[other] { $count } more things are to be corrected; their rows are not submitted.
}
grid-saved = { $count ->
    [one] { $count } row saved
   *[other] { $count } rows saved
}
grid-submitted = { $count ->
    [one] { $count } report submitted
   *[other] { $count } reports submitted
}
grid-refused = { $count } done, { $refused } refused: see the hints of the rows
source-carried = carried over
by-deputy = { $name } ({ $deputy } as deputy)
