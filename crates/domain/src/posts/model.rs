//! What a post holds, and a word by which posts are read.

use serde::{Deserialize, Serialize};

use crate::ids::derived_id;
use crate::time::Millis;
use crate::words;

words! {
    /// How a post is meant.
    Sentiment {
        /// 负面.
        Negative = "negative",
        /// 中性.
        Neutral = "neutral",
        /// 正面.
        Positive = "positive",
    }
}

/// A post on a public forum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Post {
    /// Where it stands, such as the name of a forum.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// Its address; only `http` and `https`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The name under which it was written there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// When it was written there, milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posted_at: Option<Millis>,
    /// When somebody here first saw it, where it is not known when it was written; milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Millis>,
    /// How often it was opened, when it was last looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<i64>,
    /// How many have replied, when it was last looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<i64>,
    /// What it says, its title in the first line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Project id, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// House id, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
    /// Party id of whoever wrote it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// Case id, where one takes care of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Leaf of the indicator tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf: Option<String>,
    /// How it is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<Sentiment>,
    /// When it was answered in public, milliseconds since 1970; an unanswered one has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Millis>,
    /// The words that were published.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Who answered.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub answered_by: String,
    /// The working minutes that the answer took, by the calendar of the day on which it was noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_minutes: Option<i64>,
    /// The working minutes that it might have taken then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_minutes: Option<i64>,
}

impl Post {
    /// Whether it was answered in public.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.answered_at.is_some()
    }
}

/// The id of a post: two devices that read the same page read the same records. Who has written what where tells posts
/// apart; how often they were opened does not.
#[must_use]
pub fn post_id(post: &Post) -> String {
    let at = post.posted_at.map(|at| at.to_string()).unwrap_or_default();
    let url = post.url.as_deref().unwrap_or_default();
    derived_id("post", &[&post.site, url, &post.author, &at, &post.text])
}

/// A word by which posts are read, as the organisation has added or changed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PostWord {
    /// The word as it stands in posts.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub word: String,
    /// Leaf of the indicator tree of which it speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf: Option<String>,
    /// How it is meant: from -3, very bad, to 3, very good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i64>,
    /// The day from which it is not looked for any more, `yyyy-mm-dd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<String>,
}

/// The id of a word: two devices that write about one word write to one record.
#[must_use]
pub fn post_word_id(word: &str) -> String {
    derived_id("post_word", &[word])
}
