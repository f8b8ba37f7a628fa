//! What a list's filter found last, so that the next window of the same list does not filter the archive again.
//!
//! It knows one filter per list and is forgotten whenever a record changes or a day begins; it is no index.

use std::sync::Arc;

use super::people::PeopleFilter;
use crate::queries::HouseState;

/// Numbers of the index, in the order of the list.
pub(crate) type Hits = Arc<[u32]>;

/// One list's last filter, the day on which it was applied, and what it found.
#[derive(Debug)]
struct Last<F> {
    filter: F,
    day: String,
    hits: Hits,
}

/// The last hits of the lists of the archive.
#[derive(Debug, Default)]
pub(crate) struct LastHits {
    people: Option<Last<PeopleFilter>>,
    houses: Option<Last<(String, Option<String>, HouseState)>>,
}

fn found<F: PartialEq>(last: Option<&Last<F>>, filter: &F, day: &str) -> Option<Hits> {
    last.filter(|last| last.day == day && last.filter == *filter).map(|last| Arc::clone(&last.hits))
}

impl LastHits {
    /// The people that this filter found today, if it was the last.
    pub(crate) fn people(&self, filter: &PeopleFilter, day: &str) -> Option<Hits> {
        found(self.people.as_ref(), filter, day)
    }

    /// Keeps the people that a filter found.
    pub(crate) fn keep_people(&mut self, filter: PeopleFilter, day: String, hits: Vec<u32>) -> Hits {
        let hits: Hits = hits.into();
        self.people = Some(Last { filter, day, hits: Arc::clone(&hits) });
        hits
    }

    /// The houses that words, project and state found today, if they were asked for last.
    pub(crate) fn houses(&self, filter: &(String, Option<String>, HouseState), day: &str) -> Option<Hits> {
        found(self.houses.as_ref(), filter, day)
    }

    /// Keeps the houses that words, project and state found.
    pub(crate) fn keep_houses(
        &mut self,
        filter: (String, Option<String>, HouseState),
        day: String,
        hits: Vec<u32>,
    ) -> Hits {
        let hits: Hits = hits.into();
        self.houses = Some(Last { filter, day, hits: Arc::clone(&hits) });
        hits
    }
}
