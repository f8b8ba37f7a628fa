//! The answer that an owner sends back: as a file, as text for a chat, and as a code on the screen.
//!
//! An owner has no account and there is no server, so the answer itself travels. As a file it is JSON with a checksum
//! as its last member; as text it is one token, `ANJU1.<body>.<check>.Z`, that survives line wraps, invisible
//! characters, quotation marks and whatever is written around it. A code on the screen holds the same token. The
//! office answers with a receipt, `ANJUR.<response>.<check>.Z`, which alone lets the owner's page say 已收到.
//!
//! This module does not know the questionnaire (answers are checked at intake), and its checks find damage, not
//! forgery.

use super::canonical::{canonical, hash16, sha256_hex};
use super::pack::{END_MARK, Fault, Packer, Unpacker, check_of, expand, seal, squeeze, unseal};
use super::questionnaire::{Answer, AnswerProblem, GROUP_QUESTION, Questionnaire};
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use super::link::Invitation;
use super::model::{Group, Response, Stage};

/// What `format` says in an answer file.
pub const FORMAT: &str = "anju-answer";
/// The version this code writes, and the newest it reads.
pub const VERSION: u32 = 1;
/// The most bytes an answer file may have.
pub const MAX_FILE: usize = 256 * 1024;

const MARKER: &str = "ANJU";
const PREFIX: &str = "ANJU1.";
const RECEIPT_PREFIX: &str = "ANJUR.";

/// The ids whose ratings a token holds by position; every other answer travels under its name. Frozen with version 1 of
/// the token.
const RATED: [&str; 26] = [
    "overall",
    "rebuy",
    "recommend",
    "design.layout",
    "design.landscape",
    "design.public_space",
    "design.parking_plan",
    "design.facade",
    "engineering.doors_windows",
    "engineering.waterproofing",
    "engineering.walls_floors",
    "engineering.plumbing_wiring",
    "engineering.lifts",
    "marketing.transparency",
    "marketing.contract",
    "marketing.sales_service",
    "marketing.adverse_factors",
    "property.security",
    "property.cleaning_greening",
    "property.repair_response",
    "property.attitude",
    "property.vehicles",
    "after_sales.complaint_handling",
    "after_sales.repair_quality",
    "after_sales.follow_up",
    "after_sales.handover_service",
];

/// One finished answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerDocument {
    /// Always [`FORMAT`].
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The response id, drawn once when the owner begins; the same id is the same answer.
    pub response: String,
    /// The wave.
    pub wave: String,
    /// The hash of the questionnaire that was answered.
    pub questionnaire: String,
    /// The invitation, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    /// The group, as the link said or the owner answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The stage, as the link said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The city, as the link said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The project, as the link said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The label of the house, as the link said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
    /// The language it was filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// When it was finished by the owner's clock, such as `2026-03-01T09:30:00+08:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// The answers by question id.
    pub answers: BTreeMap<String, Answer>,
    /// Members that a newer version added.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Why something is not an answer that can be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Nothing of the kind.
    #[error("not an answer")]
    NotAnAnswer,
    /// Altered on the way.
    #[error("the answer is damaged")]
    Damaged,
    /// Its end is missing.
    #[error("the answer is cut off")]
    Truncated,
    /// Made by a newer version.
    #[error("the answer was made by a newer version")]
    Newer,
    /// Over a limit.
    #[error("the answer is too large")]
    TooLarge,
}

impl AnswerError {
    /// The code under which the words for people are kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAnAnswer => "survey.intake.not_an_answer",
            Self::Damaged => "survey.intake.damaged",
            Self::Truncated => "survey.intake.truncated",
            Self::Newer => "survey.intake.newer",
            Self::TooLarge => "survey.intake.too_large",
        }
    }
}

impl From<Fault> for AnswerError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged => Self::Damaged,
            Fault::Truncated => Self::Truncated,
            Fault::TooLarge => Self::TooLarge,
        }
    }
}

impl AnswerDocument {
    /// An answer with nothing but its names; the caller adds what the link gave.
    #[must_use]
    pub fn new(response: String, wave: String, questionnaire: String, answers: BTreeMap<String, Answer>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            response,
            wave,
            questionnaire,
            invitation: None,
            group: None,
            stage: None,
            city: None,
            project: None,
            house: None,
            language: None,
            finished_at: None,
            answers,
            extra: Map::new(),
        }
    }

    /// The finished answer of somebody who was invited: what the link said of them goes along, and where it did not
    /// name the group, the group they chose themselves.
    #[must_use]
    pub fn of_invited(
        response: String,
        wave: String,
        invitation: &Invitation,
        questionnaire: String,
        answers: BTreeMap<String, Answer>,
    ) -> Self {
        let chosen = match answers.get(GROUP_QUESTION) {
            Some(Answer::Text(code)) => Some(Group::parse(code)),
            _ => None,
        };
        let mut document = Self::new(response, wave, questionnaire, answers);
        document.invitation = Some(invitation.id.clone()).filter(|id| !id.is_empty());
        document.stage = invitation.stage.clone();
        document.group =
            invitation.group.clone().or_else(|| invitation.stage.as_ref().and_then(Stage::group)).or(chosen);
        document.city = invitation.city.clone();
        document.project = invitation.project.clone();
        document.house = invitation.house.clone();
        document.language = Some(invitation.language.clone()).filter(|language| !language.is_empty());
        document
    }

    /// What does not fit the questionnaire, by question id, for the officer to see at intake. An answer to a question
    /// that the questionnaire does not have is listed too.
    #[must_use]
    pub fn problems(&self, questionnaire: &Questionnaire) -> Vec<(String, AnswerProblem)> {
        self.answers
            .iter()
            .filter_map(|(id, answer)| questionnaire.check(id, answer).err().map(|problem| (id.clone(), problem)))
            .collect()
    }

    /// The fields of the record that taking it in writes. The officer's side adds house and party by the invitation;
    /// the label in the link is a hint for people and is not written as a house.
    #[must_use]
    pub fn to_response(&self, channel: &str) -> Response {
        Response {
            wave: Some(self.wave.clone()),
            invitation: self.invitation.clone(),
            city: self.city.clone(),
            project: self.project.clone(),
            group: self.group.clone(),
            stage: self.stage.clone(),
            channel: Some(channel.to_owned()),
            questionnaire: Some(self.questionnaire.clone()),
            finished_at: self.finished_at.clone(),
            answers: self.answers.clone(),
            ..Response::default()
        }
    }

    /// The answer as a file: canonical JSON whose last member is the sha256 of every byte before it.
    #[must_use]
    pub fn to_file(&self) -> Vec<u8> {
        let text = canonical(self);
        let head = text.strip_suffix('}').unwrap_or(&text);
        format!("{head},\"sha256\":\"{}\"}}\n", sha256_hex(head.as_bytes())).into_bytes()
    }

    /// The answer as one token, for a chat or a code.
    #[must_use]
    pub fn to_token(&self) -> String {
        seal(PREFIX, &squeeze(&self.pack()))
    }

    /// The answer as text for a chat: a line for people, which the caller words, and the token below it.
    #[must_use]
    pub fn to_chat_text(&self, lead: &str) -> String {
        format!("{}\n{}", lead.trim(), self.to_token())
    }

    /// The name of its content, by which a receipt knows it.
    #[must_use]
    pub fn hash(&self) -> String {
        hash16(canonical(self).as_bytes())
    }

    fn pack(&self) -> Vec<u8> {
        let mut packer = Packer::default();
        packer.text(&self.response);
        packer.text(&self.wave);
        packer.text(&self.questionnaire);
        packer.maybe(self.invitation.as_deref());
        packer.maybe(self.group.as_ref().map(Group::code));
        packer.maybe(self.stage.as_ref().map(Stage::code));
        for text in [&self.city, &self.project, &self.house, &self.language] {
            packer.maybe(text.as_deref());
        }
        pack_time(&mut packer, self.finished_at.as_deref());

        let mut halves: Vec<u8> = RATED
            .iter()
            .map(|id| match self.answers.get(*id) {
                Some(Answer::Rating(rating)) if *rating <= 5 => *rating,
                _ => ABSENT,
            })
            .collect();
        while halves.last() == Some(&ABSENT) {
            halves.pop();
        }
        packer.number(u64::try_from(halves.len()).unwrap_or(0));
        for pair in halves.chunks(2) {
            let (first, second) = (pair.first().copied().unwrap_or(ABSENT), pair.get(1).copied().unwrap_or(ABSENT));
            packer.byte(first << 4 | second);
        }

        let others: Vec<_> = self
            .answers
            .iter()
            .filter(|(id, answer)| !(RATED.contains(&id.as_str()) && matches!(answer, Answer::Rating(0..=5))))
            .collect();
        packer.number(u64::try_from(others.len()).unwrap_or(0));
        for (id, answer) in others {
            packer.text(id);
            match answer {
                Answer::Rating(rating) => {
                    packer.byte(0);
                    packer.byte(*rating);
                }
                Answer::Text(text) => {
                    packer.byte(1);
                    packer.text(text);
                }
                Answer::Other(value) => {
                    packer.byte(2);
                    packer.text(&canonical(value));
                }
            }
        }
        packer.maybe((!self.extra.is_empty()).then(|| canonical(&self.extra)).as_deref());
        packer.0
    }

    fn unpack(bytes: &[u8]) -> Option<Self> {
        let mut reader = Unpacker(bytes);
        let mut document = Self::new(reader.text()?, reader.text()?, reader.text()?, BTreeMap::new());
        document.invitation = reader.maybe()?;
        document.group = reader.maybe()?.map(|text| Group::parse(&text));
        document.stage = reader.maybe()?.map(|text| Stage::parse(&text));
        document.city = reader.maybe()?;
        document.project = reader.maybe()?;
        document.house = reader.maybe()?;
        document.language = reader.maybe()?;
        document.finished_at = unpack_time(&mut reader)?;

        let rated = usize::try_from(reader.number()?).ok()?;
        let mut ids = RATED.iter().take(rated);
        for _ in 0..rated.div_ceil(2) {
            let pair = reader.byte()?;
            for half in [pair >> 4, pair & 15] {
                let id = ids.next();
                if half == ABSENT {
                    continue;
                }
                if half > 5 {
                    return None;
                }
                document.answers.insert((*id?).to_owned(), Answer::Rating(half));
            }
        }
        for _ in 0..reader.number()? {
            let id = reader.text()?;
            let answer = match reader.byte()? {
                0 => Answer::Rating(reader.byte()?),
                1 => Answer::Text(reader.text()?),
                2 => serde_json::from_str(&reader.text()?).ok()?,
                _ => return None,
            };
            document.answers.insert(id, answer);
        }
        if let Some(extra) = reader.maybe()? {
            document.extra = serde_json::from_str(&extra).ok()?;
        }
        Some(document)
    }
}

const ABSENT: u8 = 15;

/// A time whose usual spelling is its own goes as two numbers, any other as text.
fn pack_time(packer: &mut Packer, time: Option<&str>) {
    let Some(text) = time else {
        packer.byte(0);
        return;
    };
    let usual = DateTime::parse_from_rfc3339(text).ok().and_then(|parsed| {
        let same = parsed.to_rfc3339_opts(SecondsFormat::Secs, text.ends_with('Z')) == text;
        let seconds = u64::try_from(parsed.timestamp()).ok()?;
        let quarters = u8::try_from(parsed.offset().local_minus_utc().checked_div(900)?.checked_add(64)?).ok()?;
        let exact = parsed.offset().local_minus_utc() % 900 == 0;
        (same && exact).then_some((seconds, if text.ends_with('Z') { 255 } else { quarters }))
    });
    match usual {
        Some((seconds, quarters)) => {
            packer.byte(1);
            packer.number(seconds);
            packer.byte(quarters);
        }
        None => {
            packer.byte(2);
            packer.text(text);
        }
    }
}

fn unpack_time(reader: &mut Unpacker<'_>) -> Option<Option<String>> {
    match reader.byte()? {
        0 => Some(None),
        1 => {
            let seconds = i64::try_from(reader.number()?).ok()?;
            let quarters = reader.byte()?;
            let zulu = quarters == 255;
            let east = if zulu { 0 } else { i32::from(quarters).checked_sub(64)?.checked_mul(900)? };
            let utc = DateTime::from_timestamp(seconds, 0)?;
            let time = utc.with_timezone(&chrono::FixedOffset::east_opt(east)?);
            Some(Some(time.to_rfc3339_opts(SecondsFormat::Secs, zulu)))
        }
        2 => Some(Some(reader.text()?)),
        _ => None,
    }
}

/// Reads an answer file.
///
/// # Errors
/// It is none, damaged, cut off, over the limit, or from a newer version.
pub fn read_file(bytes: &[u8]) -> Result<AnswerDocument, AnswerError> {
    if bytes.len() > MAX_FILE {
        return Err(AnswerError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).ok().ok_or(AnswerError::NotAnAnswer)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_end();
    // Members are sorted, so the answers come first and a file that was cut off may have lost its format.
    let looks_like_one =
        text.starts_with("{\"answers\":") || (text.starts_with('{') && text.contains("\"anju-answer\""));
    let Some((head, seal)) = text.rsplit_once(",\"sha256\":\"") else {
        return Err(if looks_like_one { AnswerError::Truncated } else { AnswerError::NotAnAnswer });
    };
    if !looks_like_one {
        return Err(AnswerError::NotAnAnswer);
    }
    let Some(sum) = seal.strip_suffix("\"}") else {
        return Err(AnswerError::Truncated);
    };
    if sum != sha256_hex(head.as_bytes()) {
        return Err(AnswerError::Damaged);
    }
    let value: Value = serde_json::from_str(&format!("{head}}}")).ok().ok_or(AnswerError::Damaged)?;
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(AnswerError::NotAnAnswer);
    }
    if value.get("version").and_then(Value::as_u64).is_some_and(|version| version > u64::from(VERSION)) {
        return Err(AnswerError::Newer);
    }
    serde_json::from_value(value).ok().ok_or(AnswerError::Damaged)
}

/// Every answer in a text copied from a chat, in order, and an error for every token that cannot be read. Everything
/// else in the text is ignored.
#[must_use]
pub fn find_answers(text: &str) -> Vec<Result<AnswerDocument, AnswerError>> {
    let mut found = Vec::new();
    for_each_token(text, |version, rest, bound| {
        if version == "1" {
            match read_token(rest, bound) {
                Ok((document, behind)) => {
                    found.push(Ok(document));
                    return Some(behind.len());
                }
                Err(error) => found.push(Err(error)),
            }
        } else if version != "R" && bound.contains(END_MARK) {
            found.push(Err(AnswerError::Newer));
        }
        None
    });
    found
}

fn read_token<'a>(rest: &'a str, bound: &str) -> Result<(AnswerDocument, &'a str), AnswerError> {
    let (bytes, behind) = unseal(PREFIX, rest, bound)?;
    let document = AnswerDocument::unpack(&expand(&bytes)?).ok_or(AnswerError::Damaged)?;
    Ok((document, behind))
}

/// A receipt of the office for one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The response id, or what stands for it.
    pub response: String,
    check: String,
}

impl Receipt {
    /// Whether it is the receipt for exactly this answer.
    #[must_use]
    pub fn matches(&self, document: &AnswerDocument) -> bool {
        *self == receipt(document)
    }
}

fn receipt(document: &AnswerDocument) -> Receipt {
    let id = &document.response;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let response =
        if !id.is_empty() && id.len() <= 40 && id.chars().all(plain) { id.clone() } else { hash16(id.as_bytes()) };
    let check = check_of(&format!("{RECEIPT_PREFIX}{response}.{}", document.hash()));
    Receipt { response, check }
}

/// The receipt code for an answer that was taken in.
#[must_use]
pub fn receipt_for(document: &AnswerDocument) -> String {
    let Receipt { response, check } = receipt(document);
    format!("{RECEIPT_PREFIX}{response}.{check}{END_MARK}")
}

/// Every receipt in a text copied from a chat, in order. Whether one is genuine only the answer tells:
/// [`Receipt::matches`].
#[must_use]
pub fn find_receipts(text: &str) -> Vec<Receipt> {
    let mut found = Vec::new();
    for_each_token(text, |version, rest, bound| {
        if version != "R" {
            return None;
        }
        let (token, _) = bound.split_once(END_MARK)?;
        let (response, check) = token.split_once('.')?;
        if response.len() > 40 || check.len() != 8 {
            return None;
        }
        found.push(Receipt { response: response.to_owned(), check: check.to_owned() });
        Some(rest.len().saturating_sub(token.len()))
    });
    found
}

/// Calls back for every `ANJU<version>.` with all that follows and with what follows up to the next one. Where the
/// call took a token it tells how many bytes were left behind it, and what lies in the token is not looked at again.
fn for_each_token(text: &str, mut take: impl FnMut(&str, &str, &str) -> Option<usize>) {
    let clean: String = text.chars().filter(|c| !is_ignorable(*c)).collect();
    let starts: Vec<(usize, &str, &str)> = clean
        .match_indices(MARKER)
        .filter_map(|(at, marker)| {
            let behind = clean.get(at.checked_add(marker.len())?..)?;
            let (version, length) = version_of(behind)?;
            Some((at, version, behind.get(length..)?))
        })
        .collect();
    let mut free_from = 0;
    for (index, (at, version, rest)) in starts.iter().enumerate() {
        if *at < free_from {
            continue;
        }
        let start = clean.len().saturating_sub(rest.len());
        let end = starts.get(index.saturating_add(1)).map_or(clean.len(), |(next, _, _)| *next);
        let bound = clean.get(start..end).unwrap_or_default();
        if let Some(left) = take(version, rest, bound) {
            free_from = clean.len().saturating_sub(left);
        }
    }
}

/// The version behind the marker, and its length with the point.
fn version_of(behind: &str) -> Option<(&str, usize)> {
    let head: usize = behind.bytes().take(4).position(|byte| byte == b'.')?;
    let version = behind.get(..head)?;
    let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    (digits || version == "R").then_some((version, head.saturating_add(1)))
}

/// What copying adds to a token or puts around it: blanks, line breaks, invisible and directional marks, quotation
/// marks, and the `>` of quoted mail.
fn is_ignorable(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』'
            | '＂' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surveys::indicators::{IndicatorTree, leaf_id};
    use crate::surveys::questionnaire::{Answering, Audience};
    use proptest::prelude::*;

    fn full(improve: &str) -> AnswerDocument {
        let survey = Questionnaire::owner_survey();
        let mut answering = Answering::start(survey, &Audience { group: Some(Group::OldOwner), stage: None });
        for (at, id) in answering.asked().to_vec().into_iter().enumerate() {
            let answer = if id == "improve" {
                Answer::Text(improve.to_owned())
            } else if at < 3 {
                Answer::Rating(4)
            } else {
                Answer::Rating(u8::try_from(at * 7 % 6).unwrap())
            };
            answering.set(survey, &id, Some(answer)).unwrap();
        }
        let answers = answering.finish(survey).unwrap();
        let mut document = AnswerDocument::new("01892f3a7c5d4e6f".into(), "w2026-1".into(), survey.hash(), answers);
        document.invitation = Some("fedcba9876543210".into());
        document.group = Some(Group::OldOwner);
        document.city = Some("深圳".into());
        document.project = Some("深圳4号项目".into());
        document.language = Some("zh-CN".into());
        document.finished_at = Some("2026-03-01T09:30:00+08:00".into());
        document
    }

    const TEXT: &str = "单元门口的路灯晚上经常不亮，老人出门看不清台阶，希望尽快修好；地下车库出入口坡道雨天容易打滑，最好加上防滑条。\
        物业的小王师傅态度一直很好，上门也快，就是配件等得太久。儿童活动区的滑梯边角有些松动，上次反映以后还没有人来看。\
        另外快递柜位置太偏，能不能在北门也放一组？绿化带里的自动喷水有时会喷到人行道上，早上出门鞋都湿了。总体上还是满意的，\
        希望以后回访能提前约时间，不要总在中午休息的时候打电话来，谢谢你们一直以来的辛苦。";

    #[test]
    fn the_list_of_ratings_is_that_of_the_standard_survey() {
        let leaves = IndicatorTree::standard().leaves().map(|(area, leaf)| leaf_id(area, leaf));
        let ids: Vec<_> = ["overall", "rebuy", "recommend"].map(str::to_owned).into_iter().chain(leaves).collect();
        assert_eq!(ids, RATED);
    }

    #[test]
    fn an_answer_fits_into_one_still_code() {
        let short: String = TEXT.chars().take(200).collect();
        for (name, text, most) in [
            ("ratings only", "", 200),
            ("20 characters", "单元门口的路灯晚上经常不亮，请尽快修好。", 260),
            ("200 characters", short.as_str(), 760),
        ] {
            let token = full(text).to_token();
            println!("{name}: {} characters of text, token {}", text.chars().count(), token.len());
            assert!(token.len() <= most, "{name} {}", token.len());
            assert_eq!(find_answers(&token), [Ok(full(text))]);
        }
    }

    #[test]
    fn answers_are_found_in_whatever_a_chat_makes_of_them() {
        let (one, two) = (full("路灯“不亮”"), full(TEXT));
        let wrapped: String = two
            .to_token()
            .chars()
            .enumerate()
            .flat_map(|(at, c)| {
                let gap = if at % 31 == 30 { "\r\n> \u{200b}" } else { "" };
                gap.chars().chain([c])
            })
            .collect();
        let chat = format!(
            "张三 2026-03-01 10:00\n“{}”\n[图片]\n李四：好的 anju ANJU ANJU1 \n{wrapped}。收到ANJU0x.{}\u{feff}再见.Z",
            one.to_chat_text("安居问卷：请整段复制发给客户关系专员"),
            one.to_token(),
        );
        assert_eq!(find_answers(&chat), [Ok(one.clone()), Ok(two), Ok(one)]);
        assert_eq!(find_answers("没有答卷"), []);
    }

    #[test]
    fn a_token_that_is_cut_off_does_not_take_its_neighbour_along() {
        let token = full("x").to_token();
        let half: String = token.chars().take(60).collect();
        let altered = token.replacen('A', "B", 2).replacen('B', "A", 1);
        let newer = token.replace("ANJU1", "ANJU2");
        let chat = format!("{half}\n王五：{token} {newer} {altered} {half}");
        assert_eq!(
            find_answers(&chat),
            [
                Err(AnswerError::Truncated),
                Ok(full("x")),
                Err(AnswerError::Newer),
                Err(AnswerError::Damaged),
                Err(AnswerError::Truncated)
            ]
        );
        assert_eq!(find_answers(&format!("{half}{token}")), [Err(AnswerError::Truncated), Ok(full("x"))]);
    }

    #[test]
    fn many_broken_tokens_are_read_in_proportion_to_the_text() {
        let text = "ANJU1.".repeat(100_000);
        assert_eq!(find_answers(&text).len(), 100_000);
        let long = format!("ANJU1.{}.aaaaaaaa.Z", "A".repeat(300_000));
        assert_eq!(find_answers(&long), [Err(AnswerError::TooLarge)]);
    }

    #[test]
    fn a_flipped_character_of_a_token_is_refused() {
        let token = full("路灯").to_token();
        for at in 0..token.len() {
            for other in ['A', 'b', '9', '-', '.', 'Z', ' ', '中'] {
                let flipped: String =
                    token.chars().enumerate().map(|(i, c)| if i == at { other } else { c }).collect();
                if flipped != token {
                    assert!(find_answers(&flipped).iter().all(Result::is_err), "{at} {other}");
                }
            }
        }
    }

    #[test]
    fn a_file_is_read_back_and_any_altered_byte_refuses_it() {
        let bytes = full(",\"sha256\":\"x\"}").to_file();
        assert_eq!(read_file(&bytes), Ok(full(",\"sha256\":\"x\"}")));
        let with_mark = [b"\xef\xbb\xbf".as_slice(), &bytes, b"\r\n"].concat();
        assert!(read_file(&with_mark).is_ok());
        for at in 0..bytes.len() - 1 {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert!(read_file(&altered).is_err(), "{at}");
        }
        for (file, error) in [
            (&b"PK\x03\x04\xff"[..], AnswerError::NotAnAnswer),
            (b"{\"format\":\"anju-bundle\",\"sha256\":\"00\"}", AnswerError::NotAnAnswer),
            (&bytes[..200], AnswerError::Truncated),
            (&bytes[..bytes.len() - 9], AnswerError::Truncated),
            (&vec![b' '; MAX_FILE + 1], AnswerError::TooLarge),
        ] {
            assert_eq!(read_file(file), Err(error));
        }
        let mut newer = full("");
        newer.version = 2;
        assert_eq!(read_file(&newer.to_file()), Err(AnswerError::Newer));
    }

    #[test]
    fn an_invited_answer_takes_the_group_of_the_link_or_the_one_that_was_chosen() {
        let chosen: BTreeMap<_, _> = [(GROUP_QUESTION.to_owned(), Answer::Text("new_owner".into()))].into();
        for (group, stage, expected) in [
            (None, None, Group::NewOwner),
            (Some(Group::OldOwner), None, Group::OldOwner),
            (None, Some(Stage::LongStanding), Group::OldOwner),
        ] {
            let invitation = Invitation { id: "i".into(), group, stage, ..Invitation::default() };
            let document =
                AnswerDocument::of_invited("r".into(), "w".into(), &invitation, "q".into(), chosen.clone());
            assert_eq!(document.group, Some(expected.clone()));
            let response = document.to_response("link");
            assert_eq!((response.counted_group(), response.invitation.as_deref()), (Some(expected), Some("i")));
        }
    }

    #[test]
    fn answers_that_do_not_fit_are_listed_at_intake_and_never_count() {
        let mut document = full("");
        document.answers.insert("overall".into(), Answer::Rating(9));
        document.answers.insert("nowhere".into(), Answer::Rating(1));
        let codes: Vec<_> =
            document.problems(Questionnaire::owner_survey()).into_iter().map(|(id, p)| (id, p.code())).collect();
        assert_eq!(
            codes,
            [
                ("nowhere".to_owned(), "survey.answer.unknown_question"),
                ("overall".to_owned(), "survey.answer.out_of_range")
            ]
        );
        assert_eq!(document.to_response("link").rating("overall"), None);
    }

    #[test]
    fn a_receipt_belongs_to_one_answer_only() {
        let document = full("路灯");
        let chat = format!("已收到，谢谢！\n{} {}", receipt_for(&document), document.to_token());
        let receipts = find_receipts(&chat);
        assert_eq!(receipts.len(), 1);
        println!("receipt: {}", receipt_for(&document).len());
        assert!(receipts[0].matches(&document) && !receipts[0].matches(&full("电梯")));
        assert_eq!(find_answers(&chat), [Ok(document.clone())]);
        let strange = AnswerDocument { response: "a.b 中".into(), ..document };
        assert!(find_receipts(&receipt_for(&strange))[0].matches(&strange));
        assert_eq!(find_receipts("ANJUR.abc.short.Z ANJUR.x"), []);
    }

    fn any_answer() -> impl Strategy<Value = Answer> {
        prop_oneof![
            (0..=5_u8).prop_map(Answer::Rating),
            any::<u8>().prop_map(Answer::Rating),
            "\\PC{0,30}".prop_map(Answer::Text),
            "[单元门口路灯]{0,9}".prop_map(Answer::Text),
            Just(Answer::Other(serde_json::json!([1, {"b": "c"}]))),
        ]
    }

    prop_compose! {
        fn documents()(response in "[0-9a-zA-Z-]{1,26}", wave in "\\PC{0,10}", questionnaire in "[0-9a-f]{16}",
            texts in proptest::collection::vec(proptest::option::of("\\PC{0,10}"), 6),
            group in proptest::option::of("(new_owner|old_owner|租户)"),
            time in proptest::option::of("(2026-03-01T09:30:00(Z|[+]08:00|[+]05:45|-03:30|[+]00:00)|1969-01-01T00:00:00Z|yesterday)"),
            answers in proptest::collection::btree_map("(overall|rebuy|design.layout|property.vehicles|improve|x)", any_answer(), 0..6),
            extra in proptest::option::of(any::<u8>())) -> AnswerDocument {
            let mut document = AnswerDocument::new(response, wave, questionnaire, answers);
            let [invitation, city, project, house, language, _] = <[_; 6]>::try_from(texts).unwrap();
            document.invitation = invitation;
            document.city = city;
            document.project = project;
            document.house = house;
            document.language = language;
            document.group = group.map(|text| Group::parse(&text));
            document.stage = document.group.is_none().then_some(Stage::Settled);
            document.finished_at = time;
            if let Some(extra) = extra {
                document.extra.insert("colour".into(), extra.into());
            }
            document
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn every_answer_comes_back_as_file_and_as_token(document in documents()) {
            prop_assert_eq!(read_file(&document.to_file()), Ok(document.clone()));
            prop_assert_eq!(find_answers(&document.to_chat_text("安居")), vec![Ok(document)]);
        }

        #[test]
        fn no_text_makes_the_finder_panic(text in "(ANJU[1R2]?[.]?[A-Za-z.Z中]{0,9}){0,6}\\PC{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let sealed = seal(PREFIX, &squeeze(&bytes));
            let count = find_answers(&format!("{text}{sealed}")).len();
            prop_assert!(count >= 1);
            prop_assert!(find_receipts(&text).len() <= text.len());
            prop_assert!(read_file(&bytes).is_err());
        }
    }
}
