//! Bundles into one without folding: the laws of a merge, through memory and through a place to lay aside.

use anju_domain::bundle::Form;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::records::Kind;
use anju_engine::exchange::MergeSummary;
use anju_engine::union::{Intake, Scratch, Union};

use crate::device::{Device, ledger};
use crate::exchange::case;

/// A place to lay aside that is a piece of memory.
#[derive(Default)]
struct Shelf(std::sync::Mutex<Vec<u8>>);

impl Scratch for Shelf {
    fn reserve(&self, length: u64) -> std::io::Result<u64> {
        let mut bytes = self.0.lock().unwrap();
        let at = bytes.len();
        bytes.resize(at + usize::try_from(length).unwrap(), 0);
        Ok(u64::try_from(at).unwrap())
    }

    fn write(&self, at: u64, bytes: &[u8]) -> std::io::Result<()> {
        let at = usize::try_from(at).unwrap();
        self.0.lock().unwrap()[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(())
    }

    fn read(&self, at: u64, room: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.0.lock().unwrap();
        let rest = &bytes[usize::try_from(at).unwrap().min(bytes.len())..];
        let length = rest.len().min(room.len());
        room[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

/// The union of bundles and what each brought, by so many intakes, each of which may hold `budget` bytes.
pub(crate) fn union_of(
    bundles: &[&Vec<u8>],
    intakes: usize,
    budget: Option<usize>,
) -> (Vec<u8>, Vec<MergeSummary>) {
    let shelf = Shelf::default();
    let mut open: Vec<Intake<'_>> = (0..intakes)
        .map(|_| budget.map_or_else(Intake::new, |budget| Intake::with_scratch(&shelf, budget)))
        .collect();
    let taken = (0..)
        .zip(bundles)
        .map(|(number, bundle)| {
            let intake = &mut open[usize::try_from(number).unwrap() % intakes];
            Some(intake.take(number, bundle.as_slice(), u64::try_from(bundle.len()).unwrap()).unwrap())
        })
        .collect();
    let runs = open.into_iter().flat_map(Intake::finish).collect();
    let union = Union::new(runs, taken, Some(&shelf)).unwrap();
    let mut merged = Vec::new();
    let sink = |piece: Vec<u8>| {
        merged.extend(piece);
        Ok::<(), std::io::Error>(())
    };
    union.write("林晓", Form::Ndjson, sink).unwrap();
    (merged, union.summaries().to_vec())
}

/// Only the bytes of [`union_of`].
fn merged(bundles: &[&Vec<u8>], intakes: usize, budget: Option<usize>) -> Vec<u8> {
    union_of(bundles, intakes, budget).0
}

#[test]
fn a_union_of_bundles_folds_to_what_merging_them_one_by_one_folds_to() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(30));
    let first = centre.exports();
    let mut tablet = Device::new(2);
    tablet.merges(&first);
    let house = tablet.engine.records().live(Kind::House).next().map(|house| house.id.to_string()).unwrap();
    tablet.does(case(&house)).unwrap();
    let second = tablet.exports();
    let merged = merged(&[&second, &first, &second], 1, None);
    let mut third = Device::new(3);
    third.merges(&merged);
    assert_eq!(third.fingerprint(), tablet.fingerprint());
    assert_eq!(third.status().organisation.as_deref(), Some("安居集团"));
}

#[test]
fn a_union_is_the_same_bytes_in_any_order_by_any_number_of_hands_and_through_any_room() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    centre.imports(TableKind::Owners, &ledger(30));
    let starter = centre.exports();
    let mut bundles = vec![starter.clone()];
    for seed in 2..6 {
        let mut tablet = Device::new(seed);
        tablet.merges(&starter);
        let houses: Vec<String> =
            tablet.engine.records().live(Kind::House).map(|house| house.id.to_string()).collect();
        for house in &houses {
            tablet.does(case(house)).unwrap();
        }
        bundles.push(tablet.exports());
    }
    let all: Vec<&Vec<u8>> = bundles.iter().collect();
    let expected = merged(&all, 1, None);
    let backwards: Vec<&Vec<u8>> = bundles.iter().rev().collect();
    for intakes in [1, 2, 3] {
        for budget in [None, Some(1), Some(10_000), Some(100_000)] {
            assert!(merged(&all, intakes, budget) == expected, "{intakes} {budget:?}");
            assert!(merged(&backwards, intakes, budget) == expected, "backwards {intakes} {budget:?}");
        }
    }
    // A union of unions, with repeats.
    let (left, right) = all.split_at(2);
    let (left, right) = (merged(left, 1, None), merged(right, 2, Some(1)));
    assert!(merged(&[&right, &left, &right, &bundles[3]], 2, None) == expected);
}

#[test]
fn copies_that_differ_outside_the_hash_do_not_make_order_matter() {
    let mut centre = Device::new(1);
    centre.starts_organisation();
    let plain = centre.exports();
    // Members beside head, changes and hash are not covered; the envelope is sealed again around them.
    let text = String::from_utf8(plain.clone()).unwrap().replacen("{\"head\":", "{\"note\":1,\"head\":", 1);
    let covered = text.split_once("\"sha256\"").unwrap().0;
    let digest: [u8; 32] = sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(covered)).into();
    let noted = format!("{covered}\"sha256\":\"{}\"}}\n", anju_domain::ids::hex(&digest)).into_bytes();
    assert!(merged(&[&plain, &noted], 1, None) == merged(&[&noted, &plain], 1, None));
}
