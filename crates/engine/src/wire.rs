//! How the page reads what the data worker answers: only the kind that it asked for.
//!
//! A reader of all answers at once would stand in the page's first download, with the fields of every page of the app.
//! So an answer travels as `{"its name": value}`, and who asks says with a [`Kind`] what it expects; the code that
//! reads it then stands where it is asked. The worker writes the whole enumeration. No answer is known here by name.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// A kind of answer: its name in JSON, and its type.
#[derive(Debug)]
pub struct Kind<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kind<T> {}

impl<T> Kind<T> {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, value: PhantomData }
    }

    /// The text of the value in `text`, unread; `None` where it is an answer of another kind.
    #[must_use]
    pub fn raw(self, text: &str) -> Option<&str> {
        find(self.name, text)
    }
}

impl<T: DeserializeOwned> Kind<T> {
    /// The value in `text`, `None` where it is an answer of another kind.
    ///
    /// # Errors
    /// When it is of this kind and cannot be read.
    pub fn read(self, text: &str) -> serde_json::Result<Option<T>> {
        match find(self.name, text) {
            Some(value) => serde_json::from_str(value).map(Some),
            None => Ok(None),
        }
    }
}

/// The value under `name`. It stands apart since nothing of it depends on the type that is read.
fn find<'a>(name: &str, text: &'a str) -> Option<&'a str> {
    let members: BTreeMap<&str, &RawValue> = serde_json::from_str(text).ok()?;
    members.get(name).map(|value| value.get())
}

/// Writes an enumeration of answers, the last of which may hold nothing, and in a module of its own the [`Kind`] of
/// each that holds something: `Variant(what the worker holds) = KIND: what the page reads, "its name"`.
macro_rules! answers {
    (
        $(#[$about:meta])*
        pub enum $name:ident, kinds in $module:ident {
            $( $(#[doc = $doc:literal])* $variant:ident($type:ty) = $kind:ident: $read:ty, $word:literal; )+
        }
        or empty { $(#[doc = $empty_doc:literal])* $empty:ident = $empty_word:literal; }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, serde::Serialize)]
        pub enum $name {
            $( $(#[doc = $doc])* #[serde(rename = $word)] $variant($type), )+
            $(#[doc = $empty_doc])*
            #[serde(rename = $empty_word)]
            $empty,
        }

        #[doc = concat!("The kinds of [`", stringify!($name), "`](super::", stringify!($name), "), by which the page reads them.")]
        pub mod $module {
            use super::*;
            use crate::wire::Kind;
            $(
                $(#[doc = $doc])*
                pub const $kind: Kind<$read> = Kind::new($word);
            )+
        }
    };
}
pub(crate) use answers;
