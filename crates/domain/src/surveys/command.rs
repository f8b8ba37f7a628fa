//! Commands of surveys and their rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::answer::AnswerDocument;
use super::model::{LoyaltyRule, Response, Stage, Wave, group_at};
use super::questionnaire::{Answer, Questionnaire};
use crate::archive::model::{House, OrganisationRecord, Place, Tenure};
use crate::archive::normalise;
use crate::command::{Decision, Editor, Rejection};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, derived_id, project_stream};
use crate::records::{Kind, Records};
use crate::time::{date_at, iso_at, parse_date};

/// The wave that answers go to when nobody names one; the same on every machine.
pub const STANDARD_WAVE: &str = "wave-standard";

/// What a person asks of surveys.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum SurveyCommand {
    /// Makes a wave of the standard questionnaire and, if wanted, today's wave.
    AddWave {
        /// Its title.
        title: String,
        /// Which answers count as loyal; locked from now on.
        loyalty_rule: LoyaltyRule,
        /// Whether surveys opened from now on belong to it.
        is_current: bool,
    },
    /// Makes a wave that is known by its title alone, so that machines that never met agree on it.
    NameWave {
        /// Its title.
        title: String,
    },
    /// Takes in the answer that somebody gave on this device.
    Answer(GivenAnswer),
    /// Takes in answers that owners sent.
    TakeAnswers(Vec<AnswerDocument>),
    /// Decides which of several answers to one invitation counts.
    Choose {
        /// The response that counts.
        response: String,
    },
}

/// An answer given on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAnswer {
    /// The response id, drawn when the survey was opened.
    pub response: String,
    /// The wave.
    pub wave: String,
    /// The hash of the questionnaire.
    pub questionnaire: String,
    /// House id.
    pub house: Option<String>,
    /// How it was given: `desk`, `phone`, `paper`.
    pub channel: String,
    /// The answers by question id.
    pub answers: BTreeMap<String, Answer>,
}

/// The standard wave, as every machine makes it.
#[must_use]
pub fn standard_wave() -> Wave {
    Wave {
        id: STANDARD_WAVE.to_owned(),
        title: "业主满意度调查".to_owned(),
        year: None,
        questionnaire: Questionnaire::owner_survey().hash(),
        loyalty_rule: LoyaltyRule::LoyalTop2,
        opens_on: None,
        closes_on: None,
        weights: None,
        extra: serde_json::Map::new(),
    }
}

/// Writes the standard questionnaire and wave; returns the wave's id.
pub fn put_standard_wave(editor: &mut Editor<'_>) -> String {
    put_questionnaire(editor, Questionnaire::owner_survey());
    let wave = standard_wave();
    if editor.records().find(Kind::Wave, STANDARD_WAVE).is_none() {
        editor.put(ORGANISATION_STREAM, Kind::Wave, STANDARD_WAVE, &wave);
    }
    wave.id
}

/// The id of a wave that is known by its title.
#[must_use]
pub fn named_wave_id(title: &str) -> String {
    derived_id("wave", &[&normalise::text(title)])
}

/// The id of the wave that somebody names by id or title; of several with one title the least id.
#[must_use]
pub fn find_wave(records: &Records, name: &str) -> Option<String> {
    if let Some(wave) = wave(records, name) {
        return Some(wave.id);
    }
    let title = normalise::text(name);
    let titled = |id: &str| wave(records, id).is_some_and(|wave| wave.title == title);
    let mut ids: Vec<String> = records.live(Kind::Wave).map(|record| record.id.to_string()).collect();
    ids.push(STANDARD_WAVE.to_owned());
    ids.into_iter().filter(|id| titled(id)).min()
}

/// A locked questionnaire is one document, named by its content; it never changes, so it needs no fields that merge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct QuestionnaireRecord {
    /// The questionnaire's canonical JSON.
    pub document: String,
}

fn put_questionnaire(editor: &mut Editor<'_>, questionnaire: &Questionnaire) {
    let record = QuestionnaireRecord { document: questionnaire.to_canonical_json() };
    editor.put(ORGANISATION_STREAM, Kind::Questionnaire, &questionnaire.hash(), &record);
}

/// The wave with this id, the standard one also where it was never written.
#[must_use]
pub fn wave(records: &Records, id: &str) -> Option<Wave> {
    records
        .get(Kind::Wave, id)
        .and_then(|record| records.read(Kind::Wave, record).ok())
        .or_else(|| (id == STANDARD_WAVE).then(standard_wave))
}

/// The questionnaire with this hash.
#[must_use]
pub fn questionnaire(records: &Records, hash: &str) -> Option<Questionnaire> {
    let standard = Questionnaire::owner_survey();
    if standard.hash() == hash {
        return Some(standard.clone());
    }
    let record = records.get(Kind::Questionnaire, hash)?;
    serde_json::from_str(&records.shown_text(record, "document")?).ok()
}

/// Decides a command of surveys.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: SurveyCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let mut editor = Editor::new(records);
    match command {
        SurveyCommand::AddWave { title, loyalty_rule, is_current } => {
            let title = normalise::text(&title);
            if title.is_empty() {
                return Err(Rejection::of("title", "name_missing"));
            }
            put_questionnaire(&mut editor, Questionnaire::owner_survey());
            let id = env.new_id("wave");
            let wave =
                Wave { id: id.clone(), title, loyalty_rule, opens_on: date_at(env.now()), ..standard_wave() };
            editor.put(ORGANISATION_STREAM, Kind::Wave, &id, &wave);
            if is_current
                && let Some(organisation) = records.live(Kind::Organisation).min_by(|a, b| a.id.cmp(&b.id))
            {
                let change = OrganisationRecord { current_wave: Some(id.clone()), ..OrganisationRecord::default() };
                editor.put(ORGANISATION_STREAM, Kind::Organisation, &organisation.id, &change);
            }
            let mut decision = editor.decide("add_wave")?;
            decision.subject = Some(id);
            Ok(decision)
        }
        SurveyCommand::NameWave { title } => {
            let title = normalise::text(&title);
            if title.is_empty() {
                return Err(Rejection::of("title", "name_missing"));
            }
            put_questionnaire(&mut editor, Questionnaire::owner_survey());
            let id = named_wave_id(&title);
            let wave = Wave { id: id.clone(), title, ..standard_wave() };
            editor.put(ORGANISATION_STREAM, Kind::Wave, &id, &wave);
            let mut decision = editor.decide("name_wave")?;
            decision.subject = Some(id);
            Ok(decision)
        }
        SurveyCommand::Answer(given) => {
            let questionnaire = questionnaire(records, &given.questionnaire)
                .ok_or_else(|| Rejection::new("questionnaire_missing"))?;
            for (id, answer) in &given.answers {
                questionnaire.check(id, answer).map_err(|problem| Rejection::of(id, problem.code()))?;
            }
            let now = env.now();
            let (stream, mut response) = seen_from_house(records, given.house.as_deref(), now);
            let asked_group = given.answers.get(super::questionnaire::GROUP_QUESTION);
            if response.group.is_none()
                && let Some(Answer::Text(group)) = asked_group
            {
                response.group = Some(super::model::Group::parse(group));
            }
            response.wave = Some(given.wave);
            response.channel = Some(given.channel);
            response.questionnaire = Some(given.questionnaire);
            response.finished_at = Some(iso_at(now));
            response.answers = given.answers;
            editor.put(&stream, Kind::Response, &given.response, &response);
            let mut decision = editor.decide("give_answer")?;
            decision.subject = Some(given.response);
            Ok(decision)
        }
        SurveyCommand::TakeAnswers(documents) => {
            for document in documents {
                take(&mut editor, document);
            }
            editor.decide("take_answers")
        }
        SurveyCommand::Choose { response } => {
            let record = records.get(Kind::Response, &response).ok_or_else(|| Rejection::new("record_missing"))?;
            let invitation = records.shown_text(record, "invitation");
            for other in records.live(Kind::Response) {
                let is_rival = invitation.is_some() && records.shown_text(other, "invitation") == invitation;
                let chosen = *other.id == *response;
                if is_rival && (chosen || records.shown(other, "chosen").is_some()) {
                    let stream = records.names().text(other.stream).to_owned();
                    let fields = vec![("chosen".to_owned(), chosen.to_string())];
                    editor.put_fields(&stream, Kind::Response, &other.id, fields);
                }
            }
            editor.decide("choose_answer")
        }
    }
}

/// City, project, group and stage of a house's owner as of now, and the stream that the answer belongs to.
fn seen_from_house(records: &Records, house_id: Option<&str>, now: crate::time::Millis) -> (String, Response) {
    let mut response = Response { house: house_id.map(str::to_owned), ..Response::default() };
    let Some((record, house)) = house_id.and_then(|id| {
        let record = records.get(Kind::House, id)?;
        Some((record, records.read::<House>(Kind::House, record).ok()?))
    }) else {
        return (ORGANISATION_STREAM.to_owned(), response);
    };
    if let Some(place) = records.get(Kind::Place, &house.project)
        && let Ok(place) = records.read::<Place>(Kind::Place, place)
    {
        response.city = place.city;
        response.project = Some(place.name);
    }
    let delivered_on = house.delivered_on.as_deref().and_then(parse_date);
    if let Some(today) = date_at(now) {
        let stage: Stage = group_at(delivered_on, today);
        response.group = stage.group();
        response.stage = Some(stage);
    }
    response.party = records
        .live(Kind::Tenure)
        .filter(|tenure| records.shown_text(tenure, "house").as_deref() == Some(&*record.id))
        .filter_map(|tenure| Some((&tenure.id, records.read::<Tenure>(Kind::Tenure, tenure).ok()?)))
        .filter(|(_, tenure)| tenure.is_open_ownership())
        // The same owner on every device, in whatever order the tenures came.
        .min_by(|(a, _), (b, _)| a.cmp(b))
        .map(|(_, tenure)| tenure.party);
    response.sample = house.sample;
    (records.names().text(record.stream).to_owned(), response)
}

/// Fields of a response that only this side may write.
const RESERVED: [&str; 8] = ["house", "party", "number", "sample", "test", "chosen", "deleted", "channel"];

/// Brings in what an owner sent. The response id makes the same answer the same record, however often it comes.
fn take(editor: &mut Editor<'_>, document: AnswerDocument) {
    let records = editor.records();
    let stream = stream_of_project(records, document.city.as_deref(), document.project.as_deref());
    let group =
        document.group.clone().or_else(|| match document.answers.get(super::questionnaire::GROUP_QUESTION) {
            Some(Answer::Text(group)) => Some(super::model::Group::parse(group)),
            _ => None,
        });
    // What a stranger sends may add to an answer, and may not say which house it is of, whether it counts, or stand
    // in for an answer that the questionnaire would refuse.
    let mut extra = document.extra;
    extra.retain(|name, _| !RESERVED.contains(&name.as_str()) && !name.starts_with("a."));
    let mut answers = document.answers;
    if let Some(questionnaire) = questionnaire(records, &document.questionnaire) {
        answers
            .retain(|id, answer| questionnaire.question(id).is_none() || questionnaire.check(id, answer).is_ok());
    }
    let response = Response {
        wave: Some(document.wave),
        invitation: document.invitation,
        city: document.city,
        project: document.project,
        group,
        stage: document.stage,
        channel: Some("link".to_owned()),
        questionnaire: Some(document.questionnaire),
        finished_at: document.finished_at,
        answers,
        extra,
        ..Response::default()
    };
    if records.find(Kind::Response, &document.response).is_none() {
        editor.put(&stream, Kind::Response, &document.response, &response);
    }
}

/// The stream of the project with this name: the known one in the city, or the one that its natural key names.
#[must_use]
pub fn stream_of_project(records: &Records, city: Option<&str>, project: Option<&str>) -> String {
    let Some(project) = project.map(normalise::text).filter(|name| !name.is_empty()) else {
        return ORGANISATION_STREAM.to_owned();
    };
    let city = city.map(normalise::text).unwrap_or_default();
    let known = records.live(Kind::Place).filter(|record| {
        records.shown(record, "level") == Some("\"project\"")
            && records.shown_text(record, "name").as_deref() == Some(project.as_str())
            && (city.is_empty() || records.shown_text(record, "city").is_none_or(|c| c == city))
    });
    let known = known.min_by(|a, b| a.id.cmp(&b.id));
    match known {
        Some(record) => project_stream(&record.id),
        None => project_stream(&crate::archive::command::place_id(&[&city, &project])),
    }
}

/// The id of an answer that was imported: from its wave and number, so that two machines agree.
#[must_use]
pub fn imported_response_id(wave: &str, number: &str) -> String {
    derived_id("response", &[wave, number])
}
