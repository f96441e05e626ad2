//! The ledgers of the demonstration: people, posts, courses, members of the party, weak organisations, tags; in one township
//! of every county and in those of the accounts, and grids with their households in the latter alone.

use super::figures::{draw, one_of};
use super::load::Authors;
use crate::app::roster_write::Draft;
use crate::app::{App, AppResult};
use chrono::{Datelike, Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use zhenxing_domain::ids::{AccountId, UnitId};
use zhenxing_domain::policy::Scope;
use zhenxing_domain::record::{RecordValue, Values, canonical};
use zhenxing_domain::unit::{Level, UnitKind};
use zhenxing_storage::unit::{self, Placed};
use zhenxing_storage::{Conn, ledger_tally, session};

const FAMILY: [&str; 24] = [
    "王", "李", "张", "刘", "赵", "孙", "马", "高", "田", "郭", "于", "韩", "杨", "陈", "吴", "周",
    "徐", "胡", "宋", "董", "贾", "魏", "崔", "范",
];
const GIVEN: [&str; 28] = [
    "建国", "志强", "秀兰", "玉珍", "树林", "永生", "桂英", "文明", "海涛", "春梅", "立新", "振华",
    "凤霞", "长顺", "金柱", "淑敏", "国栋", "红艳", "宝库", "晓东", "丽娟", "福来", "俊杰", "书琴",
    "景山", "云峰", "会芳", "占军",
];
const SENDERS: [&str; 5] = [
    "县农业农村局",
    "县水务局",
    "县自然资源和规划局",
    "县教育局",
    "县供销合作社",
];
/// What is wrong with an organisation, with the plan against it.
const WEAK: [(&str, &str); 3] = [
    (
        "班子不团结，“三会一课”不经常",
        "调整分工，补齐组织生活，镇党委副书记驻村指导，三个月内见效",
    ),
    (
        "集体经济薄弱，发展思路不清",
        "盘活闲置院落和机动地，确定一个增收项目，年内集体收入增加五万元",
    ),
    (
        "村务公开不及时，群众意见较大",
        "按月公开村务财务，集中办理积累的信访事项，逐件回访",
    ),
];
/// The posts of the people of a village, by their places; the secretary is the director as well.
const POSTS: [(usize, &str); 6] = [
    (0, "secretary"),
    (0, "director"),
    (1, "deputy_secretary"),
    (2, "party_committee"),
    (3, "deputy_director"),
    (4, "villagers_committee"),
];
/// People of a village, those of them who sit in its committees, and the members of the party.
const PEOPLE: usize = 12;
const CADRES: usize = 5;
const MEMBERS: usize = 10;
/// Grids of a village, households of a grid, and households that a member keeps contact with.
const GRIDS: usize = 3;
const HOMES: usize = 24;
const LINKED: usize = 12;
/// Months of which the presence of first secretaries is entered.
const PRESENT: u32 = 6;

type Pair = (&'static str, RecordValue);

/// Records of a ledger that are to be made, each in its unit.
type New<'a> = Vec<(&'a Placed, &'static str, Vec<Pair>)>;

/// The records that were made of a ledger, unit by unit in their order.
type Made = BTreeMap<UnitId, Vec<i64>>;

/// A township with its villages, and whether the village of an account is among them.
struct Place {
    township: Placed,
    villages: Vec<Placed>,
    own: bool,
}

/// What every ledger is made from.
struct Filler<'a> {
    app: &'a App,
    by: AccountId,
    today: NaiveDate,
}

fn text(text: impl Into<String>) -> RecordValue {
    RecordValue::Text(text.into())
}

fn day(day: NaiveDate) -> RecordValue {
    RecordValue::Text(day.to_string())
}

fn number(number: u64) -> RecordValue {
    RecordValue::Number(i64::try_from(number).unwrap_or(0))
}

fn name(code: &str, what: &str) -> String {
    let given = one_of(&GIVEN, code, &format!("{what} given"));
    format!(
        "{}{given}",
        one_of(&FAMILY, code, &format!("{what} family"))
    )
}

fn person(code: &str, at: usize) -> Vec<Pair> {
    let what = format!("person {at}");
    let woman = draw(code, &format!("{what} sex"), 3) == 0;
    let education = ["junior", "senior", "senior", "college", "bachelor"];
    let birth = format!(
        "{}-{:02}-{:02}",
        1958 + draw(code, &format!("{what} year"), 40),
        1 + draw(code, &format!("{what} month"), 12),
        1 + draw(code, &format!("{what} day"), 28)
    );
    vec![
        ("name", text(name(code, &what))),
        ("sex", text(if woman { "female" } else { "male" })),
        ("birth", text(birth)),
        ("education", text(one_of(&education, code, &what))),
        (
            "political_status",
            text(if at < MEMBERS { "member" } else { "other" }),
        ),
    ]
}

impl App {
    /// Fills ledgers, unless some are kept already: nobody wants made-up records among his own.
    pub(super) fn load_ledgers(&self, conn: &mut Conn, authors: &Authors) -> AppResult<()> {
        let ledgers: Vec<&str> = self
            .package
            .ledgers
            .iter()
            .map(|ledger| ledger.code.as_str())
            .collect();
        if !ledger_tally::holders(conn, &ledgers)?.is_empty() {
            return Ok(());
        }
        let places = self.demonstration_places(conn)?;
        let filler = Filler {
            app: self,
            by: authors.filler,
            today: self.clock.today(),
        };
        filler.fill(conn, &places)
    }

    /// The first township of every county, and those in which accounts are.
    fn demonstration_places(&self, conn: &mut Conn) -> AppResult<Vec<Place>> {
        let system = Scope::bypass_for_system_work();
        let mut own = BTreeSet::new();
        for login in ["village", "township"] {
            own.extend(session::credentials(conn, login)?.map(|found| UnitId(found.unit)));
        }
        let units = unit::all(conn, &system, self.clock.today())?;
        let mut below: BTreeMap<UnitId, Vec<&Placed>> = BTreeMap::new();
        for unit in &units {
            if let Some(parent) = unit.parent {
                below.entry(parent).or_default().push(unit);
            }
        }
        let under = |unit: &Placed| below.get(&unit.id).into_iter().flatten().copied();
        let mut places = Vec::new();
        for county in units.iter().filter(|unit| unit.level == Level::County) {
            let whole = |township: &&Placed| under(township).next().is_some();
            let first = under(county).find(whole).map(|township| township.id);
            for township in under(county) {
                let villages = under(township)
                    .filter(|unit| unit.kind == UnitKind::AdministrativeVillage)
                    .cloned();
                let villages: Vec<Placed> = villages.collect();
                let here = own.contains(&township.id)
                    || villages.iter().any(|unit| own.contains(&unit.id));
                if here || first == Some(township.id) {
                    places.push(Place {
                        township: township.clone(),
                        villages,
                        own: here,
                    });
                }
            }
        }
        Ok(places)
    }
}

impl Filler<'_> {
    fn fill(&self, conn: &mut Conn, places: &[Place]) -> AppResult<()> {
        let villages: Vec<&Placed> = places.iter().flat_map(|place| &place.villages).collect();
        self.keep(conn, "village_base", self.bases(&villages))?;
        self.keep(conn, "unit_tag", self.tags(&villages))?;
        let people = villages
            .iter()
            .flat_map(|village| (0..PEOPLE).map(|at| (*village, "", person(&village.code, at))));
        let people = self.keep(conn, "person", people.collect())?;
        self.keep(conn, "post_holder", self.posts(&villages, &people))?;
        self.keep(conn, "training", self.courses(places, &people))?;
        self.post_secretaries(conn, &villages, &people)?;
        let members = self.keep(conn, "party_member", self.members(&villages, &people))?;
        self.keep(conn, "member_education", self.lessons(places, &members))?;
        self.keep(conn, "weak_branch", self.weak(places, &people))?;
        self.homes(conn, places, &people, &members)
    }

    /// Keeps records; a programme without the ledger or a field of it goes without.
    fn keep(&self, conn: &mut Conn, ledger: &str, new: New<'_>) -> AppResult<Made> {
        let mut made = Made::new();
        let Some(used) = self.app.kept_ledger(ledger) else {
            return Ok(made);
        };
        let now = self.app.clock.now();
        let numbers = (1..).map(|at: i64| -at);
        let drafts = new.into_iter().zip(numbers);
        let mut drafts: Vec<Draft> = drafts
            .map(|((unit, state, pairs), at)| {
                let pairs = pairs
                    .into_iter()
                    .filter(|(field, _)| used.record.field(field).is_some());
                let values: Values = pairs
                    .map(|(field, value)| (field.to_owned(), value))
                    .collect();
                let mut draft = Draft::new(self.by, used, unit, (at, now), canonical(values));
                if !state.is_empty() {
                    state.clone_into(&mut draft.stored.state);
                }
                draft
            })
            .collect();
        self.app.keep_drafts(conn, self.by, used, &mut drafts)?;
        for draft in drafts {
            let own = made.entry(draft.stored.unit).or_default();
            own.push(draft.stored.id);
        }
        Ok(made)
    }

    /// So many days before today.
    fn ago(&self, days: u64) -> NaiveDate {
        let found = self.today.checked_sub_days(chrono::Days::new(days));
        found.unwrap_or(self.today)
    }

    fn bases<'a>(&self, villages: &[&'a Placed]) -> New<'a> {
        let one = |village: &&'a Placed| {
            let homes = 90 + draw(&village.code, "homes", 400);
            let people = homes * (28 + draw(&village.code, "people", 10)) / 10;
            let pairs = vec![
                ("organisation_form", text("branch")),
                ("authorised_posts", number(5)),
                ("elected_on", text("2021-02-20")),
                ("households", number(homes)),
                ("registered_population", number(people)),
                ("resident_population", number(people * 7 / 10)),
            ];
            (*village, "", pairs)
        };
        villages.iter().map(one).collect()
    }

    fn tags<'a>(&self, villages: &[&'a Placed]) -> New<'a> {
        let marked = |village: &&&Placed| draw(&village.code, "tag", 8) == 0;
        let one = |village: &&'a Placed| {
            let pairs = vec![
                ("tag", text("重点村")),
                ("authority", text("县委农村工作领导小组（演示）")),
                ("since", text("2021-06-01")),
            ];
            (*village, "", pairs)
        };
        villages.iter().filter(marked).map(one).collect()
    }

    fn posts<'a>(&self, villages: &[&'a Placed], people: &Made) -> New<'a> {
        let mut new = Vec::new();
        for village in villages {
            let Some(people) = people.get(&village.id) else {
                continue;
            };
            for (at, post) in POSTS {
                let Some(person) = people.get(at) else {
                    continue;
                };
                let pairs = vec![
                    ("person", RecordValue::Number(*person)),
                    ("post", text(post)),
                    ("since", text("2021-02-20")),
                    ("way", text("elected")),
                ];
                new.push((*village, "", pairs));
            }
        }
        new
    }

    /// A township's courses of every year: most of the cadres went, and some villages sent nobody.
    fn courses<'a>(&self, places: &'a [Place], people: &Made) -> New<'a> {
        let mut new = Vec::new();
        for place in places {
            for year in 2021..=self.today.year() {
                let last = NaiveDate::from_ymd_opt(year, 4, 22).filter(|day| *day < self.today);
                let Some(last) = last else {
                    continue;
                };
                let went = |village: &&Placed, at: usize| {
                    let what = format!("course {year} {at}");
                    draw(&village.code, &format!("course {year}"), 9) > 0
                        && draw(&village.code, &what, 6) > 0
                };
                let attendees = attending(&place.villages, people, 0..CADRES, went);
                if attendees.is_empty() {
                    continue;
                }
                let pairs = vec![
                    ("name", text(format!("{year}年村干部履职能力培训"))),
                    ("organiser", text("township")),
                    ("begins", day(last - chrono::Days::new(2))),
                    ("ends", day(last)),
                    ("hours", number(24)),
                    ("attendees", RecordValue::Numbers(attendees)),
                ];
                new.push((&place.township, "", pairs));
            }
        }
        new
    }

    /// First secretaries in every third village, and how long they were there in the last months.
    fn post_secretaries(
        &self,
        conn: &mut Conn,
        villages: &[&Placed],
        people: &Made,
    ) -> AppResult<()> {
        let chosen: Vec<&Placed> = villages
            .iter()
            .filter(|village| draw(&village.code, "posting", 3) == 0)
            .copied()
            .collect();
        let posting = |village: &&'_ Placed| {
            let person = people.get(&village.id)?.get(PEOPLE - 1)?;
            let pairs = vec![
                ("person", RecordValue::Number(*person)),
                ("role", text("first_secretary")),
                ("sent_by", text(one_of(&SENDERS, &village.code, "sender"))),
                ("since", text("2021-07-01")),
            ];
            Some((village.id, pairs))
        };
        let postings: Vec<(UnitId, Vec<Pair>)> = chosen.iter().filter_map(posting).collect();
        let placed: BTreeMap<UnitId, &Placed> = chosen.iter().map(|one| (one.id, *one)).collect();
        let new = postings
            .into_iter()
            .filter_map(|(unit, pairs)| Some((*placed.get(&unit)?, "", pairs)));
        let made = self.keep(conn, "posting", new.collect())?;
        let mut months = Vec::new();
        for village in chosen {
            let posting = made.get(&village.id).and_then(|made| made.first());
            for back in 1..=PRESENT {
                let month = self.today.with_day(1);
                let month = month.and_then(|first| first.checked_sub_months(Months::new(back)));
                let (Some(posting), Some(month)) = (posting, month) else {
                    continue;
                };
                let what = format!("present {month}");
                let pairs = vec![
                    ("posting", RecordValue::Number(*posting)),
                    ("month", day(month)),
                    ("days", number(15 + draw(&village.code, &what, 9))),
                ];
                let state = if back == 1 { "entered" } else { "confirmed" };
                months.push((village, state, pairs));
            }
        }
        self.keep(conn, "presence", months)?;
        Ok(())
    }

    fn members<'a>(&self, villages: &[&'a Placed], people: &Made) -> New<'a> {
        let mut new = Vec::new();
        for village in villages {
            let people = people.get(&village.id).into_iter().flatten();
            for (at, person) in people.take(MEMBERS).enumerate() {
                let year = 1985 + draw(&village.code, &format!("joined {at}"), 34);
                let joined = format!("{year}-07-01");
                let away = at >= CADRES && draw(&village.code, &format!("away {at}"), 4) == 0;
                let pairs = vec![
                    ("person", RecordValue::Number(*person)),
                    ("standing", text("full")),
                    ("joined_on", text(joined.clone())),
                    ("since", text(joined)),
                    ("away", RecordValue::Flag(away)),
                    ("able_to_work", RecordValue::Flag(!away)),
                    ("able_to_link", RecordValue::Flag(!away && at < CADRES)),
                ];
                new.push((*village, "", pairs));
            }
        }
        new
    }

    /// Party-spirit education and training in skills of every year.
    fn lessons<'a>(&self, places: &'a [Place], members: &Made) -> New<'a> {
        let kinds = [
            ("spirit", "“七一”专题党课", (7, 1), 4),
            ("skills", "设施蔬菜栽培技术培训", (3, 18), 8),
        ];
        let mut new = Vec::new();
        for place in places {
            for year in 2021..=self.today.year() {
                for (kind, called, (month, date), hours) in kinds {
                    let held = NaiveDate::from_ymd_opt(year, month, date);
                    let Some(held) = held.filter(|day| *day < self.today) else {
                        continue;
                    };
                    let most = if kind == "spirit" { 12 } else { 3 };
                    let went = |village: &&Placed, at: usize| {
                        draw(&village.code, &format!("{kind} {year} {at}"), most) > 0
                    };
                    let attendees = attending(&place.villages, members, 0..MEMBERS, went);
                    if attendees.is_empty() {
                        continue;
                    }
                    let pairs = vec![
                        ("name", text(format!("{year}年{called}"))),
                        ("kind", text(kind)),
                        ("begins", day(held)),
                        ("ends", day(held)),
                        ("hours", number(hours)),
                        ("attendees", RecordValue::Numbers(attendees)),
                    ];
                    new.push((&place.township, "", pairs));
                }
            }
        }
        new
    }

    /// Weak organisations: the first two villages of each township, so that every stage is to be seen.
    fn weak<'a>(&self, places: &'a [Place], people: &Made) -> New<'a> {
        const STAGES: [&str; 6] = [
            "found",
            "confirmed",
            "rectifying",
            "first_check",
            "accepted",
            "closed",
        ];
        let mut new = Vec::new();
        for (turn, place) in places.iter().enumerate() {
            for (at, village) in place.villages.iter().skip(1).take(2).enumerate() {
                let (problem, plan) = WEAK
                    .get((turn + at) % WEAK.len())
                    .copied()
                    .unwrap_or_default();
                let stage = (turn * 2 + at * 3 + 2) % STAGES.len();
                let leader = people.get(&village.id).and_then(|people| people.first());
                let steps: [Vec<Pair>; 6] = [
                    vec![("summary", text(problem)), ("found_on", day(self.ago(200)))],
                    vec![
                        ("confirmed_on", day(self.ago(185))),
                        ("deadline", day(self.ago(5))),
                    ],
                    vec![
                        ("plan", text(plan)),
                        (
                            "partner_unit",
                            text(one_of(&SENDERS, &village.code, "partner")),
                        ),
                        ("plan_on", day(self.ago(170))),
                        ("progress", text("已按方案完成过半措施，镇党委每周调度")),
                    ],
                    vec![("outcome", text("列出的问题逐项解决，群众测评满意"))],
                    vec![
                        ("checked_on", day(self.ago(40))),
                        ("check_note", text("现场核对，整改到位")),
                        ("accepted_on", day(self.ago(25))),
                        ("accept_note", text("材料齐全，同意报销号")),
                    ],
                    vec![
                        ("closed_on", day(self.ago(12))),
                        ("follow_until", day(self.today + chrono::Days::new(170))),
                    ],
                ];
                let mut pairs: Vec<Pair> = steps.into_iter().take(stage + 1).flatten().collect();
                if let (true, Some(leader)) = (stage >= 2, leader) {
                    pairs.push(("township_leader", RecordValue::Number(*leader)));
                }
                let state = STAGES.get(stage).copied().unwrap_or_default();
                new.push((village, state, pairs));
            }
        }
        new
    }

    /// Grids with households, and which members keep contact with them, where the accounts are.
    fn homes(
        &self,
        conn: &mut Conn,
        places: &[Place],
        people: &Made,
        members: &Made,
    ) -> AppResult<()> {
        let own: Vec<&Placed> = places
            .iter()
            .filter(|place| place.own)
            .flat_map(|place| &place.villages)
            .collect();
        let grids = self.keep(conn, "grid", grids(&own, people))?;
        let mut homes = Vec::new();
        for village in &own {
            for (turn, grid) in grids.get(&village.id).into_iter().flatten().enumerate() {
                for at in 1..=HOMES {
                    let what = format!("home {turn} {at}");
                    let pairs = vec![
                        ("number", text(format!("{:03}", turn * HOMES + at))),
                        ("head", text(name(&village.code, &what))),
                        ("people", number(1 + draw(&village.code, &what, 6))),
                        ("grid", RecordValue::Number(*grid)),
                    ];
                    homes.push((*village, "", pairs));
                }
            }
        }
        let homes = self.keep(conn, "household", homes)?;
        let mut links = Vec::new();
        for village in &own {
            let members = members.get(&village.id).into_iter().flatten();
            let members: Vec<&i64> = members.take(CADRES).collect();
            let homes = homes.get(&village.id).into_iter().flatten();
            for (at, home) in homes.enumerate() {
                let Some(member) = members.get(at / LINKED) else {
                    break;
                };
                let pairs = vec![
                    ("member", RecordValue::Number(**member)),
                    ("household", RecordValue::Number(*home)),
                    ("since", text("2022-03-01")),
                ];
                links.push((*village, "", pairs));
            }
        }
        self.keep(conn, "household_link", links)?;
        Ok(())
    }
}

fn grids<'a>(villages: &[&'a Placed], people: &Made) -> New<'a> {
    let mut new = Vec::new();
    for village in villages {
        let people = people.get(&village.id);
        for (at, called) in ["第一网格", "第二网格", "第三网格"]
            .into_iter()
            .take(GRIDS)
            .enumerate()
        {
            let mut pairs = vec![
                ("name", text(called)),
                ("kind", text("group")),
                ("has_group", RecordValue::Flag(at < 2)),
            ];
            if let Some(keeper) = people.and_then(|people| people.get(at + 2)) {
                pairs.push(("keeper", RecordValue::Number(*keeper)));
            }
            new.push((*village, "", pairs));
        }
    }
    new
}

/// Of the people of villages, those at some places who went.
fn attending(
    villages: &[Placed],
    people: &Made,
    places: std::ops::Range<usize>,
    went: impl Fn(&&Placed, usize) -> bool,
) -> Vec<i64> {
    let mut found = Vec::new();
    for village in villages {
        let here = people.get(&village.id).into_iter().flatten().enumerate();
        let here = here.filter(|(at, _)| places.contains(at) && went(&village, *at));
        found.extend(here.map(|(_, id)| *id));
    }
    found
}
