# Extensions.
extensions = Extensions
extensions-empty = No extension waits for a decision. They appear here when who fills in asks before the due day.
extensions-none = There is no extension in this state.
extensions-all = All ({ $count })
extensions-picked = { $count } chosen
extensions-grant-picked = Grant the chosen
extensions-refuse-picked = Refuse the chosen
extensions-done = { $count ->
    [one] { $count } extension decided
   *[other] { $count } extensions decided
}
extensions-partly = { $count } decided, { $refused } could not be: { $reason }
extensions-sent = { $count ->
    [one] Asked for { $count } extension
   *[other] Asked for { $count } extensions
}
extended = extended
extension-asked = Waiting
extension-granted = Granted
extension-refused = Refused
extension-withdrawn = Withdrawn
extension-answered = { $by } answered { $at }: { $text }
extension-decided = decided by { $by } { $at }
extension-ask = Ask for an extension
extension-send = Send
extension-sent = Asked for an extension, waiting for the decision
extension-text = { $unit }: due { $due }. Until it is granted that day holds.
extension-many-text = Choose the units; each asks by itself, and until it is granted the due day holds.
extension-units = Units ({ $count } chosen)
extension-until = New day
extension-until-hint = Later than the due day { $due }
extension-offers = Usual lengths
extension-offer = { $days } days
extension-reason = Reason
extension-reason-hint = Why it cannot be done in time, in a sentence or two
extension-needs-day = Choose the new day
extension-needs-reason = Give a reason
extension-needs-unit = Choose at least one unit
extension-too-late = The due day is over; no extension can be asked for. Submit it as late.
extension-line = from { $due } to { $until }
extension-because = Reason: { $reason }
extension-asked-by = asked by { $by } { $at }
extension-withdraw = Withdraw
extension-withdrawn-done = The request is withdrawn
extension-from = Due
extension-to = Asked until
extension-days = { $until } ({ $count ->
    [one] { $count } day
   *[other] { $count } days
})
extension-asker = Asked by
extension-outcome = Decision
extension-grant = Grant
extension-refuse = Refuse
extension-act-of = { $act } the extension of { $unit }
extension-grant-title = { $count ->
    [one] Grant { $count } extension?
   *[other] Grant { $count } extensions?
}
extension-refuse-title = { $count ->
    [one] Refuse { $count } extension?
   *[other] Refuse { $count } extensions?
}
extension-decision = Answer
extension-grant-hint = May stay empty; who asked will see it
extension-refuse-hint = Say why; who asked will see it
extension-refuse-needs = Say why it is refused
waits-extend = { $count ->
    [one] { $count } extension waits for a decision
   *[other] { $count } extensions wait for a decision
}
go-extend = Decide
tab-waiting = Reports ({ $count })
tab-extensions = Extensions ({ $count })
