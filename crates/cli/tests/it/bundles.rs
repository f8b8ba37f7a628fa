//! Ten cities become one company, in whatever order, and the figures are those of the files.

use std::path::PathBuf;

use serde_json::json;

use crate::anju;
use crate::harness::{Folder, actions, expected, fixture, run};

fn cities(folder: &Folder) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(fixture("survey")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 10);
    (0..)
        .zip(files)
        .map(|(number, file)| {
            let bundle = folder.path(&format!("city-{number}.json"));
            anju!("import", "answers", file, "-o", bundle).ended(0);
            bundle
        })
        .collect()
}

fn merge<'a>(bundles: impl Iterator<Item = &'a PathBuf>, output: &PathBuf) {
    let mut args = vec!["merge".into(), "-o".into(), output.into()];
    args.extend(bundles.map(Into::into));
    run(&args).ended(0);
}

#[test]
fn ten_cities_merged_in_two_orders_and_twice_give_the_expected_figures() {
    let folder = Folder::new();
    let bundles = cities(&folder);
    let (there, back, twice) = (folder.path("there.json"), folder.path("back.json"), folder.path("twice.json.gz"));
    merge(bundles.iter(), &there);
    // The second time hardly anything may be held, so that everything is laid aside.
    let mut little = vec!["merge".into(), "--memory".into(), "0".into(), "-o".into(), (&back).into()];
    little.extend(bundles.iter().rev().map(Into::into));
    run(&little).ended(0);
    assert_eq!(folder.names().len(), bundles.len() + 2, "nothing is left behind");
    merge(bundles.iter().chain([&there, &back]), &twice);
    // The same bytes, whichever way they came and through whatever memory.
    assert!(folder.read("there.json") == folder.read("back.json"));
    let report = anju!("report", twice, "--format", "json").ended(0);
    assert_eq!(report.json(), expected("survey"));
    // Rows of the export tell what the report tells.
    anju!("export", there, "-o", folder.path("x")).ended(0);
    let rows = folder.read("x/response.ndjson");
    assert_eq!(rows.lines().count(), 42_000);
    assert!(rows.lines().all(|row| row.contains("\"counted\":true")));
    let ids: Vec<&str> = rows.lines().map(|row| row.split('"').nth(3).unwrap()).collect();
    assert!(ids.is_sorted());
    for name in ["x/response.ndjson", "x/wave.ndjson", "x/questionnaire.ndjson"] {
        let text = folder.read(name);
        assert!(text.lines().all(|row| anju_domain::json::check(row).is_ok()), "{name}: a key stands twice");
    }
}

/// The minutes that each closed line took, in order, and how many owners of how many were satisfied, by splitting the
/// ledger at its commas.
fn counted_by_hand() -> (Vec<i64>, usize, usize) {
    let ledger = std::fs::read_to_string(fixture("complaints.csv")).unwrap();
    let lines: Vec<Vec<&str>> = ledger.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let minute = |text: &str| -> i64 {
        let part = |from: usize, to: usize| text.get(from..to).unwrap().parse::<i64>().unwrap();
        let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
        // Days of months that begin in March, so that a leap day is the last of its year.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
        (days * 24 + part(11, 13)) * 60 + part(14, 16)
    };
    let closed = lines.iter().filter(|line| !line[15].is_empty());
    let mut took: Vec<i64> = closed.map(|line| minute(line[15]) - minute(line[1])).collect();
    took.sort_unstable();
    let said = |word: &str| lines.iter().filter(|line| line[16] == word).count();
    (took, said("满意"), said("满意") + said("不满意"))
}

#[test]
fn case_figures_are_those_of_the_ledger_in_every_spelling() {
    let folder = Folder::new();
    let bundle = folder.path("c.json");
    anju!("import", "cases", fixture("complaints.csv"), "-o", bundle).ended(0);
    let report = anju!("report", bundle, "--what", "cases", "--format", "json").ended(0).json();
    for (key, figure) in expected("complaints").as_object().unwrap() {
        assert_eq!(report[key], *figure, "{key}");
    }
    let (took, satisfied, asked) = counted_by_hand();
    let nearest_rank = |percent: usize| took[(took.len() * percent).div_ceil(100) - 1];
    assert_eq!(
        report["closing"],
        json!({"n": took.len(), "median_minutes": nearest_rank(50), "p90_minutes": nearest_rank(90)})
    );
    assert_eq!((&report["satisfied"]["n"], &report["satisfied"]["of"]), (&json!(satisfied), &json!(asked)));
    // What came with its end was never held to a clock here.
    assert_eq!(report["in_time"]["solution"], json!({"of": 0, "n": 0, "pct": null}));
    let table = anju!("report", bundle, "--what", "cases").ended(0).out;
    assert!(table.starts_with("诉求") && table.contains("工程/门窗"), "{table}");
    let table = anju!("--lang", "en", "report", bundle, "--what", "cases").ended(0).out;
    assert!(table.starts_with("Cases"), "{table}");
    let csv = anju!("report", bundle, "--what", "cases", "--format", "csv").ended(0).out;
    assert!(csv.starts_with("section,name,n\nrows,,1200\n"), "{csv}");
}

#[test]
fn a_damaged_action_is_listed_and_the_rest_is_written() {
    let folder = Folder::new();
    let ledger = folder.write("l.csv", "项目名称,楼栋,房号,业主姓名\n甲,1,101,李玉梅\n乙,1,101,王建国\n");
    anju!("import", "owners", ledger, "-o", folder.path("a.json"), "--company", "深圳公司").ended(0);
    let whole = folder.json("a.json");
    assert_eq!(actions(&whole), 3, "the organisation and two projects");
    // Somebody rewrites a name and seals the envelope again: the action's own hash tells.
    let forged = folder.read("a.json").replace("李玉梅", "李玉海");
    let covered = forged.split_once("\"sha256\"").unwrap().0.to_owned();
    let sum = {
        use sha2::{Digest as _, Sha256};
        let full: [u8; 32] = Sha256::digest(&covered).into();
        anju_domain::ids::hex(&full)
    };
    folder.write("forged.json", format!("{covered}\"sha256\":\"{sum}\"}}\n"));
    let run = anju!("merge", folder.path("forged.json"), "-o", folder.path("b.json")).ended(1);
    assert!(run.err.contains("hash"), "{}", run.err);
    assert_eq!(actions(&folder.json("b.json")), 2);
    let run = anju!("verify", folder.path("forged.json")).ended(1);
    assert!(run.err.contains("hash") && run.out.contains("完好"), "{}{}", run.out, run.err);
    anju!("report", folder.path("forged.json"), "--what", "cases").ended(1);
    // The whole bundle beside it mends it.
    anju!("merge", folder.path("forged.json"), folder.path("a.json"), "-o", folder.path("c.json")).ended(1);
    assert_eq!(actions(&folder.json("c.json")), 3);
    anju!("verify", folder.path("c.json")).ended(0);
}
