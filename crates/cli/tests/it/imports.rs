//! Tables become bundles, line by line as expected.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::anju;
use crate::harness::{Folder, actions, expected, fixture};

fn reasons(report: &Value) -> BTreeMap<String, String> {
    let refused = report["refused"].as_array().unwrap().iter();
    refused.map(|refusal| (refusal["line"].to_string(), refusal["reason"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn owner_ledgers_in_any_spelling_are_reported_line_by_line() {
    let expected = expected("owners");
    let wanted: BTreeMap<String, String> = serde_json::from_value(expected["refused"].clone()).unwrap();
    for name in ["owners.csv", "owners-gbk.csv", "owners.xlsx"] {
        let folder = Folder::new();
        let run = anju!(
            "import",
            "owners",
            fixture(name),
            "-o",
            folder.path("o.json"),
            "--company",
            "深圳公司",
            "--city",
            "深圳",
            "--report",
            folder.path("r.json")
        );
        run.ended(1);
        let report = folder.json("r.json");
        let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["accepted", "lines", "refused", "repeated", "unmapped", "warnings"], "{name}");
        assert_eq!(report["lines"], expected["lines"], "{name}");
        assert_eq!(report["accepted"], expected["accepted"], "{name}");
        assert_eq!(report["repeated"], expected["repeated"], "{name}");
        assert_eq!(reasons(&report), wanted, "{name}");
        let houses = anju!("export", folder.path("o.json"), "-o", folder.path("x")).ended(0);
        assert!(houses.out.contains("house.ndjson"), "{}", houses.out);
        assert_eq!(
            folder.read("x/house.ndjson").lines().count(),
            usize::try_from(expected["houses"].as_u64().unwrap()).unwrap()
        );
    }
}

#[test]
fn the_same_ledger_again_adds_nothing_to_what_the_base_knows() {
    let folder = Folder::new();
    let ledger =
        folder.write("l.csv", "项目名称,楼栋,房号,业主姓名,手机号码\n四季花城,1栋,101,李玉梅,13800000001\n");
    let more = folder.write("m.csv", "项目名称,楼栋,房号,业主姓名,手机号码\n四季花城,1栋,102,王建国,13800000002\n");
    anju!("import", "owners", ledger, "-o", folder.path("a.json"), "--company", "深圳公司").ended(0);
    anju!(
        "import",
        "owners",
        ledger,
        "-o",
        folder.path("b.json"),
        "--company",
        "深圳公司",
        "--base",
        folder.path("a.json")
    )
    .ended(0);
    assert_eq!(actions(&folder.json("b.json")), 0);
    // What is new is all that the output holds, and it fits onto the base.
    anju!("import", "owners", more, "-o", folder.path("c.json.gz"), "--base", folder.path("a.json")).ended(0);
    anju!("merge", folder.path("a.json"), folder.path("c.json.gz"), "-o", folder.path("d.json")).ended(0);
    anju!("verify", folder.path("d.json")).ended(0);
    anju!("export", folder.path("d.json"), "-o", folder.path("x")).ended(0);
    let houses = folder.read("x/house.ndjson");
    assert_eq!(houses.lines().count(), 2);
    assert!(houses.lines().all(|house| house.contains("深圳公司/四季花城")), "{houses}");
}

#[test]
fn a_project_is_supplied_and_columns_are_named_by_hand() {
    let folder = Folder::new();
    let ledger = folder.write("l.csv", "幢,号头,谁\n1,101,李玉梅\n1,102,\n");
    let map = folder.write("map.json", r#"{"room":"号头","name":"谁"}"#);
    let out = folder.path("o.json");
    anju!("import", "owners", ledger, "-o", out, "--project", "四季花城").ended(2);
    let run = anju!(
        "import",
        "owners",
        ledger,
        "-o",
        out,
        "--project",
        "四季花城",
        "--map",
        map,
        "--report",
        folder.path("r.json")
    );
    let run = run.ended(1);
    assert!(run.err.contains("四季花城"), "names the project without a company: {}", run.err);
    assert_eq!(folder.json("r.json")["refused"], json!([{"line": 3, "column": "谁", "reason": "missing_name"}]));
}

#[test]
fn several_files_make_one_bundle_and_one_report_with_the_file_in_each_entry() {
    let folder = Folder::new();
    let one = folder.write(
        "one.csv",
        "问卷编号,城市,项目,客户类型,总体满意度,心情\nA1,深圳,甲,新业主,5,好\nA1,深圳,甲,新业主,5,好\n",
    );
    let two = folder.write("two.csv", "问卷编号,城市,项目,客户类型,总体满意度\nB1,上海,乙,老业主,9\n");
    anju!("import", "answers", one, two, "-o", folder.path("o.json"), "--report", folder.path("r.json")).ended(1);
    let (one, two) = (one.to_str().unwrap(), two.to_str().unwrap());
    assert_eq!(
        folder.json("r.json"),
        json!({
            "lines": 3,
            "accepted": 1,
            "repeated": [{"file": one, "line": 3}],
            "refused": [{"file": two, "line": 2, "column": "总体满意度", "reason": "bad_answer"}],
            "warnings": [],
            "unmapped": [{"file": one, "heading": "心情"}],
        })
    );
}

#[test]
fn a_wave_that_is_named_by_its_title_is_the_same_on_two_machines() {
    let folder = Folder::new();
    for (name, number) in [("a", "A1"), ("b", "B1")] {
        let table = format!("问卷编号,城市,项目,客户类型,总体满意度\n{number},深圳,甲,新业主,5\n");
        let file = folder.write(&format!("{name}.csv"), table);
        let out = folder.path(&format!("{name}.json"));
        anju!("import", "answers", file, "-o", out, "--wave", "2026 年度").ended(0);
    }
    let (a, b) = (folder.path("a.json"), folder.path("b.json"));
    let report = anju!("report", a, b, "--format", "json", "--wave", "2026 年度");
    assert_eq!(report.ended(0).json()["respondents"], 2);
    assert_eq!(anju!("report", a, b, "--format", "json").ended(0).json()["respondents"], 2);
    anju!("verify", a, b).ended(0);
    // With a second wave there is a choice, and the command does not make it.
    let file = folder.write("c.csv", "问卷编号,城市,项目,客户类型,总体满意度\nC1,深圳,甲,新业主,5\n");
    let c = folder.path("c.json");
    anju!("import", "answers", file, "-o", c).ended(0);
    let run = anju!("report", a, c).ended(2);
    assert!(run.err.contains("--wave") && run.out.is_empty(), "{}", run.err);
}

#[test]
fn cells_that_a_spreadsheet_would_run_come_out_disarmed() {
    let folder = Folder::new();
    let ledger = folder.write("l.csv", "项目名称,楼栋,房号,业主姓名,备注\n甲,1,101,李玉梅,=cmd|'/C calc'!A0\n");
    anju!("import", "owners", ledger, "-o", folder.path("o.json"), "--company", "深圳公司").ended(0);
    anju!("export", folder.path("o.json"), "-o", folder.path("x"), "--format", "csv").ended(0);
    let parties = folder.read("x/party.csv");
    assert!(parties.starts_with('\u{feff}'));
    assert!(parties.contains(",'=cmd|'/C calc'!A0") || parties.contains("\"'=cmd|'/C calc'!A0\""), "{parties}");
}
