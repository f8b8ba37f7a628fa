//! The replay of the group survey of 2002: 42,000 answers of ten cities must give exactly the expected figures.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fixtures are files, and the replay says how long it took"
)]

#[cfg(test)]
mod replay {
    use anju_domain::surveys::indicators::IndicatorTree;
    use anju_domain::surveys::model::{Group, LoyaltyRule};
    use anju_domain::surveys::render::{Format, Labels, render};
    use anju_domain::surveys::stats::{BLANK, OVERALL, REBUY, RECOMMEND, SurveyReport, SurveyTally};
    use flate2::read::GzDecoder;
    use serde_json::Value;
    use std::fs::{File, read_dir, read_to_string};
    use std::path::PathBuf;
    use std::time::Instant;

    fn fixtures() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
    }

    struct Row {
        group: String,
        city: String,
        ratings: Vec<u8>,
    }

    fn rows_of(path: &PathBuf) -> Vec<Row> {
        let mut reader = csv::ReaderBuilder::new().from_reader(GzDecoder::new(File::open(path).unwrap()));
        let columns = SurveyTally::columns();
        let places: Vec<Option<usize>> = reader
            .headers()
            .unwrap()
            .iter()
            .map(|heading| {
                let id = match heading {
                    "总体满意度" => Some(OVERALL.to_owned()),
                    "再次购买意愿" => Some(REBUY.to_owned()),
                    "推荐意愿" => Some(RECOMMEND.to_owned()),
                    leaf => IndicatorTree::standard().id_of_heading(leaf),
                };
                id.map(|id| columns.iter().position(|column| *column == id).unwrap())
            })
            .collect();
        assert_eq!(places.iter().flatten().count(), columns.len());
        reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let mut ratings = vec![BLANK; columns.len()];
                for (text, place) in record.iter().zip(&places) {
                    if let (Some(place), false) = (place, text.is_empty()) {
                        ratings[*place] = text.parse().unwrap();
                    }
                }
                Row { group: Group::parse(&record[3]).zh().to_owned(), city: record[1].to_owned(), ratings }
            })
            .collect()
    }

    fn tally_of(rows: &[Row]) -> SurveyTally {
        let mut tally = SurveyTally::new(LoyaltyRule::LoyalTop2);
        for row in rows {
            let (group, city) = (tally.group(&row.group), tally.city(&row.city));
            tally.add(Some(group), Some(city), &row.ratings);
        }
        tally
    }

    #[test]
    fn the_survey_of_2002_gives_exactly_the_expected_figures() {
        let mut files: Vec<PathBuf> = read_dir(fixtures().join("survey"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "gz"))
            .collect();
        files.sort();
        assert_eq!(files.len(), 10);
        let cities: Vec<Vec<Row>> = files.iter().map(rows_of).collect();

        let start = Instant::now();
        let mut whole = SurveyTally::new(LoyaltyRule::LoyalTop2);
        for rows in &cities {
            whole.merge(&tally_of(rows)).unwrap();
        }
        let report = whole.report(None);
        println!("42,000 answers in {:?}", start.elapsed());

        let text = read_to_string(fixtures().join("expected.json")).unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        let expected = &all["survey"];
        assert_eq!(&serde_json::to_value(&report).unwrap(), expected);
        assert_eq!(serde_json::from_value::<SurveyReport>(expected.clone()).unwrap().items, report.items);

        // Member for member in the same order and spelling, apart from the indentation.
        let trimmed = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
        let written = trimmed(&render(&report, Format::Json, &Labels::default()));
        let (_, section) = text.split_once("\"survey\": ").unwrap();
        let expected_lines = trimmed(section);
        assert_eq!(written, expected_lines[..written.len()]);

        let (whole_pct, loyal_pct) =
            (whole.whole().satisfaction_pct().unwrap(), whole.whole().loyalty_pct().unwrap());
        assert_eq!((whole_pct.fixed().as_str(), loyal_pct.fixed().as_str()), ("77.60", "53.60"));
    }
}
