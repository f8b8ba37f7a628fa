//! Answers as columns, ready to be counted.
//!
//! One row per response with its wave, city, group and ratings as small numbers; rebuilt from the records when a
//! response changed and somebody asks. What a figure means is `domain`'s.

use std::collections::BTreeMap;

use anju_domain::records::{At, Kind, Names, Record, Records};
use anju_domain::surveys::command::STANDARD_WAVE;
use anju_domain::surveys::model::{Counting, Intake, LoyaltyRule, Stage, counting};
use anju_domain::surveys::stats::{SurveyReport, SurveyTally};
use anju_domain::surveys::{command, model};

/// Stands for "no answer" in a column.
const BLANK: u8 = u8::MAX;

/// The columns.
#[derive(Debug, Default)]
pub struct SurveyIndex {
    is_fresh: bool,
    rows: Vec<Row>,
    words: Vec<String>,
}

/// One response.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its place in the table of responses.
    pub(crate) place: u32,
    wave: u32,
    city: Option<u32>,
    group: Option<u32>,
    ratings: Vec<u8>,
    /// Whether it counts, as far as the response alone says.
    pub(crate) may_count: bool,
    /// Whether another answer to the same invitation counts instead.
    pub(crate) is_quarantined: bool,
}

/// Which answers a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct AnswerFilter {
    /// The wave; empty means the standard one.
    pub wave: String,
    /// Group by its Chinese name or own word.
    pub group: Option<String>,
    /// City.
    pub city: Option<String>,
    /// A rated question, with the ratings from and to; 0 is "not applicable".
    pub question: Option<String>,
    /// Least rating.
    pub from: u8,
    /// Greatest rating; 0 stands for 5.
    pub to: u8,
    /// Only those loyal by the wave's rule.
    pub loyal: bool,
    /// Those that wait because another answer to the invitation counts.
    pub quarantined: bool,
}

impl SurveyIndex {
    /// Takes notice of records that changed.
    pub fn touch(&mut self, touched: &[At]) {
        let is_response = |at: &At| Kind::ALL.get(at.table) == Some(&Kind::Response);
        if touched.iter().any(is_response) {
            self.forget();
        }
    }

    /// Rebuilds at the next question.
    pub fn forget(&mut self) {
        self.is_fresh = false;
    }

    fn refresh(&mut self, records: &Records) {
        if self.is_fresh {
            return;
        }
        let questions = SurveyTally::columns();
        let names = records.names();
        let columns: BTreeMap<u32, usize> = questions
            .iter()
            .enumerate()
            .filter_map(|(column, question)| Some((names.find(&format!("a.{question}"))?, column)))
            .collect();
        let meta = Meta::new(names);
        let mut words: BTreeMap<String, u32> = BTreeMap::new();
        let mut list: Vec<String> = Vec::new();
        let mut word = |text: &str| {
            *words.entry(text.to_owned()).or_insert_with(|| {
                list.push(text.to_owned());
                u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
            })
        };
        let mut rows = Vec::new();
        let mut invited: Vec<(usize, String, String, bool)> = Vec::new();
        for (place, record) in (0_u32..).zip(records.table(Kind::Response).rows()) {
            if !record.is_live(names) {
                continue;
            }
            let mut row = Row {
                place,
                wave: word(STANDARD_WAVE),
                city: None,
                group: None,
                ratings: vec![BLANK; questions.len()],
                may_count: true,
                is_quarantined: false,
            };
            let mut stage = None;
            let mut invitation = None;
            let mut chosen = false;
            let (mut is_sample, mut is_test) = (false, false);
            // Ascending order of writes, so the shown value is the one that stays.
            for (name, value) in record.writes.iter().flat_map(|write| write.fields.iter()) {
                if let Some(&column) = columns.get(&name) {
                    if let Some(cell) = row.ratings.get_mut(column) {
                        *cell = value.parse().unwrap_or(BLANK);
                    }
                } else if Some(name) == meta.wave {
                    row.wave = word(&text_of(value));
                } else if Some(name) == meta.city {
                    row.city = Some(word(&text_of(value)));
                } else if Some(name) == meta.group {
                    row.group = Some(word(model::Group::parse(&text_of(value)).zh()));
                } else if Some(name) == meta.stage {
                    stage = Stage::parse(&text_of(value)).group();
                } else if Some(name) == meta.invitation {
                    invitation = Some(text_of(value));
                } else if Some(name) == meta.chosen {
                    chosen = value == "true";
                } else if Some(name) == meta.sample {
                    is_sample = value == "true";
                } else if Some(name) == meta.test {
                    is_test = value == "true";
                }
            }
            row.may_count = !is_sample && !is_test;
            if row.group.is_none() {
                row.group = stage.map(|group| word(group.zh()));
            }
            if let Some(invitation) = invitation {
                invited.push((rows.len(), invitation, intake_key(record, names), chosen));
            }
            rows.push(row);
        }
        let entries: Vec<Intake<'_, &String>> = invited
            .iter()
            .filter_map(|(row, invitation, key, chosen)| {
                let place = rows.get(*row)?.place;
                let response = &records.table(Kind::Response).row(place)?.id;
                Some(Intake { invitation: Some(invitation), key, response, chosen: *chosen })
            })
            .collect();
        let Counting { quarantined, .. } = counting(&entries);
        for (row, ..) in &invited {
            if let Some(row) = rows.get_mut(*row)
                && let Some(record) = records.table(Kind::Response).row(row.place)
            {
                row.is_quarantined = quarantined.contains_key(&*record.id);
            }
        }
        self.rows = rows;
        self.words = list;
        self.is_fresh = true;
    }

    fn word(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|n| self.words.get(n)).map_or("", String::as_str)
    }

    /// Waves that have answers, and how many count.
    pub fn waves(&mut self, records: &Records) -> BTreeMap<String, u64> {
        self.refresh(records);
        let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.may_count && !row.is_quarantined) {
            *counts.entry(row.wave).or_default() += 1;
        }
        counts.into_iter().map(|(wave, count)| (self.word(wave).to_owned(), count)).collect()
    }

    /// How many answers wait because another one to the same invitation counts.
    pub fn quarantined(&mut self, records: &Records) -> usize {
        self.refresh(records);
        self.rows.iter().filter(|row| row.is_quarantined).count()
    }

    /// Response ids with whether they count.
    pub fn counted(&mut self, records: &Records) -> BTreeMap<String, bool> {
        self.refresh(records);
        let table = records.table(Kind::Response);
        self.rows
            .iter()
            .filter_map(|row| Some((table.row(row.place)?.id.to_string(), row.may_count && !row.is_quarantined)))
            .collect()
    }

    /// The tally of a wave.
    pub fn tally(&mut self, records: &Records, wave: &str) -> SurveyTally {
        self.refresh(records);
        let rule = command::wave(records, wave).map_or(LoyaltyRule::LoyalTop2, |wave| wave.loyalty_rule);
        let mut tally = SurveyTally::new(rule);
        let mut groups = BTreeMap::new();
        let mut cities = BTreeMap::new();
        let rows = self.rows.iter().filter(|row| row.may_count && !row.is_quarantined);
        for row in rows.filter(|row| self.word(row.wave) == wave) {
            let group = row.group.map(|g| *groups.entry(g).or_insert_with(|| tally.group(self.word(g))));
            let city = row.city.map(|c| *cities.entry(c).or_insert_with(|| tally.city(self.word(c))));
            tally.add(group, city, &row.ratings);
        }
        tally
    }

    /// The figures of a wave.
    pub fn report(&mut self, records: &Records, wave: &str) -> SurveyReport {
        let weights = command::wave(records, wave).and_then(|wave| wave.weights);
        self.tally(records, wave).report(weights.as_ref())
    }

    /// Places of the responses that a filter lets through, in the order in which they came.
    pub fn filtered(&mut self, records: &Records, filter: &AnswerFilter) -> Vec<u32> {
        self.refresh(records);
        let wave = if filter.wave.is_empty() { STANDARD_WAVE } else { &filter.wave };
        let columns = SurveyTally::columns();
        let column = filter.question.as_ref().and_then(|q| columns.iter().position(|c| c == q));
        let rule = command::wave(records, wave).map_or(LoyaltyRule::LoyalTop2, |wave| wave.loyalty_rule);
        let to = if filter.to == 0 { 5 } else { filter.to };
        self.rows
            .iter()
            .filter(|row| self.word(row.wave) == wave)
            .filter(|row| row.is_quarantined == filter.quarantined && row.may_count)
            .filter(|row| {
                filter.group.as_deref().is_none_or(|group| row.group.is_some_and(|g| self.word(g) == group))
            })
            .filter(|row| filter.city.as_deref().is_none_or(|city| row.city.is_some_and(|c| self.word(c) == city)))
            .filter(|row| {
                column.is_none_or(|column| {
                    row.ratings.get(column).is_some_and(|r| *r != BLANK && (filter.from..=to).contains(r))
                })
            })
            .filter(|row| {
                // The three headline questions are the first columns.
                !filter.loyal || row.ratings.iter().take(3).all(|r| *r != BLANK && *r >= rule.threshold())
            })
            .map(|row| row.place)
            .collect()
    }
}

/// Name numbers of the fields that a row reads.
struct Meta {
    wave: Option<u32>,
    city: Option<u32>,
    group: Option<u32>,
    stage: Option<u32>,
    invitation: Option<u32>,
    chosen: Option<u32>,
    sample: Option<u32>,
    test: Option<u32>,
}

impl Meta {
    fn new(names: &Names) -> Self {
        Self {
            wave: names.find("wave"),
            city: names.find("city"),
            group: names.find("group"),
            stage: names.find("stage"),
            invitation: names.find("invitation"),
            chosen: names.find("chosen"),
            sample: names.find("sample"),
            test: names.find("test"),
        }
    }
}

fn text_of(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_default()
}

/// Orders intakes by stamp, device and action, so that every device calls the same one the first.
fn intake_key(record: &Record, names: &Names) -> String {
    record
        .writes
        .first()
        .map(|write| format!("{}/{}/{}", write.at, names.text(write.device), write.id))
        .unwrap_or_default()
}
