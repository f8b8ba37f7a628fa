//! Files that are made to hurt: refused at once, with little memory and one sentence.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Command;

use anju_domain::bundle::{inflate, read};
use anju_domain::import::csv::read_csv;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::anju;
use crate::harness::{Folder, Run};

/// What a hostile file may cost beside a small sound one, in bytes of address space.
const MORE_MEMORY: u64 = 64 << 20;

/// What refusing may cost, in seconds of processor time, which a machine that is busy with other things does not
/// stretch. What ships has one second; unoptimised code is several times as slow.
const SECONDS: u32 = if cfg!(debug_assertions) { 5 } else { 1 };

/// Runs `anju` with an upper bound of address space, in KB, and of processor time; whoever wants more dies.
fn bounded(limit_kb: u64, args: &[&str]) -> Run {
    let mut command = Command::new("bash");
    let limits = format!("ulimit -v {limit_kb}; ulimit -t {SECONDS}; exec \"$0\" \"$@\"");
    command.args(["-c", &limits, env!("CARGO_BIN_EXE_anju")]);
    let output = command.args(args).env_remove("LANG").env_remove("LC_ALL").output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The least bound, to a megabyte, under which a command still ends as it should.
fn needed_kb(args: &[&str], code: i32) -> u64 {
    let (mut too_little, mut enough) = (1 << 10, 1 << 22);
    while enough - too_little > 1 << 10 {
        let middle = (too_little + enough) / 2;
        if bounded(middle, args).code == code { enough = middle } else { too_little = middle }
    }
    enough
}

fn small_bundle(folder: &Folder) -> String {
    let table = folder.write("t.csv", "问卷编号,城市,项目,客户类型,总体满意度\nA1,深圳,甲,新业主,5\n");
    let good = folder.path("good.json");
    anju!("import", "answers", table, "-o", good).ended(0);
    good.display().to_string()
}

/// So many bytes that compress as well as anything can: a thousand times.
fn bomb(folder: &Folder, name: &str, opening: &[u8], size: usize) -> String {
    let path = folder.path(name);
    let mut encoder = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::best());
    encoder.write_all(opening).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..size >> 20 {
        encoder.write_all(&blanks).unwrap();
    }
    encoder.finish().unwrap();
    path.display().to_string()
}

fn refused_cheaply(base_kb: u64, path: &str, sentence: &str) {
    let run = bounded(base_kb + MORE_MEMORY / 1024, &["verify", path]);
    assert_eq!(run.code, 2, "{path}: {}{}", run.out, run.err);
    assert!(run.err.contains(sentence), "{path}: {}", run.err);
}

#[test]
fn a_compressed_bomb_is_refused_within_a_second_and_64_megabytes() {
    let folder = Folder::new();
    let good = small_bundle(&folder);
    let base = needed_kb(&["verify", &good], 0);
    let opening = std::fs::read(&good).unwrap();
    for (name, opening) in
        [("zeros.gz", &b""[..]), ("bundle.gz", &opening), ("json.gz", b"{\"format\":\"anju-bundle\",")]
    {
        let path = bomb(&folder, name, opening, 512 << 20);
        let packed = std::fs::metadata(&path).unwrap().len();
        assert!(packed * 900 < 512 << 20, "{packed}");
        refused_cheaply(base, &path, "解开后超过上限");
    }
}

#[test]
fn a_file_over_200_megabytes_is_refused_without_being_read() {
    let folder = Folder::new();
    let base = needed_kb(&["verify", &small_bundle(&folder)], 0);
    let path = folder.path("huge.json");
    let mut file = std::fs::File::create(&path).unwrap();
    file.seek(SeekFrom::Start(200 << 20)).unwrap();
    file.write_all(b"}").unwrap();
    refused_cheaply(base, &path.display().to_string(), "200 MB");
    let run = anju!("import", "owners", path, "-o", folder.path("out.json")).ended(2);
    assert!(run.err.contains("200 MB"), "{}", run.err);
    assert!(!folder.path("out.json").exists());
}

#[test]
fn ten_thousand_levels_are_refused_without_the_stack() {
    let folder = Folder::new();
    for (name, text) in [
        ("deep.json", "[".repeat(10_000)),
        ("closed.json", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))),
        ("members.json", "{\"a\":".repeat(1_000_000)),
    ] {
        let run = anju!("verify", folder.write(name, text)).ended(2);
        assert!(run.err.contains("64 层"), "{name}: {}", run.err);
    }
}

/// What the command writes with `.gz` is read by everybody, and no bit of it can change unseen.
#[test]
fn the_compressed_bundles_of_the_command_are_sealed() {
    let folder = Folder::new();
    let good = small_bundle(&folder);
    let packed = folder.path("packed.json.gz");
    anju!("merge", good, "-o", packed).ended(0);
    anju!("verify", packed).ended(0);
    let bytes = std::fs::read(&packed).unwrap();
    for position in 0..bytes.len() {
        for bit in 0..8 {
            let mut bad = bytes.clone();
            bad[position] ^= 1 << bit;
            assert!(inflate(&bad).and_then(|bytes| read(&bytes).map(drop)).is_err(), "byte {position} bit {bit}");
        }
    }
    if Path::new("/bin/gzip").exists() {
        let test = Command::new("/bin/gzip").arg("-t").arg(&packed).output().unwrap();
        assert!(test.status.success(), "{}", String::from_utf8_lossy(&test.stderr));
    }
}

/// The tables of csv-spectrum, which other readers of CSV are held against, and what is no table at all.
#[test]
fn the_tables_of_csv_spectrum_read_as_their_rows() {
    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        input: String,
        expected: Vec<serde_json::Map<String, serde_json::Value>>,
    }
    let cases: Vec<Case> = crate::harness::corpus("csv-spectrum");
    assert!(cases.len() >= 10, "{}", cases.len());
    for Case { name, input, expected } in cases {
        let table = read_csv(input.as_bytes(), &name).unwrap();
        assert_eq!(table.rows.len(), expected.len(), "{name}");
        for (row, expected) in table.rows.iter().zip(&expected) {
            assert_eq!(row.cells.len(), expected.len(), "{name}");
            // The collection's own expectation of this number is another than its table says.
            let is_sound = |heading: &&String| name != "location_coordinates" || *heading != "Contact Phone Number";
            for (heading, cell) in table.headings.iter().zip(&row.cells).filter(|(heading, _)| is_sound(heading)) {
                // A line break inside quotes is one character, whatever the machine that wrote it.
                let expected =
                    expected[heading.trim_start_matches('\u{feff}')].as_str().unwrap().replace("\r\n", "\n");
                assert_eq!(*cell, expected, "{name}: {heading}");
            }
        }
    }
}

/// Few bytes that would be many cells: what a table may cost is bounded by what it may hold.
#[test]
fn tables_that_are_made_to_grow_are_refused_with_little_memory() {
    let folder = Folder::new();
    let good = folder.write("t.csv", "问卷编号,城市,项目,客户类型,总体满意度\nA1,深圳,甲,新业主,5\n");
    let import = |path: &str| ["import", "answers", path, "-o"].map(str::to_owned);
    let out = folder.path("out.json").display().to_string();
    let args = |path: &str| import(path).into_iter().chain([out.clone()]).collect::<Vec<_>>();
    let good_args = args(&good.display().to_string());
    let base = needed_kb(&good_args.iter().map(|arg| &**arg).collect::<Vec<_>>(), 0);
    std::fs::remove_file(folder.path("out.json")).unwrap();
    for (name, bytes) in [
        ("wide.csv", format!("{}\n1", "a,".repeat(1_000_000))),
        ("tall.csv", format!("{}\n{}", "a,".repeat(1_000), "1\n".repeat(100_000))),
        ("blank.csv", format!("a,b\n{}", ",".repeat(10_000_001))),
    ] {
        let path = folder.write(name, bytes).display().to_string();
        let args = args(&path);
        let run = bounded(base + 512 * 1024, &args.iter().map(|arg| &**arg).collect::<Vec<_>>());
        assert_eq!(run.code, 2, "{name}: {}{}", run.out, run.err);
        assert!(run.err.contains("表格太大"), "{name}: {}", run.err);
        assert!(!folder.path("out.json").exists(), "{name}");
    }
}
