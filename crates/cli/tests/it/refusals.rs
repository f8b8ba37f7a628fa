//! What cannot be used is refused with one clear sentence, and nothing is written.

use crate::anju;
use crate::harness::{Folder, Run};

fn bundle(folder: &Folder) -> String {
    let table = folder.write("t.csv", "问卷编号,城市,项目,客户类型,总体满意度\nA1,深圳,甲,新业主,5\n");
    anju!("import", "answers", table, "-o", folder.path("good.json")).ended(0);
    folder.read("good.json")
}

/// The run was refused with this sentence and left no file behind.
fn refused(run: Run, sentence: &str, folder: &Folder) {
    let run = run.ended(2);
    assert!(run.err.contains(sentence), "{sentence}: {}", run.err);
    assert_eq!(run.out, "");
    let left: Vec<String> = folder.names().into_iter().filter(|name| name.starts_with("out")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn every_faulty_bundle_has_its_own_sentence_and_leaves_no_output() {
    let folder = Folder::new();
    let good = bundle(&folder);
    let half: String = good.chars().take(good.chars().count() / 2).collect();
    for (bytes, sentence) in [
        (String::new(), "空的"),
        ("hello".to_owned(), "不是 JSON"),
        ("{}".to_owned(), "不是安居的数据包"),
        (half, "截断"),
        (good.replace("\"1.0\"", "\"9.0\""), "9.0 比本程序新"),
        (good.replace("深圳", "海口"), "校验和不对"),
    ] {
        let bad = folder.write("bad.json", bytes);
        let out = folder.path("out.json");
        refused(anju!("merge", folder.path("good.json"), bad, "-o", out), sentence, &folder);
        refused(anju!("export", bad, "-o", folder.path("out")), sentence, &folder);
        refused(anju!("report", bad), sentence, &folder);
        refused(anju!("import", "answers", folder.path("t.csv"), "--base", bad, "-o", out), sentence, &folder);
        let run = anju!("verify", folder.path("good.json"), bad).ended(2);
        assert!(run.err.contains(sentence) && run.out.contains("good.json"), "{}{}", run.out, run.err);
    }
}

#[test]
fn every_faulty_table_has_its_own_sentence_and_leaves_no_output() {
    let folder = Folder::new();
    for (name, bytes, sentence) in [
        ("a.csv", "", "空的"),
        ("a.csv", "问卷编号,总体满意度\nA1,\"5\nA2,4\n", "引号"),
        ("a.xlsx", "PK\u{3}\u{4} no workbook", "XLSX"),
        ("a.csv", "a\0b", "不是文本"),
        ("a.csv", "城市,项目\n深圳,甲\n", "编号"),
    ] {
        let table = folder.write(name, bytes);
        let run =
            anju!("import", "answers", table, "-o", folder.path("out.json"), "--report", folder.path("out.r"));
        refused(run, sentence, &folder);
    }
    let table = folder.write("a.csv", "问卷编号,总体满意度\nA1,5\n");
    let out = folder.path("out.json");
    let map = folder.write("map.json", "[]");
    refused(anju!("import", "answers", table, "-o", out, "--map", map), "JSON", &folder);
    let map = folder.write("map.json", "{\"soul\":\"问卷编号\"}");
    refused(anju!("import", "answers", table, "-o", out, "--map", map), "soul", &folder);
    refused(anju!("import", "answers", folder.path("none.csv"), "-o", out), "读不出来", &folder);
    refused(
        anju!("import", "answers", table, "-o", out, "--wave", "wave-nobody-knows"),
        "wave-nobody-knows",
        &folder,
    );
    refused(anju!("import", "answers", table, "-o", folder.path("none/out.json")), "写不进去", &folder);
    refused(anju!("import", "souls", table, "-o", out), "参数有误", &folder);
}

#[test]
fn a_file_that_was_there_survives_a_failure() {
    let folder = Folder::new();
    bundle(&folder);
    let kept = folder.write("kept.json", "mine");
    let bad = folder.write("bad.json", "hello");
    anju!("merge", folder.path("good.json"), bad, "-o", kept).ended(2);
    assert_eq!(folder.read("kept.json"), "mine");
    assert_eq!(folder.names(), ["bad.json", "good.json", "kept.json", "t.csv"]);
}

#[test]
fn an_unknown_wave_is_refused_in_the_language_that_was_asked_for() {
    let folder = Folder::new();
    bundle(&folder);
    refused(anju!("report", folder.path("good.json"), "--wave", "x"), "没有「x」这一期调查", &folder);
    refused(
        anju!("report", folder.path("good.json"), "--wave", "x", "--lang", "en"),
        "there is no wave x",
        &folder,
    );
}

#[test]
fn help_speaks_both_languages() {
    let zh = anju!("import", "--help").ended(0).out;
    assert!(zh.contains("业主台账") && zh.contains("--base"), "{zh}");
    let en = anju!("--lang", "en", "import", "--help").ended(0).out;
    assert!(en.contains("owner ledgers"), "{en}");
    anju!("--version").ended(0);
}
