//! The document: what the run found, between marks; what stands outside them is written by hand and stays.

use crate::city::Size;
use crate::measure::{Figure, Found};
use crate::registers::Registers;
use crate::stats::Rounds;
use crate::{Done, Options};
use std::fmt::Write as _;
use std::process::Command;

/// Writes what was found into the document, between marks of its own.
///
/// # Errors
/// When it cannot be written.
pub fn write(options: &Options, size: Size, found: &Found) -> Done<()> {
    let file = &options.document;
    let mut text =
        std::fs::read_to_string(file).unwrap_or_else(|_| "# 性能 Performance\n".to_owned());
    let name = if found.embedded {
        "sqlite"
    } else {
        "postgresql"
    };
    let part = if found.registers.is_some() {
        "-ledgers"
    } else {
        ""
    };
    let begin = format!("<!-- bench:{name}{part}:begin -->");
    let end = format!("<!-- bench:{name}{part}:end -->");
    if !text.contains(&begin) {
        let _done = write!(text, "\n{begin}\n{end}\n");
    }
    let (head, rest) = text.split_once(&begin).ok_or("the document has no mark")?;
    let (_, tail) = rest
        .split_once(&end)
        .ok_or("the document has no second mark")?;
    let machine = machine(size)?;
    let section = match &found.registers {
        Some(registers) => ledgers(found, registers, &machine),
        None => section(found, &machine),
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    crate::package::save(file, &format!("{head}{begin}\n{section}{end}{tail}"))
}

fn machine(size: Size) -> Done<String> {
    let processor = crate::child::read("/proc/cpuinfo")?;
    let name = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("?", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let count = processor
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let memory = crate::child::read("/proc/meminfo")?;
    let memory = memory.lines().next().unwrap_or_default().to_owned();
    let day = chrono::Utc::now().date_naive();
    Ok(format!(
        "\n测量日期 day {day} · 机器 machine: {count} × {name}; {memory}; {} · {} · {} 轮 rounds × {} s\n",
        said("uname", &["-sr"]),
        said("rustc", &["--version"]),
        size.rounds,
        size.seconds
    ))
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| program.to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn section(found: &Found, machine: &str) -> String {
    let mut text = String::new();
    let city = &found.city;
    let [before, after] = &found.busy;
    // Writing into a text does not fail.
    let _done = write!(
        text,
        "\n## {}\n{machine}\n数据 data: {} 个单位 units, {} 条指标值 observations + {} 条汇总值 figures above, {} 份报送 reports, {} 项任务 tasks. \
         系统负载 load average {} → {}.\n\n",
        found.database,
        city.units,
        found.observations,
        found.rollups,
        found.reports,
        found.tasks,
        before,
        after
    );
    text.push_str(&operations(found));
    text.push_str(&floors(found));
    text.push_str(&others(found));
    text.push_str(&listings(found));
    text
}

/// What was found of the ledgers.
fn ledgers(found: &Found, registers: &Registers, machine: &str) -> String {
    let records = registers.records.iter();
    let records: Vec<String> = records
        .map(|(ledger, count)| format!("{ledger} {count}"))
        .collect();
    let [before, after] = &found.busy;
    let [median, p99, answered] = &found.visible;
    let [_, held] = found.held;
    let mut text = format!(
        "\n## {}: 台账 ledgers\n{machine}\n数据 data: {}. 系统负载 load average {before} → {after}.\n\n",
        found.database,
        records.join(", "),
    );
    text.push_str(&operations(found));
    text.push_str(&floors(found));
    let _done = write!(
        text,
        "| 其他 others | |\n|---|---|\n\
         | 写入（含版本、关联、筛选列） records written, versions, links and slots included, per second | {:.0} |\n\
         | 全部推算指标和计数 deriving every figure and counting all records, s | {:.0} |\n\
         | 保存到全市可见 saved until visible at the city, median ms | {} |\n\
         | 同上 the same, p99 ms | {} |\n\
         | 保存应答 saving answered, median ms | {} |\n\
         | 内存 memory after the run, MB | {held:.0} |\n\n",
        registers.rate,
        found.folding,
        median.shown(0),
        p99.shown(0),
        shown(answered, 1),
    );
    text.push_str(&listings(found));
    text
}

fn listings(found: &Found) -> String {
    let mut text = String::new();
    for (name, statements) in &found.listings {
        let _done = write!(
            text,
            "<details><summary>{name}: SQL</summary>\n\n```sql\n{statements}```\n\n</details>\n\n"
        );
    }
    text
}

fn operations(found: &Found) -> String {
    let mut text = String::from(
        "| 操作 operation | 连接 connections | 字节 bytes | 每秒 per second | 中位 median ms | p99 ms | 单连接中位 alone ms | 服务器CPU CPU ms |\n|---|---|---|---|---|---|---|---|\n",
    );
    for one in &found.figures {
        let _done = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            one.name,
            one.connections,
            one.bytes,
            one.rate.shown(0),
            one.median.shown(2),
            one.p99.shown(2),
            shown(&one.alone, 2),
            one.processor.shown(3)
        );
    }
    text.push('\n');
    text
}

fn floors(found: &Found) -> String {
    let with: Vec<&Figure> = found
        .figures
        .iter()
        .filter(|one| !one.ratio.0.is_empty())
        .collect();
    if with.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "| 操作 operation | 连接 connections | 语句 statements | 内存 memory /s | pgbench /s | 下限 floor /s | 实测 measured /s | 比值 ratio |\n|---|---|---|---|---|---|---|---|\n",
    );
    for one in with {
        let both = one.memory.0.iter().zip(&one.pgbench.0);
        let floor = Rounds(
            both.map(|(memory, same)| crate::floor::together(*memory, *same))
                .collect(),
        );
        let _done = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | **{}** |",
            one.name,
            one.connections,
            one.statements,
            one.memory.shown(0),
            one.pgbench.shown(0),
            floor.shown(0),
            one.rate.shown(0),
            one.ratio.shown(2)
        );
    }
    text.push('\n');
    text
}

fn others(found: &Found) -> String {
    let city = &found.city;
    let [median, p99, answered] = &found.visible;
    let [first, last] = found.held;
    let means = if found.embedded {
        "预编译逐行插入 prepared inserts"
    } else {
        "COPY"
    };
    format!(
        "| 其他 others | |\n|---|---|\n\
         | 批量装载 loading, rows/s | {} |\n\
         | {means}, rows/s | {} |\n\
         | 装载比值 ratio | **{}** |\n\
         | 全部期次汇总 summing all periods up, s | {:.0} |\n\
         | M12分解到全部村 handed down to every village, ms | {} |\n\
         | 审定到全市可见 approval until visible at the city, median ms | {} |\n\
         | 同上 the same, p99 ms | {} |\n\
         | 审定应答 approval answered, median ms | {} |\n\
         | 启动到首个应答 start to the first answer, ms | {} |\n\
         | 内存 memory after the start → after the run, MB | {first:.0} → {last:.0} |\n\n",
        city.storage.shown(0),
        city.floor.shown(0),
        city.ratio.shown(2),
        found.folding,
        found.handed.shown(0),
        median.shown(0),
        p99.shown(0),
        shown(answered, 1),
        found.started.shown(0)
    )
}

fn shown(rounds: &Rounds, decimals: usize) -> String {
    if rounds.0.is_empty() {
        return "–".to_owned();
    }
    rounds.shown(decimals)
}
