//! The link that invites an owner to a survey.
//!
//! A payload has one of two forms. `d1…` holds the whole questionnaire, so the page needs nothing else. `r1…` names a
//! published wave and stays short enough for a small printed code. Both carry an invitation, a check and an end mark,
//! and stand behind `#/a/` or in `?s=`: a messenger may drop the part behind `#`, and may add things at the end.
//!
//! A link never holds a name or a telephone number; there is no field for one. A house label is in it only where the
//! sender puts it there. A link is not a secret and not a signature: the check finds damage, not forgery.

use super::canonical::unhex;
use super::model::{Group, Stage, day};
use super::pack::{END_MARK, Fault, MAX_TOKEN, Packer, Unpacker, expand, seal, squeeze, unseal};
use super::questionnaire::{Audience, Questionnaire};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What the fragment of a survey link begins with, before the payload.
pub const FRAGMENT: &str = "#/a/";
/// The name of the query parameter that holds the payload.
pub const PARAMETER: &str = "s";

const WHOLE: &str = "d1";
const REFERENCE: &str = "r1";

/// Who is invited, as far as the link says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id of the invitation.
    pub id: String,
    /// The id of the wave; a link to a published wave may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wave: Option<String>,
    /// The language the page opens in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The group, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The stage, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The last day the link is good for.
    #[serde(default, with = "day", skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
    /// The city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// A label of the house, where the sender wants it shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
}

impl Invitation {
    /// Whether the link is no longer good on a day.
    #[must_use]
    pub fn expired_on(&self, day: NaiveDate) -> bool {
        self.expires.is_some_and(|last| day > last)
    }

    /// Who is asked, for choosing the questions.
    #[must_use]
    pub fn audience(&self) -> Audience {
        Audience { group: self.group.clone(), stage: self.stage.clone() }
    }
}

/// Where the questions of a link are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the link itself.
    Whole(Box<Questionnaire>),
    /// In the published wave of this hash.
    Published(String),
}

/// What a survey link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Who is invited.
    pub invitation: Invitation,
    /// Where the questions are.
    pub source: Source,
}

/// Why a link cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// There is no survey link in this address.
    #[error("not a survey link")]
    NotALink,
    /// A character of it was altered.
    #[error("the link is damaged")]
    Damaged,
    /// Its end is missing.
    #[error("the link is cut off")]
    Truncated,
    /// It was made by a newer version.
    #[error("the link was made by a newer version")]
    Newer,
    /// It is over a limit.
    #[error("the link is too large")]
    TooLarge,
}

impl LinkError {
    /// The code under which the words for people are kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotALink => "survey.link.not_a_link",
            Self::Damaged => "survey.link.damaged",
            Self::Truncated => "survey.link.truncated",
            Self::Newer => "survey.link.newer",
            Self::TooLarge => "survey.link.too_large",
        }
    }
}

impl From<Fault> for LinkError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Damaged => Self::Damaged,
            Fault::Truncated => Self::Truncated,
            Fault::TooLarge => Self::TooLarge,
        }
    }
}

/// Where the payload stands in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind `#`: never sent to the host.
    Fragment,
    /// In the query: survives messengers that drop what is behind `#`.
    Query,
}

#[derive(Serialize, Deserialize)]
struct WholeBody {
    i: Invitation,
    q: Questionnaire,
}

impl Payload {
    /// The payload as text.
    #[must_use]
    pub fn encode(&self) -> String {
        match &self.source {
            Source::Whole(questionnaire) => {
                let body = WholeBody { i: self.invitation.clone(), q: (**questionnaire).clone() };
                seal(WHOLE, &squeeze(super::canonical::canonical(&body).as_bytes()))
            }
            Source::Published(hash) => seal(REFERENCE, &reference_body(&self.invitation, hash)),
        }
    }

    /// The whole link. `base` is the address of the app, with or without a `/` at its end.
    #[must_use]
    pub fn link(&self, base: &str, place: Place) -> String {
        let base = base.split(['#', '?']).next().unwrap_or_default();
        match place {
            Place::Fragment => format!("{base}{FRAGMENT}{}", self.encode()),
            Place::Query => format!("{base}?{PARAMETER}={}", self.encode()),
        }
    }

    /// Reads a payload; whatever stands behind its end mark is ignored.
    ///
    /// # Errors
    /// It is none, damaged, cut off, over a limit, or from a newer version.
    pub fn decode(text: &str) -> Result<Self, LinkError> {
        let mut chars = text.chars();
        let form = chars.next();
        let version = chars.next();
        match (form, version) {
            (Some('d'), Some('1')) => {
                let (bytes, _) = unseal(WHOLE, chars.as_str(), chars.as_str())?;
                let json = expand(&bytes)?;
                let body: WholeBody = serde_json::from_slice(&json).ok().ok_or(LinkError::Damaged)?;
                Ok(Self { invitation: body.i, source: Source::Whole(Box::new(body.q)) })
            }
            (Some('r'), Some('1')) => {
                let (bytes, _) = unseal(REFERENCE, chars.as_str(), chars.as_str())?;
                read_reference(&bytes).ok_or(LinkError::Damaged)
            }
            (Some('d' | 'r'), Some('2'..='9')) => Err(LinkError::Newer),
            (Some('d' | 'r'), None) => Err(LinkError::Truncated),
            _ => Err(LinkError::NotALink),
        }
    }
}

const DAY_ZERO: NaiveDate = NaiveDate::MIN;

fn reference_body(invitation: &Invitation, hash: &str) -> Vec<u8> {
    let mut packer = Packer::default();
    packer.text(hash);
    packer.text(&invitation.id);
    packer.byte(match &invitation.group {
        None => 0,
        Some(Group::NewOwner) => 1,
        Some(Group::OldOwner) => 2,
        Some(Group::Other(_)) => 255,
    });
    if let Some(Group::Other(text)) = &invitation.group {
        packer.text(text);
    }
    packer.byte(match &invitation.stage {
        None => 0,
        Some(Stage::OwnerToBe) => 1,
        Some(Stage::Settling) => 2,
        Some(Stage::Settled) => 3,
        Some(Stage::LongStanding) => 4,
        Some(Stage::Other(_)) => 255,
    });
    if let Some(Stage::Other(text)) = &invitation.stage {
        packer.text(text);
    }
    packer.byte(match invitation.language.as_str() {
        "" => 0,
        "zh-CN" => 1,
        "en" => 2,
        _ => 255,
    });
    if !matches!(invitation.language.as_str(), "" | "zh-CN" | "en") {
        packer.text(&invitation.language);
    }
    let days =
        invitation.expires.map_or(0, |last| last.signed_duration_since(DAY_ZERO).num_days().saturating_add(1));
    packer.number(u64::try_from(days).unwrap_or(0));
    // Nothing at the end is left out: three bytes less in the usual link. Bytes are not looked at for it, since a text
    // may end in any: 七 does in the byte that stands for nothing.
    let texts = [&invitation.wave, &invitation.city, &invitation.project, &invitation.house];
    let said = texts.iter().rposition(|text| text.is_some()).map_or(0, |last| last + 1);
    for text in texts.into_iter().take(said) {
        packer.maybe(text.as_deref());
    }
    packer.0
}

fn read_reference(bytes: &[u8]) -> Option<Payload> {
    let mut reader = Unpacker(bytes);
    let hash = reader.text()?;
    if hash.len() != 16 || unhex(&hash).is_none() {
        return None;
    }
    let id = reader.text()?;
    let group = match reader.byte()? {
        0 => None,
        1 => Some(Group::NewOwner),
        2 => Some(Group::OldOwner),
        255 => Some(Group::Other(reader.text()?)),
        _ => return None,
    };
    let stage = match reader.byte()? {
        0 => None,
        1 => Some(Stage::OwnerToBe),
        2 => Some(Stage::Settling),
        3 => Some(Stage::Settled),
        4 => Some(Stage::LongStanding),
        255 => Some(Stage::Other(reader.text()?)),
        _ => return None,
    };
    let language = match reader.byte()? {
        0 => String::new(),
        1 => "zh-CN".to_owned(),
        2 => "en".to_owned(),
        255 => reader.text()?,
        _ => return None,
    };
    let days = reader.number()?;
    let expires = match days.checked_sub(1) {
        None => None,
        Some(days) => Some(DAY_ZERO.checked_add_days(chrono::Days::new(days))?),
    };
    let mut rest = || {
        if reader.is_empty() { Some(None) } else { reader.maybe() }
    };
    let (wave, city, project, house) = (rest()?, rest()?, rest()?, rest()?);
    let invitation = Invitation { id, wave, language, group, stage, expires, city, project, house };
    Some(Payload { invitation, source: Source::Published(hash) })
}

/// The survey link in an address, from its fragment (with or without `#`) and its query (with or without `?`). The
/// fragment is tried first; where it holds no sound payload the query may still.
///
/// # Errors
/// Neither holds a sound payload; the error is that of the first that looked like one.
pub fn parse_location(hash: &str, search: &str) -> Result<Payload, LinkError> {
    let in_fragment = {
        let text = unescape(hash);
        let text = text.strip_prefix('#').unwrap_or(&text);
        let text = text.strip_prefix('/').unwrap_or(text);
        text.strip_prefix("a/").map(Payload::decode)
    };
    let in_query = || {
        let text = search.strip_prefix('?').unwrap_or(search);
        text.split(['&', '#'])
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == PARAMETER)
            .map(|(_, value)| Payload::decode(&unescape(value)))
    };
    match (in_fragment, in_query()) {
        (Some(Ok(payload)), _) | (_, Some(Ok(payload))) => Ok(payload),
        (Some(Err(error)), _) | (None, Some(Err(error))) => Err(error),
        (None, None) => Err(LinkError::NotALink),
    }
}

/// The survey link in a whole address, such as one read from a code or pasted; text around it is ignored.
///
/// # Errors
/// As [`parse_location`].
pub fn parse_link(text: &str) -> Result<Payload, LinkError> {
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let search = before.split_once('?').map_or("", |(_, search)| search);
    parse_location(fragment, search)
}

/// Takes percent-encoding away, at most twice; anything that is no such encoding stays as it is. Text over the
/// length of a token is left alone, since it is refused anyway.
fn unescape(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..2 {
        let escaped = text.split(END_MARK).next().is_some_and(|token| token.contains('%'));
        if !escaped || text.len() > MAX_TOKEN.saturating_mul(3) {
            break;
        }
        text = Cow::Owned(unescape_once(&text));
    }
    text
}

fn unescape_once(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((first, rest)) = bytes.split_first() {
        let digits = rest.split_at_checked(2).filter(|_| *first == b'%').and_then(|(pair, behind)| {
            let pair = std::str::from_utf8(pair).ok()?.to_ascii_lowercase();
            Some((*unhex(&pair)?.first()?, behind))
        });
        match digits {
            Some((byte, behind)) => {
                out.push(byte);
                bytes = behind;
            }
            None => {
                out.push(*first);
                bytes = rest;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BASE: &str = "https://survey.example-developer.com/customer-relations/anju/";

    fn invitation() -> Invitation {
        Invitation {
            id: "01892f3a7c5d4e6f".into(),
            language: "zh-CN".into(),
            group: Some(Group::OldOwner),
            ..Invitation::default()
        }
    }

    fn short() -> Payload {
        Payload { invitation: invitation(), source: Source::Published("0123456789abcdef".into()) }
    }

    fn whole() -> Payload {
        Payload {
            invitation: Invitation { wave: Some("w1".into()), house: Some("3 栋 1201".into()), ..invitation() },
            source: Source::Whole(Box::new(Questionnaire::owner_survey().clone())),
        }
    }

    fn lean() -> Payload {
        Payload { source: Source::Whole(Box::new(Questionnaire::owner_survey().lean("zh-CN"))), ..whole() }
    }

    /// The least version of a code at the lowest correction that holds so many bytes.
    fn qr_version(bytes: usize) -> usize {
        let capacity = [
            17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858, 929,
            1003, 1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732, 1840, 1952, 2068, 2188, 2303, 2431, 2563, 2699,
            2809, 2953,
        ];
        capacity.iter().position(|most| bytes <= *most).map_or(99, |at| at + 1)
    }

    #[test]
    fn the_sizes_of_links_stay_small_enough_to_print() {
        let full = Payload {
            invitation: Invitation {
                expires: NaiveDate::from_ymd_opt(2026, 4, 30),
                stage: Some(Stage::LongStanding),
                wave: Some("01892f3a7c5d4e6f01892f3a7c5d4e6f".into()),
                city: Some("深圳".into()),
                project: Some("深圳4号项目".into()),
                ..invitation()
            },
            ..short()
        };
        for (name, payload, most, version) in [
            ("short", short(), 110, 6),
            ("full", full, 200, 9),
            ("whole", whole(), 5_500, 99),
            ("lean", lean(), 2_100, 34),
        ] {
            let link = payload.link(BASE, Place::Query);
            println!(
                "{name}: payload {}, link {}, version {}",
                payload.encode().len(),
                link.len(),
                qr_version(link.len())
            );
            assert!(link.len() <= most && qr_version(link.len()) <= version, "{name} {}", link.len());
            assert!(payload.link(BASE, Place::Fragment).len() <= link.len() + 1);
        }
    }

    #[test]
    fn a_link_opens_from_the_fragment_and_from_the_query_whatever_is_added() {
        for payload in [short(), whole()] {
            let text = payload.encode();
            let escaped = text.replace('.', "%2E").replace('-', "%2d").replace('_', "%5F");
            let twice = escaped.replace('%', "%25");
            let partly = text.replace('-', "%2D").replace('_', "%5f");
            for tail in [
                "",
                "&from=singlemessage&isappinstalled=0",
                "&appinstall=0",
                "#wechat_redirect",
                "。",
                "，请填写\n",
                "?x=%E4",
                "/",
            ] {
                for spelt in [&text, &escaped, &twice, &partly] {
                    let fragment = format!("#/a/{spelt}{tail}");
                    assert_eq!(parse_location(&fragment, ""), Ok(payload.clone()), "{fragment}");
                    assert_eq!(parse_location("", &format!("?s={spelt}{tail}")), Ok(payload.clone()), "{tail}");
                    assert_eq!(
                        parse_location("#/home", &format!("?from=x&s={spelt}{tail}")),
                        Ok(payload.clone()),
                        "{tail}"
                    );
                }
            }
            assert_eq!(parse_link(&payload.link(BASE, Place::Query)), Ok(payload.clone()));
            assert_eq!(parse_link(&payload.link(BASE, Place::Fragment)), Ok(payload.clone()));
            assert_eq!(parse_location("#/a/r1broken", &format!("s={text}")), Ok(payload));
        }
    }

    #[test]
    fn an_address_without_a_payload_is_told_from_a_broken_one() {
        let text = short().encode();
        let cut: String = text.chars().take(30).collect();
        for (hash, search, error) in [
            ("", "", LinkError::NotALink),
            ("#/cases/7", "?from=singlemessage", LinkError::NotALink),
            ("#/a/", "", LinkError::NotALink),
            ("#/a/hello", "", LinkError::NotALink),
            ("#/a/r2abc.def.Z", "", LinkError::Newer),
            ("#/a/d", "", LinkError::Truncated),
            (&format!("#/a/{cut}"), "", LinkError::Truncated),
            (&format!("#/a/{cut}&from=singlemessage"), "", LinkError::Truncated),
            ("", &format!("?s={}", text.replace("r1", "d1")), LinkError::Damaged),
            ("", &format!("?s=r1{}.aaaaaaaa.Z", "A".repeat(200_000)), LinkError::TooLarge),
        ] {
            assert_eq!(parse_location(hash, search), Err(error), "{hash:.40} {search:.40}");
        }
    }

    #[test]
    fn a_flipped_character_is_always_refused() {
        for payload in [short(), lean()] {
            let text = payload.encode();
            for at in 0..text.len() {
                for other in ['A', 'b', '9', '-', '.', 'Z', '&', '中'] {
                    let flipped: String =
                        text.chars().enumerate().map(|(i, c)| if i == at { other } else { c }).collect();
                    if flipped == text || (text.len() > 300 && at % 11 != 0) {
                        continue;
                    }
                    assert!(parse_location(&format!("#/a/{flipped}"), "").is_err(), "{at} {other}");
                }
            }
        }
    }

    #[test]
    fn an_invitation_is_good_up_to_and_with_its_last_day() {
        let mut invitation = invitation();
        let day = |d| NaiveDate::from_ymd_opt(2026, 4, d).unwrap();
        assert!(!invitation.expired_on(day(30)));
        invitation.expires = Some(day(29));
        assert!(!invitation.expired_on(day(29)) && invitation.expired_on(day(30)));
    }

    fn maybe(pattern: &'static str) -> impl Strategy<Value = Option<String>> {
        proptest::option::of(pattern)
    }

    prop_compose! {
        fn invitations()(id in "[0-9A-Za-z]{1,26}", wave in maybe("[0-9a-f]{0,16}"), language in "(zh-CN|en|zh-TW|)",
            group in maybe("(new_owner|old_owner|租户|x)"), stage in maybe("(settled|long_standing|owner_to_be|y)"),
            days in proptest::option::of(0..400_000_u64), city in maybe("\\PC{0,6}"), project in maybe("\\PC{0,12}"),
            house in maybe("\\PC{0,12}")) -> Invitation {
            Invitation {
                id, wave, language,
                group: group.map(|text| Group::parse(&text)),
                stage: stage.map(|text| Stage::parse(&text)),
                expires: days.and_then(|d| NaiveDate::from_ymd_opt(1970, 1, 1).unwrap().checked_add_days(chrono::Days::new(d))),
                city, project, house,
            }
        }
    }

    #[test]
    fn a_link_whose_last_word_or_number_looks_like_nothing_comes_back() {
        let day = |days: u64| DAY_ZERO.checked_add_days(chrono::Days::new(days));
        for invitation in [
            Invitation { id: "a".into(), house: Some("十七".into()), ..Invitation::default() },
            Invitation { id: "a".into(), project: Some("金色家园七".into()), ..Invitation::default() },
            Invitation { id: "a".into(), expires: day(2), ..Invitation::default() },
            Invitation { id: "七".into(), ..Invitation::default() },
        ] {
            let link = Payload { invitation, source: Source::Published("aa0000aa00a00000".into()) };
            assert_eq!(parse_link(&link.link(BASE, Place::Query)), Ok(link));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn every_invitation_comes_back(invitation in invitations(), hash in "[0-9a-f]{16}") {
            let short = Payload { invitation: invitation.clone(), source: Source::Published(hash) };
            prop_assert_eq!(parse_link(&short.link(BASE, Place::Query)), Ok(short));
            let mut questionnaire = Questionnaire::owner_survey().clone();
            questionnaire.questions.truncate(2);
            let whole = Payload { invitation, source: Source::Whole(Box::new(questionnaire)) };
            prop_assert_eq!(parse_link(&whole.link(BASE, Place::Fragment)), Ok(whole));
        }

        #[test]
        fn no_address_makes_the_reader_panic(hash in "(#/a/)?[dr]?[12]?\\PC{0,80}", search in "\\PC{0,80}") {
            prop_assert!(parse_location(&hash, &search).is_err());
        }
    }
}
