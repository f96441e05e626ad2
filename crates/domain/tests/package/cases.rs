//! Single changes of the shipped package, each with the fault that it brings.

/// A change of a shipped file: the file, a text that stands in it, and what takes its place the first time.
pub type Change = (&'static str, &'static str, &'static str);

/// The file of project P1.
pub const P1: &str = "matters/p1.toml";
/// The file of project P3.
pub const P3: &str = "matters/p3.toml";
/// The file of project P4.
pub const P4: &str = "matters/p4.toml";
/// The file of the people.
pub const PERSON: &str = "ledgers/person.toml";
/// The file of the postings.
pub const POSTING: &str = "ledgers/posting.toml";
pub const POST_HOLDER: &str = "ledgers/post_holder.toml";
/// The file of the monthly presence.
pub const PRESENCE: &str = "ledgers/presence.toml";
/// The file of the grids.
pub const GRID: &str = "ledgers/grid.toml";
/// The file of the weak party organisations.
pub const WEAK_BRANCH: &str = "ledgers/weak_branch.toml";
/// The file of the monthly staffing.
pub const M05: &str = "forms/M05.toml";
/// The file of the baseline of the staffing.
pub const BASELINE: &str = "forms/M05-baseline.toml";
/// The file of the income report.
pub const M12: &str = "forms/M12.toml";

/// One change, the text of the line that is pointed at, and the code of the fault.
pub const SINGLE: &[(Change, &str, &str)] = &[
    (
        ("holidays.toml", "last = 2021-01-03", "last = 2020-01-03"),
        "last = 2020-01-03",
        "date_order",
    ),
    (
        ("holidays.toml", "last = 2021-01-03", "last = 2021-03-03"),
        "last = 2021-03-03",
        "date_order",
    ),
    (
        ("holidays.toml", "day = 2021-02-07", "day = 2021-02-08"),
        "day = 2021-02-08",
        "no_day_off",
    ),
    (
        (
            "holidays.toml",
            "day = 2021-02-20",
            "day = 2021-02-07 # twice",
        ),
        "# twice",
        "duplicate_day",
    ),
    (
        (
            "holidays.toml",
            "first = 2021-01-01",
            "first = \"2021-01-01\"",
        ),
        "first = \"2021",
        "wrong_type",
    ),
    (
        ("deadlines.toml", "soon_days = 7", "soon_days = -7"),
        "soon_days = -7",
        "wrong_type",
    ),
    (
        ("deadlines.toml", "extension_max_days = 30\n", ""),
        "[deadlines]",
        "missing_key",
    ),
    (
        (
            "deadlines.toml",
            "move_to_working_day = true",
            "move_to_working_day = \"yes\"",
        ),
        "move_to_working_day = \"yes",
        "wrong_type",
    ),
    (
        ("phrases.toml", "[[phrase]]", "[[phrase]]\ncolour = \"red\""),
        "colour",
        "unknown_key",
    ),
    (
        ("programme.toml", "version = 1", "version = -1"),
        "version = -1",
        "wrong_type",
    ),
    (
        (
            "programme.toml",
            "issued_on = 2021-10-29",
            "issued_on = \"2021-10-29\"",
        ),
        "issued_on",
        "wrong_type",
    ),
    (
        ("programme.toml", "valid_until = 2025", "valid_until = 2020"),
        "valid_until",
        "date_order",
    ),
    (
        (
            "programme.toml",
            "display_note_zh = \"本系统编号，非文件原序\"\n",
            "",
        ),
        "[programme]",
        "missing_key",
    ),
    (
        ("programme.toml", "code = \"P2\"", "code = \"P1\""),
        "code = \"P1\"\norder = 2",
        "duplicate_code",
    ),
    (
        ("ledgers.toml", "\nrestricted = true", "\nrestrictd = true"),
        "restrictd",
        "unknown_key",
    ),
    (
        ("ledgers.toml", "\nrestricted = true", "\nrestricted = 1"),
        "restricted = 1",
        "wrong_type",
    ),
    (
        (
            "matters/p5.toml",
            "tags = [\"脱贫县\"]",
            "tags = [\"贫困县\"]",
        ),
        "tags = [\"贫困县\"]",
        "unknown_reference",
    ),
    (
        ("tags.toml", "code = \"任务重\"", "code = \"重点村\""),
        "code = \"重点村\"\nname_en = \"Heavy",
        "duplicate_code",
    ),
    (
        (
            "tags.toml",
            "levels = [\"county\"]",
            "levels = [\"province\"]",
        ),
        "province",
        "unknown_word",
    ),
    (
        ("tags.toml", "levels = [\"village\"]", "levels = []"),
        "levels = []",
        "level_order",
    ),
    (
        (
            "departments.toml",
            "level = \"city\"",
            "level = \"province\"",
        ),
        "province",
        "unknown_word",
    ),
    (
        (
            "departments.toml",
            "name_en = \"Party school\"",
            "name_en = \" \"",
        ),
        "name_en = \" \"",
        "empty_text",
    ),
    (
        (P1, "kept = [\"school_course\"", "kept = [\"school_curse\""),
        "school_curse",
        "unknown_reference",
    ),
    (
        (P1, "project = \"P1\"", "project = \"P9\""),
        "project = \"P9\"",
        "unknown_reference",
    ),
    (
        (
            P1,
            "lead_departments = [\"organisation\"]",
            "lead_departments = [\"organization\"]",
        ),
        "organization",
        "unknown_reference",
    ),
    (
        (
            P1,
            "department = \"party_school\"",
            "department = \"school\"",
        ),
        "department = \"school\"",
        "unknown_reference",
    ),
    (
        (
            P1,
            "metric = \"M01.leaders_trained\"",
            "metric = \"M01.leaders\"",
        ),
        "metric = \"M01.leaders\"",
        "unknown_reference",
    ),
    (
        (
            P1,
            "levels = [\"city\", \"county\"]",
            "levels = [\"county\", \"city\"]",
        ),
        "levels = [\"county\", \"city\"]",
        "level_order",
    ),
    (
        (P1, "levels = [\"city\", \"county\"]", "levels = []"),
        "levels = []",
        "level_order",
    ),
    (
        (P1, "cadence = \"yearly\"", "cadence = \"weekly\""),
        "weekly",
        "unknown_word",
    ),
    (
        (P1, "value = 100", "value = 100.005"),
        "value = 100.005",
        "bad_number",
    ),
    (
        (P1, "value = 100", "value = \"100\""),
        "value = \"100\"",
        "wrong_type",
    ),
    ((P1, "value = 100\n", ""), "[[target]]", "target_value"),
    (
        (
            P1,
            "tolerance_setting = \"city_share_tolerance\"",
            "tolerance_setting = \"tolerance\"",
        ),
        "tolerance_setting",
        "unknown_reference",
    ),
    (
        (P1, "kind = \"percent\"", "kind = \"integer\""),
        "tolerance_setting",
        "bad_number",
    ),
    (
        (P1, "kind = \"ratio\"", "kind = \"ratio\"\ndecimals = 0"),
        "decimals = 0",
        "bad_decimals",
    ),
    (
        (P1, "source = \"derived\"", "source = \"computed\""),
        "source = \"computed\"",
        "metric_outside_form",
    ),
    (
        (
            P1,
            "code = \"M01.leaders_trained\"",
            "code = \"M77.leaders_trained\"",
        ),
        "code = \"M77",
        "unknown_reference",
    ),
    (
        (M05, "by = 2023-10-31", "by = \"next_year\""),
        "next_year",
        "unknown_word",
    ),
    (
        (P3, "expected = 11", "expected = 1"),
        "[[matter.list]]\ncode = \"problem_kinds\"",
        "list_length",
    ),
    (
        (
            P3,
            "code = \"no_breakthrough\"",
            "code = \"poverty_results\"",
        ),
        "code = \"poverty_results\"\nname_zh = \"推进",
        "duplicate_code",
    ),
    (
        (M12, "matter = \"M12\"", "matter = \"M31\""),
        "matter = \"M31\"",
        "unknown_reference",
    ),
    (
        (M12, "fill_due = \"12-20\"", "fill_due = \"10-20\""),
        "schedule =",
        "schedule_order",
    ),
    (
        (M12, "opens = \"11-01\"", "opens = \"11-31\""),
        "schedule =",
        "bad_moment",
    ),
    (
        (M12, "approve_due = \"12-31\"", "approve_due = \"12-24\""),
        "schedule =",
        "schedule_order",
    ),
    (
        (
            M12,
            "historical_until = \"2025\"",
            "historical_until = \"2025Q4\"",
        ),
        "historical_until",
        "bad_period",
    ),
    (
        (M12, "first_period = \"2021\"\n", ""),
        "[form]",
        "missing_key",
    ),
    (
        (
            M12,
            "fill_levels = [\"village\", \"township\"]",
            "fill_levels = [\"township\", \"village\"]",
        ),
        "fill_levels",
        "level_order",
    ),
    (
        (
            M12,
            "approve_level = \"county\"",
            "approve_level = \"village\"",
        ),
        "approve_level",
        "level_order",
    ),
    (
        (
            M12,
            "kinds = [\"administrative_village\"]",
            "kinds = [\"town\"]",
        ),
        "kinds = [\"town\"]",
        "level_order",
    ),
    (
        (M12, "value = [\"operating\", ", "value = [\"oprating\", "),
        "oprating",
        "unknown_reference",
    ),
    (
        (M12, "code = \"threshold_50k\"", "code = \"threshold_100k\""),
        "code = \"threshold_100k\"\nkind = \"money\"\nvalue = 100",
        "duplicate_code",
    ),
    (
        (
            M12,
            "computed = \"sum(operating, ",
            "computed = \"sum(operate, ",
        ),
        "computed =",
        "expression",
    ),
    (
        (M12, "subject = \"sum(counted)\"", "subject = \"counted\""),
        "subject =",
        "expression",
    ),
    (
        (M12, "right = \"0\"", "right = \"0)\""),
        "right =",
        "expression",
    ),
    (
        (M12, "field = \"total\"", "field = \"sum\""),
        "field = \"sum\"",
        "unknown_reference",
    ),
    (
        (M12, "max = 1_000_000_000.00", "max = -1"),
        "max = -1",
        "range_order",
    ),
    (
        (
            M12,
            "code = \"contract\"\nname_zh = \"发包收入\"",
            "code = \"Contract\"\nname_zh = \"发包收入\"",
        ),
        "code = \"Contract\"",
        "bad_code",
    ),
    (
        (M12, "field = \"operating\"", "field = \"operations\""),
        "field = \"operations\"",
        "unknown_reference",
    ),
    (
        (
            M12,
            "numerator = \"at_least(income_counted, threshold_50k)\"",
            "numerator = \"income_counted\"",
        ),
        "numerator = \"income_counted\"",
        "kind_mismatch",
    ),
    (
        (
            M12,
            "code = \"M12.income_counted\"",
            "code = \"M12.counted\"",
        ),
        "code = \"M12.counted\"",
        "duplicate_code",
    ),
    (
        (
            M12,
            "severity = \"needs_explanation\"",
            "severity = \"fatal\"",
        ),
        "severity = \"fatal\"",
        "unknown_word",
    ),
    (
        (
            M05,
            "fill_levels = [\"county\"]",
            "fill_levels = [\"village\"]",
        ),
        "fill_levels",
        "level_order",
    ),
    (
        (M05, "field = \"vacancies\" }", "field = \"vacant\" }"),
        "carried =",
        "unknown_reference",
    ),
    (
        (M05, "carried = {", "computed = \"authorised\"\ncarried = {"),
        "carried =",
        "carried_computed",
    ),
    (
        (
            M05,
            "carried = { form = \"M05-baseline\", field = \"vacancies\" }",
            "carried = { form = \"M15\", field = \"jobs_found\" }",
        ),
        "carried =",
        "carried_not_once",
    ),
    (
        (
            M05,
            "all(at_least(baseline_vacancies, 1), at_least(0, vacancies))",
            "all(baseline_vacancies, at_least(0, vacancies))",
        ),
        "numerator = \"all(",
        "expression",
    ),
    (
        (
            BASELINE,
            "last_period = \"2021-10\"",
            "last_period = \"2021-09\"",
        ),
        "last_period",
        "period_order",
    ),
    (
        (PERSON, "code = \"sex\"", "code = \"state\""),
        "code = \"state\"",
        "bad_code",
    ),
    (
        (PERSON, "title = \"name\"", "title = \"phone\""),
        "title = \"phone\"",
        "wrong_kind",
    ),
    (
        (PERSON, "max_len = 30", "max_len = 30\nfilter = true"),
        "filter = true",
        "wrong_kind",
    ),
    (
        (PERSON, "code = \"female\"", "code = \"male\""),
        "code = \"male\"\nname_zh = \"女\"",
        "duplicate_code",
    ),
    (
        (
            POSTING,
            "holds = \"until > since\"",
            "holds = \"until > sinse\"",
        ),
        "sinse",
        "expression",
    ),
    (
        (
            POSTING,
            "holds = \"until > since\"",
            "holds = \"until > 3\"",
        ),
        "until > 3",
        "expression",
    ),
    (
        (
            POSTING,
            "holds = \"until > since\"",
            "holds = \"until > role\"",
        ),
        "until > role",
        "expression",
    ),
    (
        (
            POSTING,
            "exists(other posting here",
            "exists(other postings here",
        ),
        "exists(other postings",
        "expression",
    ),
    (
        (POSTING, "since = \"since\"", "since = \"role\""),
        "since = \"role\"",
        "wrong_kind",
    ),
    (
        (POST_HOLDER, "holder = \"person\"", "holder = \"post\""),
        "holder = \"post\"",
        "wrong_kind",
    ),
    (
        (
            POST_HOLDER,
            "reason = \"leaving_reason\"",
            "reason = \"since\"",
        ),
        "reason = \"since\"",
        "wrong_kind",
    ),
    (
        (
            POST_HOLDER,
            "common = [\"term_no\", \"way\"]",
            "common = [\"term\"]",
        ),
        "common = [\"term\"]",
        "unknown_reference",
    ),
    (
        (POST_HOLDER, "until = \"until\"\n", ""),
        "[ledger.term.replace]",
        "wrong_kind",
    ),
    (
        (POSTING, "until = \"until\"", "until = \"untill\""),
        "untill",
        "unknown_reference",
    ),
    (
        (POSTING, "title = \"role\"", "title = \"titel\""),
        "titel",
        "unknown_reference",
    ),
    (
        (POSTING, "field = \"until\"", "field = \"end_day\""),
        "end_day",
        "unknown_reference",
    ),
    (
        (PRESENCE, "to = \"posting\"", "to = \"postings\""),
        "to = \"postings\"",
        "unknown_reference",
    ),
    (
        (PRESENCE, "kind = \"reference\"", "kind = \"refer\""),
        "kind = \"refer\"",
        "unknown_word",
    ),
    (
        (PRESENCE, "to = \"confirmed\"", "to = \"entered\""),
        "code = \"confirmed\"",
        "unreached_state",
    ),
    (
        (PRESENCE, "from = [\"returned\"]", "from = [\"lost\"]"),
        "from = [\"lost\"]",
        "unknown_reference",
    ),
    (
        (PRESENCE, "needs = [\"days\"]", "needs = [\"day\"]"),
        "needs = [\"day\"]",
        "unknown_reference",
    ),
    (
        (
            PRESENCE,
            "fields = [\"posting\", \"month\"]",
            "fields = [\"posting\", \"moon\"]",
        ),
        "\"moon\"",
        "unknown_reference",
    ),
    (
        (PRESENCE, "levels = [\"village\"]", "levels = []"),
        "levels = []",
        "level_order",
    ),
    (
        (
            PRESENCE,
            "month = month_start(month)",
            "month = month_start(days)",
        ),
        "month_start(days)",
        "expression",
    ),
    (
        (
            WEAK_BRANCH,
            "from = [\"confirmed\"]",
            "from = [\"planned\"]",
        ),
        "code = \"planned\"",
        "unreached_state",
    ),
    (
        (WEAK_BRANCH, "reason = true", "reasons = true"),
        "reasons = true",
        "unknown_key",
    ),
    (
        (
            WEAK_BRANCH,
            "not state in ('closed', 'relisted'))\"",
            "not state in ('closed', 'ended'))\"",
        ),
        "'ended'",
        "expression",
    ),
    (
        (P1, "status = \"pending\"", "status = \"active\""),
        "source = \"derived\"",
        "kind_mismatch",
    ),
    (
        (
            P1,
            "denominator = \"count(post_holder where in_force and post = 'secretary')\"\n",
            "",
        ),
        "source = \"derived\"\nledgers = [\"post_holder\", \"training\"]",
        "kind_mismatch",
    ),
    (
        (P1, "organiser = 'city'", "organiser = 'town'"),
        "organiser = 'town'",
        "expression",
    ),
    (
        (
            P1,
            "denominator = \"distinct(person of post_holder",
            "denominator = \"distinct(person of post_holders",
        ),
        "of post_holders",
        "expression",
    ),
    (
        (P4, "days >= days_a_month", "days >= days_a_week"),
        "days_a_week",
        "expression",
    ),
    (
        (
            GRID,
            "fill_levels = [\"village\", \"township\"]",
            "fill_levels = [\"village\"]\nfill_level = 1",
        ),
        "fill_level = 1",
        "unknown_key",
    ),
    (
        (PRESENCE, "max = 31", "max = -1"),
        "max = -1",
        "range_order",
    ),
    (
        (
            PERSON,
            "levels = [\"county\", \"township\", \"village\"]",
            "levels = [\"county\"]",
        ),
        "fill_levels",
        "level_order",
    ),
];
