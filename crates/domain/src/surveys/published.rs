//! A wave as it is published beside the static app: one file, named by its own hash.
//!
//! A short link names the file, the owner's page fetches it, and the name proves that it was not altered. This
//! module makes and verifies the bytes; it does not fetch or write them.

use super::canonical::{canonical, hash16, unhex};
use super::model::day;
use super::pack::MAX_INFLATED;
use super::questionnaire::Questionnaire;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What `format` says in a published wave.
pub const FORMAT: &str = "anju-wave";
/// The version this code writes, and the newest it reads.
pub const VERSION: u32 = 1;

/// A published wave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedWave {
    /// Always [`FORMAT`].
    pub format: String,
    /// The version of the format.
    pub version: u32,
    /// The id of the wave.
    pub wave: String,
    /// What the wave is called.
    pub title: String,
    /// Who asks.
    pub organisation: String,
    /// What is asked.
    pub questionnaire: Questionnaire,
    /// The first day.
    #[serde(default, with = "day", skip_serializing_if = "Option::is_none")]
    pub opens_on: Option<NaiveDate>,
    /// The last day.
    #[serde(default, with = "day", skip_serializing_if = "Option::is_none")]
    pub closes_on: Option<NaiveDate>,
    /// Members that a newer version added.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Why bytes are not the published wave they were asked for as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishedError {
    /// Not a published wave at all.
    #[error("not a published wave")]
    NotAWave,
    /// The bytes are not those that the name stands for.
    #[error("the published wave is not the one that the link names")]
    OtherContent,
    /// Written by a newer version.
    #[error("the published wave was written by a newer version")]
    Newer,
    /// Over the limit.
    #[error("the published wave is too large")]
    TooLarge,
}

impl PublishedError {
    /// The code under which the words for people are kept.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAWave => "survey.published.not_a_wave",
            Self::OtherContent => "survey.published.other_content",
            Self::Newer => "survey.published.newer",
            Self::TooLarge => "survey.published.too_large",
        }
    }
}

/// The path of a published wave below the app, from its hash; `None` where the text is no such hash, so that a link
/// can never name another file.
#[must_use]
pub fn path_of(hash: &str) -> Option<String> {
    (hash.len() == 16 && unhex(hash).is_some()).then(|| format!("waves/{hash}.json"))
}

impl PublishedWave {
    /// A wave to be published.
    #[must_use]
    pub fn new(wave: String, title: String, organisation: String, questionnaire: Questionnaire) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            wave,
            title,
            organisation,
            questionnaire,
            opens_on: None,
            closes_on: None,
            extra: Map::new(),
        }
    }

    /// The bytes of the file: canonical JSON.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self).into_bytes()
    }

    /// The hash that names it: the first 16 hexadecimal digits of the sha256 of its bytes.
    #[must_use]
    pub fn hash(&self) -> String {
        hash16(&self.to_bytes())
    }

    /// Its path below the app.
    #[must_use]
    pub fn path(&self) -> String {
        format!("waves/{}.json", self.hash())
    }

    /// Reads bytes that were fetched under a hash.
    ///
    /// # Errors
    /// The bytes do not have that hash, are no published wave, or come from a newer version.
    pub fn read(hash: &str, bytes: &[u8]) -> Result<Self, PublishedError> {
        if bytes.len() > MAX_INFLATED {
            return Err(PublishedError::TooLarge);
        }
        if hash16(bytes) != hash {
            return Err(PublishedError::OtherContent);
        }
        let text = std::str::from_utf8(bytes).ok().ok_or(PublishedError::NotAWave)?;
        crate::json::check(text).ok().ok_or(PublishedError::NotAWave)?;
        let value: Value = serde_json::from_str(text).ok().ok_or(PublishedError::NotAWave)?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(PublishedError::NotAWave);
        }
        if value.get("version").and_then(Value::as_u64).is_some_and(|version| version > u64::from(VERSION)) {
            return Err(PublishedError::Newer);
        }
        serde_json::from_value(value).ok().ok_or(PublishedError::NotAWave)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave() -> PublishedWave {
        let mut wave = PublishedWave::new(
            "w2026-1".into(),
            "2026 年第 1 期".into(),
            "安居地产".into(),
            Questionnaire::owner_survey().clone(),
        );
        wave.closes_on = NaiveDate::from_ymd_opt(2026, 4, 30);
        wave
    }

    #[test]
    fn a_wave_is_read_back_under_its_own_name_only() {
        let (hash, bytes) = (wave().hash(), wave().to_bytes());
        assert_eq!(wave().path(), format!("waves/{hash}.json"));
        assert_eq!(path_of(&hash), Some(wave().path()));
        assert_eq!(PublishedWave::read(&hash, &bytes), Ok(wave()));
        let mut altered = bytes.clone();
        altered.push(b' ');
        assert_eq!(PublishedWave::read(&hash, &altered), Err(PublishedError::OtherContent));
        for (text, error) in [
            ("[]", PublishedError::NotAWave),
            (r#"{"format":"anju-wave","version":2}"#, PublishedError::Newer),
            (r#"{"format":"anju-wave","version":1}"#, PublishedError::NotAWave),
        ] {
            assert_eq!(PublishedWave::read(&hash16(text.as_bytes()), text.as_bytes()), Err(error), "{text}");
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_no_name() {
        for bad in ["../../secret", "ABCDEF0123456789", "0123456789abcde", "0123456789abcdef0"] {
            assert_eq!(path_of(bad), None, "{bad}");
        }
    }
}
