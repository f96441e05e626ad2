//! The figures of the demonstration: drawn from codes and years alone, so that they are the same everywhere and for ever.

use chrono::Datelike;
use std::collections::BTreeMap;
use zhenxing_domain::package::FieldValue;
use zhenxing_domain::period::Period;

/// How the reports of a form are made up.
#[derive(Clone, Copy)]
pub struct Maker {
    /// The form.
    pub form: &'static str,
    /// The values of a village in a period.
    pub values: fn(&str, Period) -> BTreeMap<String, FieldValue>,
    /// Why a figure of it is unusual.
    pub explanation: fn(&str, Period) -> &'static str,
    /// Why it was returned.
    pub returned: fn(&str) -> &'static str,
}

/// The yearly income.
pub const M12: Maker = Maker {
    form: "M12",
    values: |code, period| {
        let names = ["operating", "contract", "investment", "subsidy", "other"];
        named(&names, &sources(code, period.year()))
    },
    explanation: |code, period| explanation(code, period.year()),
    returned: |code| one_of(&RETURNS, code, "return"),
};

/// Land and assets of a quarter.
pub const M08: Maker = Maker {
    form: "M08",
    values: |code, period| {
        let text = period.to_string();
        named(
            &["land_transferred", "assets_in_use"],
            &put_to_use(code, &text),
        )
    },
    explanation: |_, _| "本季度集中签订合同，已与台账核对",
    returned: |_| "流转面积应以合同为准，请核对后重新提交",
};

/// What townships lacked when the plan was issued.
pub const M05_BASELINE: Maker = Maker {
    form: "M05-baseline",
    values: |code, _| {
        let [administrative, institutional, vacancies] = posts(code);
        let authorised = administrative + institutional;
        named(
            &["administrative", "institutional", "authorised", "in_post"],
            &[
                administrative,
                institutional,
                authorised,
                authorised - vacancies,
            ],
        )
    },
    explanation: |_, _| "军队转业干部安置，编制待调整",
    returned: |_| "核定编制与“三定”文件不一致，请核对",
};

/// The staffing of townships at the end of a month.
pub const M05: Maker = Maker {
    form: "M05",
    values: |code, period| {
        let [administrative, institutional, _] = posts(code);
        let authorised = administrative + institutional;
        let vacant = vacant(code, period);
        named(
            &["authorised", "in_post"],
            &[authorised, authorised - vacant],
        )
    },
    explanation: |_, _| "本月集中办理调动，手续齐全",
    returned: |_| "实有人数与编制实名制台账不一致，请核对",
};

/// What the unions of a county did in a quarter.
pub const M15: Maker = Maker {
    form: "M15",
    values: |code, period| {
        let text = period.to_string();
        let names = ["activities", "served_jobs", "served_skills", "jobs_found"];
        named(&names, &aid(code, &text))
    },
    explanation: |_, _| "本季度集中开展“春风行动”，场次增加",
    returned: |_| "服务人次与活动记录不一致，请核对",
};

fn named(names: &[&str], numbers: &[i64]) -> BTreeMap<String, FieldValue> {
    let pairs = names.iter().zip(numbers);
    pairs
        .map(|(name, number)| ((*name).to_owned(), FieldValue::Integer(*number)))
        .collect()
}

/// A number for a thing and a purpose. Neighbouring codes give numbers that have nothing in common.
pub fn draw(thing: &str, purpose: &str, below: u64) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in thing.bytes().chain([0]).chain(purpose.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash % below.max(1)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(0)
}

/// Income of 2021 in yuan at points of the distribution, in thousandths of the villages.
const INCOMES: [(i64, i64); 7] = [
    (0, 9_000),
    (100, 24_000),
    (300, 45_000),
    (500, 68_000),
    (700, 115_000),
    (900, 260_000),
    (1_000, 900_000),
];

fn income_at(point: i64) -> i64 {
    let mut before = (0, 9_000);
    for (at, income) in INCOMES {
        if point <= at {
            let width = (at - before.0).max(1);
            return before.1 + (income - before.1) * (point - before.0) / width;
        }
        before = (at, income);
    }
    before.1
}

/// A village's income of a year in yuan: a rich or poor county, growth from year to year, help for the poorest, and now
/// and then a jump.
pub fn income(code: &str, year: u16) -> i64 {
    let county = code.get(..6).unwrap_or(code);
    let wealth = 600 + signed(draw(county, "wealth", 900));
    let mut income = income_at(signed(draw(code, "income", 1_000))) * wealth / 1_000;
    for year in 2022..=year {
        let text = year.to_string();
        income = income * (1_060 + signed(draw(code, &text, 140))) / 1_000;
        if income < 50_000 {
            income = income * 125 / 100;
        }
        match draw(code, &format!("{text} event"), 100) {
            0 | 1 => income = income * 175 / 100,
            2 => income = income * 45 / 100,
            _ => {}
        }
    }
    income
}

/// The five sources in fen, adding up to the income: 经营性、发包、投资、补助、其他.
pub fn sources(code: &str, year: u16) -> [i64; 5] {
    let total = income(code, year);
    let share = |purpose: &str, least: i64, more: u64| {
        total * (least + signed(draw(code, purpose, more))) / 1_000
    };
    let operating = share("operating", 280, 200);
    let contract = share("contract", 150, 120);
    let investment = share("investment", 30, 60);
    let subsidy = share("subsidy", 50, 90);
    let other = total - operating - contract - investment - subsidy;
    [operating, contract, investment, subsidy, other].map(|yuan| yuan * 100)
}

/// Land in hundredths of a mu and assets in fen that a village put to use in a quarter: half of the villages have none.
fn put_to_use(code: &str, quarter: &str) -> [i64; 2] {
    let usual = |purpose: &str, below: u64| {
        let size = signed(draw(code, purpose, below * 2)) - signed(below);
        let sway = 700 + signed(draw(code, &format!("{purpose} {quarter}"), 600));
        size.max(0) * sway / 1_000
    };
    [usual("land", 160) * 100, usual("assets", 90_000) * 100]
}

/// Posts of a township, administrative and institutional, and how many of them were vacant at the plan's issue: six
/// townships in ten had some.
fn posts(code: &str) -> [i64; 3] {
    let administrative = 24 + signed(draw(code, "administrative", 30));
    let institutional = 20 + signed(draw(code, "institutional", 36));
    let vacancies = signed(draw(code, "vacancies", 15)) - 5;
    [administrative, institutional, vacancies.max(0)]
}

/// How many posts are vacant at the end of a month: what the plan found is filled within its two years but for a few,
/// and now and then somebody leaves.
fn vacant(code: &str, period: Period) -> i64 {
    let end = period.last_day();
    let months = i64::from((end.year() - 2021) * 12) + i64::from(end.month()) - 10;
    let [_, _, found] = posts(code);
    let wanted = 6 + signed(draw(code, "filled within", 20));
    let left = found - found * months.clamp(0, wanted) / wanted;
    let gone = draw(code, &format!("{period} gone"), 100) < 6;
    left + i64::from(gone)
}

/// Activities, people served for jobs and for skills, and jobs found, of a county in a quarter.
fn aid(code: &str, quarter: &str) -> [i64; 4] {
    let usual = |purpose: &str, least: i64, more: u64| {
        let sway = 700 + signed(draw(code, &format!("{purpose} {quarter}"), 600));
        (least + signed(draw(code, purpose, more))) * sway / 1_000
    };
    let jobs = usual("served for jobs", 260, 900);
    let found = jobs * (180 + signed(draw(code, quarter, 180))) / 1_000;
    let skills = usual("served for skills", 150, 600);
    [usual("activities", 5, 10), jobs, skills, found]
}

/// How far a village's report of a period has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Not begun.
    NotBegun,
    /// Begun and left.
    Draft,
    /// Handed in.
    Submitted,
    /// Returned with its reason.
    Returned,
    /// Checked by the township.
    Checked,
    /// Approved.
    Approved,
}

/// Past periods are in but for what late townships still owe; the present one is under way.
pub fn fate(township: &str, village: &str, period: &str, present: bool) -> Fate {
    let late = draw(township, &format!("{period} late"), 100) < 8;
    let at = draw(village, &format!("{period} fate"), 100);
    match (present, late, at) {
        (false, false, _) | (false, true, 0..=79) => Fate::Approved,
        (false, true, 80..=89) => Fate::Checked,
        (false, true, _) => Fate::NotBegun,
        (true, true, 0..=84) => Fate::NotBegun,
        (true, true, _) => Fate::Draft,
        (true, false, 0..=29) => Fate::Approved,
        (true, false, 30..=49) => Fate::Checked,
        (true, false, 50..=69) => Fate::Submitted,
        (true, false, 70..=73) => Fate::Returned,
        (true, false, 74..=81) => Fate::Draft,
        (true, false, _) => Fate::NotBegun,
    }
}

const EXPLANATIONS: [&str; 6] = [
    "新建冷库投入使用，租金收入增加",
    "收回到期机动地重新发包，承包费提高",
    "光伏电站并网发电，新增收益",
    "上年一次性补助较多，本年没有同类项目",
    "合作社分红推迟到次年发放",
    "闲置校舍盘活出租，新增租金",
];

/// Why a figure jumped.
pub fn explanation(code: &str, year: u16) -> &'static str {
    one_of(&EXPLANATIONS, code, &format!("{year} because"))
}

const RETURNS: [&str; 4] = [
    "经营性收入与村级账面不一致，请核对后重新提交",
    "补助收入应按到账数填写，请核对",
    "发包收入缺少上交部分，请补充",
    "单位疑似按万元填写，请按元核对",
];

/// One of some texts, drawn.
pub fn one_of(texts: &[&'static str], code: &str, purpose: &str) -> &'static str {
    let below = u64::try_from(texts.len()).unwrap_or(1);
    let at = usize::try_from(draw(code, purpose, below)).unwrap_or(0);
    texts.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn villages() -> Vec<String> {
        (0..3_000)
            .map(|at| {
                format!(
                    "1309{:02}1{:02}{:03}",
                    21 + at % 16,
                    at % 20,
                    200 + at % 190
                )
            })
            .collect()
    }

    fn share(year: u16, least: i64) -> usize {
        let all = villages();
        let reach = all.iter().filter(|code| income(code, year) >= least);
        reach.count() * 100 / all.len()
    }

    #[test]
    fn the_same_code_and_year_give_the_same_figures() {
        assert_eq!(sources("130921100200", 2024), sources("130921100200", 2024));
        assert_ne!(sources("130921100200", 2024), sources("130921100201", 2024));
    }

    #[test]
    fn sources_add_up_and_none_is_negative() {
        for code in villages() {
            for year in 2021..=2026 {
                let parts = sources(&code, year);
                assert_eq!(parts.iter().sum::<i64>(), income(&code, year) * 100);
                assert!(
                    parts.iter().all(|part| *part >= 0),
                    "{code} {year} {parts:?}"
                );
            }
        }
    }

    #[test]
    fn land_and_assets_sway_little_from_quarter_to_quarter() {
        let all = villages();
        let with = |at: usize| {
            all.iter()
                .filter(move |code| put_to_use(code, "2026Q1")[at] > 0)
        };
        for at in 0..2 {
            assert!((1_200..1_800).contains(&with(at).count()));
        }
        for code in with(1) {
            let two = ["2026Q1", "2026Q2"].map(|quarter| put_to_use(code, quarter)[1]);
            assert!(
                two[1] > 0 && two[0] < two[1] * 5 && two[1] < two[0] * 5,
                "{code} {two:?}"
            );
        }
    }

    #[test]
    fn vacancies_of_townships_are_filled_within_two_years_but_for_those_who_leave() {
        let all = villages();
        let open = |text: &str| {
            let period = Period::parse(text).unwrap();
            let open = all.iter().filter(|code| vacant(code, period) > 0);
            open.count() * 100 / all.len()
        };
        let shares = ["2021-10", "2022-06", "2022-12", "2023-12"].map(open);
        assert!((55..75).contains(&shares[0]), "{shares:?}");
        assert!(shares.windows(2).all(|two| two[0] >= two[1]), "{shares:?}");
        assert!((1..12).contains(&shares[3]), "{shares:?}");
    }

    #[test]
    fn never_more_jobs_than_were_served() {
        for code in villages() {
            let [activities, jobs, skills, found] = aid(&code, "2026Q2");
            assert!(activities > 0 && skills > 0 && 0 < found && found <= jobs);
        }
    }

    #[test]
    fn villages_grow_towards_the_targets() {
        let low: Vec<usize> = (2021..=2025).map(|year| share(year, 50_000)).collect();
        let high: Vec<usize> = (2021..=2025).map(|year| share(year, 100_000)).collect();
        for years in [&low, &high] {
            assert!(years.windows(2).all(|two| two[0] < two[1]), "{years:?}");
        }
        assert!(
            (55..75).contains(&low[0]) && (88..100).contains(&low[4]),
            "{low:?}"
        );
        assert!(
            (20..45).contains(&high[0]) && (45..70).contains(&high[4]),
            "{high:?}"
        );
    }

    #[test]
    fn counties_differ_and_past_years_are_nearly_complete() {
        let wealth = |county: &str| draw(county, "wealth", 900);
        assert_ne!(wealth("130921"), wealth("130922"));
        let all = villages();
        let fates = |present: bool| {
            let fate_of = |code: &String| fate(&code[..9], code, "2025", present);
            let done = all.iter().filter(|code| fate_of(code) == Fate::Approved);
            done.count() * 100 / all.len()
        };
        assert!(fates(false) >= 95);
        assert!((15..40).contains(&fates(true)));
    }
}
