//! Commands of posts and of the words by which they are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::clock::{TARGET_MINUTES, began, took};
use super::model::{Post, PostWord, post_id, post_word_id};
use super::paste::{MAX_COUNT, MAX_NAME, MAX_POSTS, MAX_TEXT, clean, host, link};
use super::reader::{Dictionary, MAX_WEIGHT};
use crate::archive::model::{House, Place, PlaceLevel};
use crate::archive::normalise;
use crate::archive::people::today;
use crate::calendar::model::{calendar, stream_of};
use crate::cases::command::{NewCase, add};
use crate::cases::model::{CaseChannel, CaseKind, ResponsibleParty, Severity};
use crate::command::{Decision, Editor, Put, Rejection, fields_of};
use crate::env::Env;
use crate::ids::{ORGANISATION_STREAM, WriteId};
use crate::records::{Kind, Record, Records};
use crate::time::Millis;

/// Longest word of the dictionary, in characters.
const MAX_WORD: usize = 20;
/// Longest code of a leaf, in characters.
const MAX_LEAF: usize = 200;
/// How far in the future a moment may lie since clocks differ, in milliseconds: a minute.
const CLOCKS_DIFFER: Millis = 60_000;

/// What a person asks of posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostCommand {
    /// Enters a post, or changes one.
    Put {
        /// Which one; nothing enters one.
        id: Option<String>,
        /// What it holds. Its answer and its case are commands of their own, and a project that is there stays.
        new: Box<Post>,
        /// Per field the writes that the form showed.
        seen: BTreeMap<String, Vec<WriteId>>,
    },
    /// Takes the posts of a page in. One that is there already is only counted anew.
    Take {
        /// The posts.
        posts: Vec<Post>,
    },
    /// Notes the public answer.
    Answer {
        /// Which post.
        id: String,
        /// The words that were published.
        answer: String,
        /// When; now where nothing is said.
        at: Option<Millis>,
        /// Who answered.
        by: String,
    },
    /// Says which case takes care of a post.
    Link {
        /// Which post.
        id: String,
        /// The case; nothing unlinks it.
        case: Option<String>,
    },
    /// Registers a case of what a post says and links the two.
    MakeCase {
        /// Which post.
        id: String,
        /// What is wanted.
        kind: CaseKind,
        /// How much it weighs.
        severity: Severity,
        /// Who must act.
        responsible: Option<ResponsibleParty>,
    },
    /// Takes a post out that does not belong here.
    Drop {
        /// Which post.
        id: String,
    },
    /// Adds a word, or says something else of one; the words that come with the app are changed this way too.
    PutWord(PostWord),
    /// Does not look for a word any more, or looks for it again.
    RetireWord {
        /// Which word.
        word: String,
        /// Whether it is looked for no more.
        retired: bool,
    },
}

/// Decides a command of posts.
///
/// # Errors
/// A [`Rejection`] that names the field to mend.
pub fn decide(records: &Records, command: PostCommand, env: &mut dyn Env) -> Result<Decision, Rejection> {
    match command {
        PostCommand::Put { id: None, new, .. } => enter(records, *new, env),
        PostCommand::Put { id: Some(id), new, seen } => edit(records, &id, *new, &seen, env),
        PostCommand::Take { posts } => take(records, posts, env),
        PostCommand::Answer { id, answer, at, by } => note_answer(records, &id, &answer, at, &by, env),
        PostCommand::Link { id, case } => {
            known(records, &id)?;
            let case = case.map(|case| case.trim().to_owned()).filter(|case| !case.is_empty());
            if case.as_deref().is_some_and(|case| records.get(Kind::Case, case).is_none()) {
                return Err(Rejection::of("case", "post_case_missing"));
            }
            let value = serde_json::to_string(&case).unwrap_or_default();
            write(records, &id, vec![("case".to_owned(), value)], "link_post")
        }
        PostCommand::MakeCase { id, kind, severity, responsible } => {
            make_case(records, &id, (kind, severity, responsible), env)
        }
        PostCommand::Drop { id } => {
            known(records, &id)?;
            let mut editor = Editor::new(records);
            editor.delete(Kind::Post, &id);
            editor.decide("drop_post")
        }
        PostCommand::PutWord(word) => put_word(records, word),
        PostCommand::RetireWord { word, retired } => retire_word(records, &word, retired, env),
    }
}

fn enter(records: &Records, new: Post, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let (stream, new) = checked(records, new, env.now())?;
    let id = post_id(&new);
    // Who pastes what is here already is told so, and an erased post does not come back under its own id.
    if records.find(Kind::Post, &id).is_some_and(|record| record.is_erased || record.is_live(records.names())) {
        return Err(Rejection::of("text", "post_known"));
    }
    let mut editor = Editor::new(records);
    editor.put(&stream, Kind::Post, &id, &new);
    told(editor.decide("add_post")?, id)
}

fn edit(
    records: &Records,
    id: &str,
    new: Post,
    seen: &BTreeMap<String, Vec<WriteId>>,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let (record, before) = known(records, id)?;
    let project = before.project.clone().or_else(|| new.project.clone());
    let (_, new) = checked(records, Post { project, ..new }, env.now())?;
    let new = Post {
        seen_at: before.seen_at.or(new.seen_at),
        case: before.case.clone(),
        answered_at: before.answered_at,
        answer: before.answer.clone(),
        answered_by: before.answered_by.clone(),
        took_minutes: before.took_minutes,
        target_minutes: before.target_minutes,
        ..new
    };
    let written = fields_of(&before);
    let mut fields = fields_of(&new);
    for (name, _) in &written {
        if !fields.iter().any(|(own, _)| own == name) {
            fields.push((name.clone(), "null".to_owned()));
        }
    }
    fields.retain(|field| !written.contains(field));
    // A field that moved while the form was open is a question, not an overwrite.
    for (field, _) in &fields {
        let rivals = records.rivals(record, field);
        let shown = seen.get(field).map(Vec::as_slice).unwrap_or_default();
        if rivals.last().is_some_and(|rival| !shown.contains(&rival.write)) {
            return Err(Rejection::of(field, "field_moved"));
        }
    }
    write(records, id, fields, "edit_post")
}

fn take(records: &Records, posts: Vec<Post>, env: &mut dyn Env) -> Result<Decision, Rejection> {
    if posts.len() > MAX_POSTS {
        return Err(Rejection::of("posts", "too_long"));
    }
    let now = env.now();
    let mut editor = Editor::new(records);
    for (place, post) in posts.into_iter().enumerate() {
        let (stream, post) = checked(records, post, now).map_err(|rejection| Rejection {
            field: Some(format!("posts.{place}.{}", rejection.field.unwrap_or_default())),
            ..rejection
        })?;
        let id = post_id(&post);
        match records.find(Kind::Post, &id) {
            Some(record) if record.is_live(records.names()) => {
                let stream = records.names().text(record.stream).to_owned();
                let counts = [("views", post.views), ("replies", post.replies)];
                let fields: Vec<(String, String)> = counts
                    .into_iter()
                    .filter_map(|(field, count)| Some((field.to_owned(), count?.to_string())))
                    .collect();
                let differs =
                    fields.iter().any(|(name, value)| records.shown(record, name) != Some(value.as_str()));
                if differs {
                    let _put: Put = editor.put_fields(&stream, Kind::Post, &id, fields);
                }
            }
            // What was taken out does not come back by itself.
            Some(record) if record.is_erased || !record.writes.is_empty() => {}
            _ => {
                editor.put(&stream, Kind::Post, &id, &post);
            }
        }
    }
    editor.decide("take_posts")
}

fn note_answer(
    records: &Records,
    id: &str,
    answer: &str,
    at: Option<Millis>,
    by: &str,
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let (_, before) = known(records, id)?;
    if before.is_answered() {
        return Err(Rejection::new("post_answered"));
    }
    let answer = text_within("answer", answer)?;
    if answer.is_empty() {
        return Err(Rejection::of("answer", "answer_missing"));
    }
    let now = env.now();
    let at = at.unwrap_or(now);
    if at > now.saturating_add(CLOCKS_DIFFER) {
        return Err(Rejection::of("at", "time_in_future"));
    }
    if began(&before).is_some_and(|began| at < began) {
        return Err(Rejection::of("at", "time_before_post"));
    }
    let answered = Post { answered_at: Some(at), took_minutes: None, ..before };
    let took = took(&answered, &calendar(records, answered.project.as_deref()));
    let new = Post {
        answered_at: Some(at),
        answer,
        answered_by: name_within("by", by)?,
        took_minutes: took,
        target_minutes: Some(TARGET_MINUTES),
        ..Post::default()
    };
    write(records, id, fields_of(&new), "answer_post")
}

fn make_case(
    records: &Records,
    id: &str,
    (kind, severity, responsible): (CaseKind, Severity, Option<ResponsibleParty>),
    env: &mut dyn Env,
) -> Result<Decision, Rejection> {
    let (record, post) = known(records, id)?;
    if post.case.as_deref().is_some_and(|case| records.get(Kind::Case, case).is_some()) {
        return Err(Rejection::new("post_has_case"));
    }
    let from: Vec<&str> = [post.site.as_str(), post.author.as_str(), post.url.as_deref().unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let new = NewCase {
        kind,
        channel: CaseChannel::Forum,
        leaf: post.leaf.clone(),
        severity,
        description: format!("{}\n{}", post.text, from.join(" · ")),
        house: post.house.clone(),
        party: post.party.clone(),
        responsible,
    };
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    let case = add(&mut editor, new, &stream, env)?;
    let link = serde_json::Value::from(case.as_str()).to_string();
    editor.put_fields(&stream, Kind::Post, id, vec![("case".to_owned(), link)]);
    told(editor.decide("make_case_of_post")?, case)
}

fn put_word(records: &Records, new: PostWord) -> Result<Decision, Rejection> {
    let word = normalise::text(&new.word);
    if word.is_empty() {
        return Err(Rejection::of("word", "post_word_missing"));
    }
    if word.chars().count() > MAX_WORD {
        return Err(Rejection::of("word", "too_long"));
    }
    if new.weight.is_some_and(|weight| !(-MAX_WEIGHT..=MAX_WEIGHT).contains(&weight)) {
        return Err(Rejection::of("weight", "post_weight_out_of_range"));
    }
    let leaf = leaf_within(new.leaf)?;
    let weight = new.weight.filter(|weight| *weight != 0);
    if leaf.is_none() && weight.is_none() {
        return Err(Rejection::of("leaf", "post_word_says_nothing"));
    }
    let json =
        |value: Option<serde_json::Value>| value.map_or_else(|| "null".to_owned(), |value| value.to_string());
    let mut fields = vec![
        ("word".to_owned(), json(Some(word.clone().into()))),
        ("leaf".to_owned(), json(leaf.map(Into::into))),
        ("weight".to_owned(), json(weight.map(Into::into))),
        ("retired_on".to_owned(), "null".to_owned()),
    ];
    let id = post_word_id(&word);
    let shown = records.find(Kind::PostWord, &id);
    fields.retain(|(name, value)| value != "null" || shown.is_some_and(|own| records.shown(own, name).is_some()));
    let mut editor = Editor::new(records);
    editor.put_fields(ORGANISATION_STREAM, Kind::PostWord, &id, fields);
    told(editor.decide("put_post_word")?, id)
}

fn retire_word(records: &Records, word: &str, retired: bool, env: &mut dyn Env) -> Result<Decision, Rejection> {
    let dictionary = Dictionary::of(records);
    let row = dictionary.row(word).ok_or_else(|| Rejection::new("record_missing"))?;
    if row.word.retired_on.is_some() == retired {
        return Err(Rejection::new("nothing_changes"));
    }
    // A word that came with the app has no record before somebody writes about it, and the record says all of it.
    let mut fields = fields_of(&PostWord { retired_on: None, ..row.word.clone() });
    let on = retired.then(|| today(env));
    fields.push(("retired_on".to_owned(), serde_json::to_string(&on).unwrap_or_default()));
    let id = post_word_id(word);
    let mut editor = Editor::new(records);
    editor.put_fields(ORGANISATION_STREAM, Kind::PostWord, &id, fields);
    told(editor.decide(if retired { "retire_post_word" } else { "offer_post_word" })?, id)
}

/// A post as it may be kept, and the stream in which it belongs: that of its house, its project, or the organisation's.
fn checked(records: &Records, new: Post, now: Millis) -> Result<(String, Post), Rejection> {
    let text = text_within("text", &new.text)?;
    if text.is_empty() {
        return Err(Rejection::of("text", "post_text_missing"));
    }
    let given =
        |value: Option<String>| value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let url = match given(new.url) {
        Some(url) => Some(link(&url).ok_or_else(|| Rejection::of("url", "post_link_refused"))?),
        None => None,
    };
    let site = Some(name_within("site", &new.site)?).filter(|site| !site.is_empty());
    let site = site.or_else(|| host(url.as_deref()?)).ok_or_else(|| Rejection::of("site", "post_site_missing"))?;
    for (field, at) in [("posted_at", new.posted_at), ("seen_at", new.seen_at)] {
        if at.is_some_and(|at| at > now.saturating_add(CLOCKS_DIFFER)) {
            return Err(Rejection::of(field, "time_in_future"));
        }
    }
    for (field, count) in [("views", new.views), ("replies", new.replies)] {
        if count.is_some_and(|count| !(0..=MAX_COUNT).contains(&count)) {
            return Err(Rejection::of(field, "post_count_out_of_range"));
        }
    }
    let (house, mut project) = (given(new.house), given(new.project));
    if let Some(house) = &house {
        let record = records.get(Kind::House, house).ok_or_else(|| Rejection::of("house", "house_missing"))?;
        let own = records.read::<House>(Kind::House, record).map(|house| house.project).unwrap_or_default();
        if project.as_ref().is_some_and(|project| *project != own) {
            return Err(Rejection::of("house", "post_house_elsewhere"));
        }
        project = Some(own).filter(|own| !own.is_empty());
    }
    if let Some(project) = &project {
        let place = records.get(Kind::Place, project);
        let place = place.and_then(|record| records.read::<Place>(Kind::Place, record).ok());
        if place.is_none_or(|place| place.level != Some(PlaceLevel::Project)) {
            return Err(Rejection::of("project", "project_missing"));
        }
    }
    let party = given(new.party);
    if party.as_deref().is_some_and(|party| records.get(Kind::Party, party).is_none()) {
        return Err(Rejection::of("party", "record_missing"));
    }
    let post = Post {
        site,
        url,
        author: name_within("author", &new.author)?,
        posted_at: new.posted_at,
        // Where it is known when it was written, two devices that see it at two times would only disagree.
        seen_at: if new.posted_at.is_some() { None } else { Some(new.seen_at.unwrap_or(now)) },
        views: new.views,
        replies: new.replies,
        text,
        house,
        party,
        leaf: leaf_within(new.leaf)?,
        sentiment: new.sentiment,
        project,
        ..Post::default()
    };
    Ok((stream_of(post.project.as_deref()), post))
}

fn text_within(field: &str, raw: &str) -> Result<String, Rejection> {
    let text = clean(raw);
    if text.chars().count() > MAX_TEXT { Err(Rejection::of(field, "too_long")) } else { Ok(text) }
}

fn name_within(field: &str, raw: &str) -> Result<String, Rejection> {
    let name = normalise::text(raw);
    if name.chars().count() > MAX_NAME { Err(Rejection::of(field, "too_long")) } else { Ok(name) }
}

fn leaf_within(leaf: Option<String>) -> Result<Option<String>, Rejection> {
    let leaf = leaf.map(|leaf| normalise::text(&leaf)).filter(|leaf| !leaf.is_empty());
    if leaf.as_ref().is_some_and(|leaf| leaf.chars().count() > MAX_LEAF) {
        return Err(Rejection::of("leaf", "too_long"));
    }
    Ok(leaf)
}

fn known<'a>(records: &'a Records, id: &str) -> Result<(&'a Record, Post), Rejection> {
    let record = records.get(Kind::Post, id).ok_or_else(|| Rejection::new("record_missing"))?;
    let post = records.read(Kind::Post, record).map_err(|_unreadable| Rejection::new("record_missing"))?;
    Ok((record, post))
}

/// Writes fields of a post that is there, in its own stream.
fn write(
    records: &Records,
    id: &str,
    fields: Vec<(String, String)>,
    name: &'static str,
) -> Result<Decision, Rejection> {
    let (record, _) = known(records, id)?;
    let stream = records.names().text(record.stream).to_owned();
    let mut editor = Editor::new(records);
    let fields = fields
        .into_iter()
        .filter(|(field, value)| value != "null" || records.shown(record, field).is_some())
        .collect();
    editor.put_fields(&stream, Kind::Post, id, fields);
    told(editor.decide(name)?, id.to_owned())
}

fn told(mut decision: Decision, id: String) -> Result<Decision, Rejection> {
    decision.subject = Some(id);
    Ok(decision)
}
