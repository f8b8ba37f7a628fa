//! Owner ledgers: one line is one owner of one house.
//!
//! Rows are read one at a time, so that a worker can do it in slices; what lines mean for each other, and for the
//! archive that is already there, is decided at the end. Nothing is written here, nothing is guessed, and a line
//! has at most one reason: its first fault in column order, or else the first rule across lines that it breaks
//! (repeat, same document under another name, share over 100 %).

use super::mapping::Mapping;
use super::report::ImportReport;
use super::{PlacePart, Reason, Refusal, Row, RowCheck, Table};
use crate::archive::normalise::{self, DocumentFault, DocumentKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A natural person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 自然人.
    Person,
    /// 单位.
    Organisation,
}

/// What one accepted line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerDraft {
    /// The row's number.
    pub line: u32,
    /// Project name.
    pub project: String,
    /// Building.
    pub building: PlacePart,
    /// Unit; empty where the ledger has none.
    pub unit: PlacePart,
    /// Floor; empty where the ledger has none. No part of the house's key.
    pub floor: PlacePart,
    /// Room.
    pub room: PlacePart,
    /// Layout 户型 as written; may be empty.
    pub layout: String,
    /// Floor area in hundredths of a square metre.
    pub area: Option<i64>,
    /// Fit-out 装修标准 as written; may be empty.
    pub fit_out: String,
    /// Person or organisation: a business licence makes the owner an organisation.
    pub party_kind: PartyKind,
    /// The owner's name.
    pub name: String,
    /// What sort of document; `None` where there is no number.
    pub document_kind: Option<DocumentKind>,
    /// The document's number, normalised.
    pub document_number: Option<String>,
    /// Telephone number, normalised.
    pub phone: Option<String>,
    /// Share of the house in basis points; `None` where the ledger does not say.
    pub share_bp: Option<i64>,
    /// Day of the contract.
    pub signed_on: Option<String>,
    /// Contract price in fen.
    pub price_fen: Option<i64>,
    /// Day of delivery.
    pub delivered_on: Option<String>,
    /// Number plate.
    pub plate: Option<String>,
    /// How the owner came to know of the project 认知途径, as written; may be empty.
    pub channel: String,
    /// Remark as written; may be empty.
    pub remark: String,
}

/// Which house a line speaks of; the city company comes from where the import is started.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HouseAddress {
    /// Project name, normalised.
    pub project: String,
    /// Key of the building.
    pub building: String,
    /// Key of the unit.
    pub unit: String,
    /// Key of the room.
    pub room: String,
}

impl OwnerDraft {
    /// The house of this line.
    #[must_use]
    pub fn house(&self) -> HouseAddress {
        HouseAddress {
            project: self.project.clone(),
            building: self.building.key.clone(),
            unit: self.unit.key.clone(),
            room: self.room.key.clone(),
        }
    }

    /// The natural key of the house below its city company.
    #[must_use]
    pub fn place_key(&self, company: &str) -> String {
        normalise::place_key(company, &self.project, &self.building.key, &self.unit.key, &self.room.key)
    }

    /// Everything the line says but where it stands, as one text.
    fn fingerprint(&self) -> String {
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let word = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            self.project.clone(),
            self.building.key.clone(),
            self.unit.key.clone(),
            self.floor.key.clone(),
            self.room.key.clone(),
            self.layout.clone(),
            number(self.area),
            self.fit_out.clone(),
            self.name.clone(),
            self.document_kind.map(|kind| format!("{kind:?}")).unwrap_or_default(),
            word(&self.document_number),
            word(&self.phone),
            number(self.share_bp),
            word(&self.signed_on),
            number(self.price_fen),
            word(&self.delivered_on),
            word(&self.plate),
            self.channel.clone(),
            self.remark.clone(),
        ]
        .join("\u{1f}")
    }
}

/// A tenure that is open in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTenure {
    /// The holder's document number, normalised, where one is known.
    pub document_number: Option<String>,
    /// The holder's name.
    pub name: String,
    /// The share in basis points.
    pub share_bp: i64,
}

/// What an import must know of the archive that is already there.
pub trait ExistingArchive {
    /// The name of the party with this normalised document number.
    fn name_of_document(&self, number: &str) -> Option<String>;
    /// The open tenures of owners of this house.
    fn open_tenures(&self, house: &HouseAddress) -> Vec<OpenTenure>;
    /// Whether the house was split or merged, so that nothing is written to it any more.
    fn is_retired(&self, house: &HouseAddress) -> bool;
}

/// An archive with nothing in it.
#[derive(Debug, Clone, Copy, Default)]
pub struct EmptyArchive;

impl ExistingArchive for EmptyArchive {
    fn is_retired(&self, _house: &HouseAddress) -> bool {
        false
    }

    fn name_of_document(&self, _number: &str) -> Option<String> {
        None
    }

    fn open_tenures(&self, _house: &HouseAddress) -> Vec<OpenTenure> {
        Vec::new()
    }
}

/// The counts of a ledger, over its accepted lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OwnersSummary {
    /// Lines read.
    pub lines: usize,
    /// Lines accepted.
    pub accepted: usize,
    /// Distinct houses.
    pub houses: usize,
    /// Distinct persons: by document number; a line without one is a person of its own.
    pub people: usize,
    /// Distinct organisations, likewise.
    pub organisations: usize,
    /// Distinct number plates.
    pub vehicles: usize,
}

/// A ledger as read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OwnersRead {
    /// Lines read.
    pub lines: usize,
    /// The accepted lines.
    pub drafts: Vec<OwnerDraft>,
    /// Lines that say what an accepted line says.
    pub repeated: Vec<u32>,
    /// Refused lines, in the order of the table.
    pub refused: Vec<Refusal>,
    /// What is odd about accepted lines.
    pub warnings: Vec<Refusal>,
}

impl OwnersRead {
    /// The counts.
    #[must_use]
    pub fn summary(&self) -> OwnersSummary {
        let mut summary =
            OwnersSummary { lines: self.lines, accepted: self.drafts.len(), ..OwnersSummary::default() };
        let (mut houses, mut documents, mut plates) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for draft in &self.drafts {
            houses.insert(draft.house());
            if draft.document_number.as_ref().is_none_or(|number| documents.insert(number)) {
                match draft.party_kind {
                    PartyKind::Person => summary.people += 1,
                    PartyKind::Organisation => summary.organisations += 1,
                }
            }
            plates.extend(draft.plate.as_ref());
        }
        (summary.houses, summary.vehicles) = (houses.len(), plates.len());
        summary
    }

    /// The report of this import.
    #[must_use]
    pub fn report(&self, mapping: &Mapping) -> ImportReport {
        ImportReport {
            lines: self.lines,
            accepted: self.drafts.len(),
            repeated: self.repeated.clone(),
            refused: self.refused.clone(),
            warnings: self.warnings.clone(),
            unmapped: mapping.unmapped(),
        }
    }
}

/// Reads a whole ledger.
#[must_use]
pub fn read_owners(table: &Table, mapping: &Mapping, existing: &dyn ExistingArchive) -> OwnersRead {
    let mut reader = OwnersReader::new(mapping.clone());
    for row in &table.rows {
        reader.row(row);
    }
    reader.finish(existing)
}

/// Reads a ledger row by row.
#[derive(Debug, Clone)]
pub struct OwnersReader {
    mapping: Mapping,
    lines: usize,
    valid: Vec<(OwnerDraft, Vec<Refusal>)>,
    refused: Vec<Refusal>,
}

impl OwnersReader {
    /// A reader of tables with these columns.
    #[must_use]
    pub fn new(mapping: Mapping) -> Self {
        Self { mapping, lines: 0, valid: Vec::new(), refused: Vec::new() }
    }

    /// Reads one row by itself.
    pub fn row(&mut self, row: &Row) {
        self.lines += 1;
        match read_row(&self.mapping, row) {
            Ok(valid) => self.valid.push(valid),
            Err(refusal) => self.refused.push(refusal),
        }
    }

    /// Decides what lines mean for each other and for the archive, in their order.
    #[must_use]
    pub fn finish(self, existing: &dyn ExistingArchive) -> OwnersRead {
        let Self { mapping, lines, valid, refused } = self;
        let mut across = Across::new(&valid, existing);
        let mut read = OwnersRead { lines, refused, ..OwnersRead::default() };
        for (draft, warnings) in valid {
            match across.verdict(&draft) {
                Verdict::Accepted => {
                    read.warnings.extend(warnings);
                    read.drafts.push(draft);
                }
                Verdict::Repeated => read.repeated.push(draft.line),
                Verdict::Refused(target, reason) => {
                    let column = mapping.heading(target).map(str::to_owned);
                    read.refused.push(Refusal { line: draft.line, column, reason });
                }
            }
        }
        read.refused.sort_by_key(|refusal| refusal.line);
        read
    }
}

enum Verdict {
    Accepted,
    Repeated,
    Refused(&'static str, Reason),
}

/// What is known across lines while they are gone through in order.
struct Across<'a> {
    existing: &'a dyn ExistingArchive,
    seen: BTreeSet<String>,
    names: BTreeMap<String, String>,
    /// Basis points taken per house: by accepted lines, and by open tenures that no line of the file restates.
    taken: BTreeMap<HouseAddress, i64>,
    restated: BTreeMap<HouseAddress, BTreeSet<String>>,
}

/// Who holds: by document number, and only where there is none by name.
fn holder(document_number: Option<&String>, name: &str) -> String {
    document_number.map_or_else(|| format!("name {name}"), |number| format!("document {number}"))
}

impl<'a> Across<'a> {
    fn new(valid: &[(OwnerDraft, Vec<Refusal>)], existing: &'a dyn ExistingArchive) -> Self {
        let mut restated: BTreeMap<HouseAddress, BTreeSet<String>> = BTreeMap::new();
        for (draft, _) in valid {
            restated.entry(draft.house()).or_default().insert(holder(draft.document_number.as_ref(), &draft.name));
        }
        Self { existing, seen: BTreeSet::new(), names: BTreeMap::new(), taken: BTreeMap::new(), restated }
    }

    fn verdict(&mut self, draft: &OwnerDraft) -> Verdict {
        let fingerprint = draft.fingerprint();
        if self.seen.contains(&fingerprint) {
            return Verdict::Repeated;
        }
        if let Some(number) = &draft.document_number {
            let known = self.names.get(number).cloned().or_else(|| self.existing.name_of_document(number));
            if known.is_some_and(|name| normalise::person_name(&name) != draft.name) {
                return Verdict::Refused("document_number", Reason::SameIdOtherName);
            }
        }
        let house = draft.house();
        if self.existing.is_retired(&house) {
            return Verdict::Refused("room", Reason::RetiredHouse);
        }
        let taken = match self.taken.get(&house) {
            Some(taken) => *taken,
            None => self.taken_before(&house),
        };
        let with_this = taken.saturating_add(draft.share_bp.unwrap_or(0));
        if draft.share_bp.is_some() && with_this > 10_000 {
            self.taken.insert(house, taken);
            return Verdict::Refused("share", Reason::BadShare);
        }
        self.taken.insert(house, with_this);
        self.seen.insert(fingerprint);
        if let Some(number) = &draft.document_number {
            self.names.insert(number.clone(), draft.name.clone());
        }
        Verdict::Accepted
    }

    fn taken_before(&self, house: &HouseAddress) -> i64 {
        let restated = self.restated.get(house);
        let open = self.existing.open_tenures(house).into_iter();
        open.filter(|tenure| {
            let holder = holder(tenure.document_number.as_ref(), &tenure.name);
            restated.is_none_or(|holders| !holders.contains(&holder))
        })
        .map(|tenure| tenure.share_bp)
        .fold(0, i64::saturating_add)
    }
}

fn read_row(mapping: &Mapping, row: &Row) -> Result<(OwnerDraft, Vec<Refusal>), Refusal> {
    let mut check = RowCheck::new(mapping, row);
    let project = normalise::text(check.cell("project"));
    let building = PlacePart::new(check.cell("building"), normalise::building);
    let room = PlacePart::new(check.cell("room"), normalise::room);
    for (target, part) in [("project", &project), ("building", &building.key), ("room", &room.key)] {
        if part.is_empty() {
            check.fault(target, Reason::UnreadableRow);
        }
    }
    let name = normalise::person_name(check.cell("name"));
    if name.is_empty() {
        check.fault("name", Reason::MissingName);
    } else if name.chars().nth(normalise::NAME_LIMIT).is_some() {
        check.fault("name", Reason::UnreadableRow);
    }
    let (document_kind, document_number) = read_document(&mut check);
    let organisation = document_kind == Some(DocumentKind::BusinessLicence)
        || DocumentKind::from_word(check.cell("document_kind")) == Some(DocumentKind::BusinessLicence);
    let phone = check.optional("phone", Reason::BadPhone, normalise::phone);
    let share_bp = check.optional("share", Reason::BadShare, normalise::share);
    if share_bp.is_some_and(|share| share <= 100) {
        check.warn("share", Reason::SmallShare);
    }
    let signed_on = check.optional("signed_on", Reason::BadDate, normalise::date);
    let delivered_on = check.optional("delivered_on", Reason::BadDate, normalise::date);
    let area = forgiving(&mut check, "area", Reason::BadArea, normalise::area);
    let price_fen = forgiving(&mut check, "price", Reason::BadPrice, normalise::money_fen);
    let plate = normalise::plate(check.cell("plate"));
    if plate.as_ref().is_some_and(|plate| plate.odd) {
        check.warn("plate", Reason::OddPlate);
    }
    if let Some(refusal) = check.first_fault() {
        return Err(refusal);
    }
    let draft = OwnerDraft {
        line: row.number,
        project,
        building,
        unit: PlacePart::new(check.cell("unit"), normalise::unit),
        floor: PlacePart::new(check.cell("floor"), normalise::floor),
        room,
        layout: normalise::text(check.cell("layout")),
        area,
        fit_out: normalise::text(check.cell("fit_out")),
        party_kind: if organisation { PartyKind::Organisation } else { PartyKind::Person },
        name,
        document_kind,
        document_number,
        phone,
        share_bp,
        signed_on,
        price_fen,
        delivered_on,
        plate: plate.map(|plate| plate.number),
        channel: normalise::text(check.cell("channel")),
        remark: normalise::note(check.cell("remark")),
    };
    Ok((draft, check.warned()))
}

fn read_document(check: &mut RowCheck<'_>) -> (Option<DocumentKind>, Option<String>) {
    let cell = check.cell("document_number");
    if normalise::is_blank(cell) {
        return (None, None);
    }
    let kind =
        DocumentKind::from_word(check.cell("document_kind")).unwrap_or_else(|| DocumentKind::of_number(cell));
    match normalise::document_number(kind, cell) {
        Ok(number) => (Some(kind), Some(number).filter(|number| !number.is_empty())),
        Err(fault) => {
            let reason = match fault {
                DocumentFault::Checksum => Reason::BadIdChecksum,
                DocumentFault::Birthday => Reason::BadIdBirthday,
            };
            check.fault("document_number", reason);
            (Some(kind), None)
        }
    }
}

/// The value of a cell without which the line is still worth having: a warning where it cannot be read.
fn forgiving(
    check: &mut RowCheck<'_>,
    target: &str,
    reason: Reason,
    read: impl FnOnce(&str) -> Option<i64>,
) -> Option<i64> {
    let cell = check.cell(target);
    if normalise::is_blank(cell) {
        return None;
    }
    let value = read(cell);
    if value.is_none() {
        check.warn(target, reason);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::csv::read_csv;
    use crate::import::mapping::Kind;

    const HEAD: &str =
        "项目名称,楼栋,单元,房号,业主姓名,证件类型,证件号码,手机号码,产权比例(%),签约日期,建筑面积,车牌号,备注";
    const ID: &str = "440983197210196296";
    const ID_OTHER: &str = "36082220000304750X";

    /// One word a line: `ok`, `repeat` or the reason, with its column after a space.
    fn verdicts(rows: &[String], existing: &dyn ExistingArchive) -> (OwnersRead, Vec<String>) {
        let csv = format!("{HEAD}\n{}", rows.join("\n"));
        let table = read_csv(csv.as_bytes(), "t").unwrap();
        let read = read_owners(&table, &Mapping::guess(&table.headings, Kind::Owners), existing);
        let words = table.rows.iter().map(|row| {
            let refused = read.refused.iter().find(|refusal| refusal.line == row.number);
            match refused {
                Some(refusal) => format!("{} {}", refusal.reason.code(), refusal.column.as_deref().unwrap_or("-")),
                None if read.repeated.contains(&row.number) => "repeat".to_owned(),
                None => {
                    assert!(read.drafts.iter().any(|draft| draft.line == row.number));
                    "ok".to_owned()
                }
            }
        });
        let words = words.collect();
        assert_eq!(read.drafts.len() + read.repeated.len() + read.refused.len(), read.lines);
        (read, words)
    }

    fn check(given: &[&str], expect: &[&str]) -> OwnersRead {
        let rows: Vec<String> = given.iter().map(|row| (*row).to_owned()).collect();
        let (read, words) = verdicts(&rows, &EmptyArchive);
        assert_eq!(words, expect);
        read
    }

    /// A line of the house 花园 5栋 1单元 1303.
    fn line(name: &str, id: &str, share: &str) -> String {
        format!("花园,5栋,1单元,1303,{name},身份证,{id},15013039268,{share},2023-02-18,86,,")
    }

    #[test]
    fn a_line_has_the_first_fault_in_column_order() {
        for (row, expect) in [
            (line("甲", ID, "100"), "ok"),
            (line("", ID, "140"), "missing_name 业主姓名"),
            (line("　", "330681194808298690", "140"), "missing_name 业主姓名"),
            (line("甲", "330681194808298690", "140"), "bad_id_checksum 证件号码"),
            (line("甲", ID, "140"), "bad_share 产权比例(%)"),
            (line("甲", ID, "140").replace("15013039268", "150130392"), "bad_phone 手机号码"),
            (line("甲", ID, "100").replace("02-18", "02-30"), "bad_date 签约日期"),
            (format!("{},多出来", line("甲", ID, "100")), "unreadable_row -"),
            (format!("{},多出来", line("", ID, "100")), "missing_name 业主姓名"),
            (line("甲", ID, "100").replace(",1303,", ",,"), "unreadable_row 房号"),
            (line(&"长".repeat(51), ID, "100"), "unreadable_row 业主姓名"),
            (line(&"长".repeat(50), ID, "100"), "ok"),
            (line("甲", "", ""), "ok"),
            (line("甲", "110105491231002", "100"), "ok"),
        ] {
            let (_, words) = verdicts(core::slice::from_ref(&row), &EmptyArchive);
            assert_eq!(words, [expect], "{row}");
        }
    }

    #[test]
    fn a_repeat_is_equal_after_normalisation_and_another_name_needs_a_decision() {
        let read = check(
            &[
                &line("张三", ID, "50"),
                &line("张　三", ID, "50")
                    .replace("5栋", "5号楼")
                    .replace("2023-02-18", "2023年2月18日")
                    .replace("150130", "+86 150-130"),
                &line("李四", ID, "50"),
                &line("李四", ID_OTHER, "50"),
                &line("李四", &ID_OTHER.to_lowercase(), "50"),
                &line("张三", ID, "100").replace(",1303,", ",1304,"),
            ],
            &["ok", "repeat", "same_id_other_name 证件号码", "ok", "repeat", "ok"],
        );
        let summary = read.summary();
        assert_eq!((summary.lines, summary.accepted, summary.houses, summary.people), (6, 3, 2, 2));
    }

    #[test]
    fn shares_of_a_house_never_pass_100_percent() {
        check(
            &[
                &line("甲", "", "60"),
                &line("乙", "", "60"),
                &line("丙", "", "40"),
                &line("丁", "", "0.01"),
                &line("戊", "", ""),
            ],
            &["ok", "bad_share 产权比例(%)", "ok", "bad_share 产权比例(%)", "ok"],
        );
    }

    #[test]
    fn a_business_licence_makes_an_organisation_and_odd_values_are_warnings() {
        let read = check(
            &[
                "花园,5,1,1,某公司,营业执照,91440300m0eqe66nc7,,100,,很大,12345,=1+1",
                "花园,5,1,2,Jo,护照,e12345678,,0.5,,,粤b·12345,",
            ],
            &["ok", "ok"],
        );
        let warned: Vec<(u32, &str)> =
            read.warnings.iter().map(|warning| (warning.line, warning.reason.code())).collect();
        assert_eq!(warned, [(2, "bad_area"), (2, "odd_plate"), (3, "small_share")]);
        let summary = read.summary();
        assert_eq!((summary.people, summary.organisations, summary.vehicles), (1, 1, 2));
        assert_eq!(read.drafts[0].remark, "=1+1");
        assert_eq!(read.drafts[1].document_number.as_deref(), Some("E12345678"));
        assert_eq!(read.drafts[1].place_key("深圳"), "深圳/花园/5/1/2");
    }

    struct Archive;

    impl ExistingArchive for Archive {
        fn is_retired(&self, _house: &HouseAddress) -> bool {
            false
        }

        fn name_of_document(&self, number: &str) -> Option<String> {
            (number == ID).then(|| "张三".to_owned())
        }

        fn open_tenures(&self, house: &HouseAddress) -> Vec<OpenTenure> {
            let tenure = |number: Option<&str>, name: &str, share_bp| OpenTenure {
                document_number: number.map(str::to_owned),
                name: name.to_owned(),
                share_bp,
            };
            if house.room == "1303" {
                vec![tenure(Some(ID), "张三", 6_000), tenure(None, "王五", 4_000)]
            } else {
                Vec::new()
            }
        }
    }

    #[test]
    fn the_archive_that_is_there_counts_and_the_same_ledger_again_is_no_fault() {
        let run = |rows: &[String]| verdicts(rows, &Archive).1;
        assert_eq!(run(&[line("张三", ID, "60"), line("王五", "", "40")]), ["ok", "ok"]);
        assert_eq!(run(&[line("张三", ID, "50"), line("王五", "", "50")]), ["ok", "ok"]);
        assert_eq!(run(&[line("赵六", ID_OTHER, "100")]), ["bad_share 产权比例(%)"]);
        assert_eq!(run(&[line("赵六", ID, "100").replace(",1303,", ",1,")]), ["same_id_other_name 证件号码"]);
    }
}
