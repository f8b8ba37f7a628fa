//! What a version of a text holds, and which version holds now.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::archive::contacts::ConsentPurpose;
use crate::ids::{derived_id, hex};
use crate::records::{Kind, Records};
use crate::words;

words! {
    /// A text that the organisation words.
    TextKey {
        /// 同意：物业与交付服务.
        ConsentService = "consent_service",
        /// 同意：满意度调查.
        ConsentSurvey = "consent_survey",
        /// 同意：营销与活动.
        ConsentMarketing = "consent_marketing",
        /// 同意：提供给施工单位等第三方.
        ConsentThirdParty = "consent_third_party",
        /// 同意：影像使用.
        ConsentImage = "consent_image",
        /// 个人信息告知, read at the move-in.
        PrivacyNotice = "privacy_notice",
        /// 电话开场白.
        CallGreeting = "call_greeting",
        /// 打印页脚.
        SheetFoot = "sheet_foot",
    }
}

impl TextKey {
    /// The text that is agreed to for a purpose.
    #[must_use]
    pub fn of_consent(purpose: &ConsentPurpose) -> Self {
        Self::from(&*format!("consent_{}", purpose.word()))
    }

    /// The purpose that somebody agrees to with this text.
    #[must_use]
    pub fn purpose(&self) -> Option<ConsentPurpose> {
        self.word().strip_prefix("consent_").map(ConsentPurpose::from)
    }
}

/// A version of a text as it is written down. It is never changed afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Text {
    /// Which text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<TextKey>,
    /// The name of the version, which consents keep: its day and the beginning of a hash of its words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Chinese.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// English; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// The day from which it holds, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// The version of what comes with the app.
pub const DELIVERED: &str = "0";

/// A version of a text as screens show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its name; [`DELIVERED`] is what comes with the app.
    pub version: String,
    /// Chinese.
    pub zh: String,
    /// English; empty where there is none.
    pub en: String,
    /// The day from which it holds; empty for what comes with the app.
    pub from: String,
}

/// The name of a version: two devices that word a text alike on one day make one version, and others never share a name.
#[must_use]
pub fn version_of(key: &TextKey, from: &str, zh: &str, en: &str) -> String {
    let mut hash = Sha256::new();
    for part in [key.word(), zh, en] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let hash = hex(&hash.finalize());
    format!("{from}-{}", hash.get(..6).unwrap_or_default())
}

/// The id of a version.
#[must_use]
pub fn text_id(key: &TextKey, version: &str) -> String {
    derived_id("text", &[key.word(), version])
}

/// Every text with its versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    versions: BTreeMap<TextKey, Vec<Version>>,
}

impl Texts {
    /// As the records and the app hold them.
    #[must_use]
    pub fn of(records: &Records) -> Self {
        let mut versions = delivered().clone();
        for record in records.live(Kind::Text) {
            let Ok(text) = records.read::<Text>(Kind::Text, record) else { continue };
            let (Some(key), Some(from)) = (text.key, text.from) else { continue };
            if text.zh.is_empty() || text.version.is_empty() {
                // A part of it has not arrived yet.
                continue;
            }
            let en = text.en.unwrap_or_default();
            versions.entry(key).or_default().push(Version { version: text.version, zh: text.zh, en, from });
        }
        for known in versions.values_mut() {
            // Of one day the names decide, so that every device takes the same one.
            known.sort_by(|a, b| (&b.from, &b.version).cmp(&(&a.from, &a.version)));
        }
        Self { versions }
    }

    /// The versions of a text, the latest first; the last one comes with the app.
    #[must_use]
    pub fn versions(&self, key: &TextKey) -> &[Version] {
        self.versions.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// The version that holds on a day.
    #[must_use]
    pub fn current(&self, key: &TextKey, today: &str) -> Option<&Version> {
        self.versions(key).iter().find(|version| version.from.as_str() <= today)
    }
}

/// The version of a consent: what was named, such as that of a form on paper, or the text that held on that day. `None`
/// where a purpose of a newer app has no text here.
#[must_use]
pub fn consent_version(records: &Records, purpose: &ConsentPurpose, named: &str, on: &str) -> Option<String> {
    let named = named.trim();
    if !named.is_empty() {
        return Some(named.to_owned());
    }
    Texts::of(records).current(&TextKey::of_consent(purpose), on).map(|version| version.version.clone())
}

fn delivered() -> &'static BTreeMap<TextKey, Vec<Version>> {
    #[derive(Deserialize)]
    struct Both {
        zh: String,
        en: String,
    }
    static DELIVERED_TEXTS: LazyLock<BTreeMap<TextKey, Vec<Version>>> = LazyLock::new(|| {
        let read: BTreeMap<String, Both> = serde_json::from_str(include_str!("default.json")).unwrap_or_default();
        let version = |Both { zh, en }| Version { version: DELIVERED.to_owned(), zh, en, from: String::new() };
        read.into_iter().map(|(key, both)| (TextKey::from(&*key), vec![version(both)])).collect()
    });
    &DELIVERED_TEXTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_with_the_app_in_both_languages() {
        assert_eq!(delivered().len(), TextKey::KNOWN.len());
        for key in TextKey::KNOWN {
            let versions = delivered().get(key).unwrap();
            assert!(versions.iter().all(|version| !version.zh.is_empty() && !version.en.is_empty()), "{key:?}");
        }
    }

    #[test]
    fn every_purpose_has_its_text() {
        for purpose in ConsentPurpose::KNOWN {
            let key = TextKey::of_consent(purpose);
            assert!(TextKey::KNOWN.contains(&key), "{purpose:?}");
            assert_eq!(key.purpose().as_ref(), Some(purpose));
        }
        assert_eq!(TextKey::PrivacyNotice.purpose(), None);
    }

    #[test]
    fn a_version_is_named_after_its_words() {
        let name = |zh: &str, en: &str| version_of(&TextKey::CallGreeting, "2026-11-27", zh, en);
        assert_eq!(name("您好", ""), name("您好", ""));
        assert_ne!(name("您好", ""), name("", "您好"));
        assert_ne!(name("您好", ""), version_of(&TextKey::SheetFoot, "2026-11-27", "您好", ""));
        assert!(name("您好", "").starts_with("2026-11-27-"));
    }
}
