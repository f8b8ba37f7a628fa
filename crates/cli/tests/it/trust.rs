//! Keys, signatures and sealed files on the command line.

use crate::anju;
use crate::harness::Folder;

fn bundle(folder: &Folder) {
    let table = folder.write("t.csv", "问卷编号,城市,项目,客户类型,总体满意度\nA1,深圳,甲,新业主,5\n");
    anju!("import", "answers", table, "-o", folder.path("good.json")).ended(0);
}

#[test]
fn a_signed_bundle_says_whose_key_it_was_and_a_changed_one_that_it_was_changed() {
    let folder = Folder::new();
    bundle(&folder);
    let made = anju!("keygen", "-o", folder.path("machine.key"), "--name", "批处理机").ended(0);
    let fingerprint = made.out.lines().find_map(|line| line.strip_prefix("指纹")).unwrap().trim().to_owned();
    let good = folder.path("good.json");
    let signed = folder.path("signed.json.gz");
    anju!("sign", good, "--key", folder.path("machine.key"), "-o", signed).ended(0);

    let run = anju!("verify", good).ended(0);
    assert!(run.out.contains("没有签名"), "{}", run.out);
    let run = anju!("verify", signed).ended(0);
    assert!(run.out.contains("未核实") && run.out.contains(&fingerprint), "{}", run.out);
    // Against an organisation's key the machine is nobody.
    let run = anju!("verify", good, signed, "--organisation-key", "11".repeat(32)).ended(1);
    assert!(run.err.contains("没有签名，而组织已启用签名"), "{}", run.err);
    assert!(run.err.contains(&format!("未登记的设备签名，密钥指纹 {fingerprint}")), "{}", run.err);
    let run = anju!("verify", good, "--organisation-key", "nonsense").ended(2);
    assert!(run.err.contains("64 位"), "{}", run.err);

    // Whoever changes it and mends the checksum cannot mend the signature.
    anju!("sign", good, "--key", folder.path("machine.key"), "-o", folder.path("signed.json")).ended(0);
    let forged = folder.read("signed.json").replacen("\"author\":\"anju\"", "\"author\":\"ajnu\"", 1);
    let covered = forged.rsplit_once("\"sha256\"").unwrap().0;
    let sum: [u8; 32] = sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(covered)).into();
    let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let forged = folder.write("forged.json", format!("{covered}\"sha256\":\"{sum}\"}}\n"));
    let run = anju!("verify", forged).ended(1);
    assert!(run.err.contains("签名与内容不符"), "{}{}", run.out, run.err);
}

#[test]
fn a_sealed_file_opens_for_its_recipient_and_with_its_passphrase_only() {
    let folder = Folder::new();
    bundle(&folder);
    let good = folder.path("good.json");
    let passphrase = folder.write("passphrase", "云栖苑 2026\n");
    let wrong = folder.write("wrong", "云栖苑 2027\n");
    let made =
        anju!("keygen", "-o", folder.path("centre.key"), "--passphrase-file", passphrase, "--lang", "en").ended(0);
    assert!(made.err.contains("without it nobody can open this file"), "{}", made.err);
    let recipient = made.out.lines().find_map(|line| line.strip_prefix("recipient")).unwrap().trim().to_owned();
    anju!("keygen", "-o", folder.path("other.key")).ended(0);

    anju!("seal", good, "--to", recipient, "-o", folder.path("a.age")).ended(0);
    let open = |file: &str, key: &str, pass: &std::path::Path| {
        anju!(
            "open",
            folder.path(file),
            "--key",
            folder.path(key),
            "--passphrase-file",
            pass,
            "-o",
            folder.path("out")
        )
    };
    open("a.age", "centre.key", &passphrase).ended(0);
    assert_eq!(folder.read("out"), folder.read("good.json"));
    assert!(open("a.age", "centre.key", &wrong).ended(2).err.contains("密码不对"));
    assert!(open("a.age", "other.key", &passphrase).ended(2).err.contains("密封给别人"));

    anju!("seal", good, "--passphrase-file", passphrase, "-o", folder.path("b.age")).ended(0);
    anju!("open", folder.path("b.age"), "--passphrase-file", passphrase, "-o", folder.path("out")).ended(0);
    assert_eq!(folder.read("out"), folder.read("good.json"));
    let run = anju!("open", folder.path("b.age"), "--passphrase-file", wrong, "-o", folder.path("none")).ended(2);
    assert!(run.err.contains("密码不对") && !folder.path("none").exists(), "{}", run.err);
    let run = anju!("open", folder.path("b.age"), "-o", folder.path("none")).ended(2);
    assert!(run.err.contains("--passphrase-file"), "{}", run.err);

    let run = anju!("open", good, "-o", folder.path("none")).ended(2);
    assert!(run.err.contains("不是 age 格式"), "{}", run.err);
    for run in [
        anju!("verify", folder.path("a.age")),
        anju!("report", folder.path("a.age")),
        anju!("merge", folder.path("a.age"), "-o", folder.path("none")),
    ] {
        assert!(run.ended(2).err.contains("密封的"));
    }
    let run = anju!("seal", good, "--to", "age1nobody", "-o", folder.path("none")).ended(2);
    assert!(run.err.contains("age1nobody") && !folder.path("none").exists(), "{}", run.err);
}

#[test]
fn a_key_is_never_overwritten_and_only_its_owner_may_read_it() {
    let folder = Folder::new();
    let key = folder.path("k.key");
    anju!("keygen", "-o", key).ended(0);
    let before = folder.read("k.key");
    let run = anju!("keygen", "-o", key).ended(2);
    assert!(run.err.contains("已经存在"), "{}", run.err);
    assert_eq!(folder.read("k.key"), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
