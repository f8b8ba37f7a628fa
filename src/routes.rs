//! Every address of the app, as one typed enum that reads and writes the part of the URL after `#`.
//!
//! Hash routes need no rewrite rule, so the app opens from any sub-path, from a QR code and offline. This module
//! is pure: it knows no window and no page. Following the address is [`crate::platform::navigation`].

use std::collections::BTreeMap;

/// The `?name=value` part of an address, in a fixed order so that equal filters are equal addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(BTreeMap<String, String>);

impl Filter {
    /// A filter that restricts nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// The value of a name, if it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The same filter with a name set; an empty value takes the name out.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    /// Whether nothing is restricted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        pairs.fold(Self::none(), |filter, pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            filter.with(&decode(name), &decode(value))
        })
    }

    fn write(&self, out: &mut String) {
        for (index, (name, value)) in self.iter().enumerate() {
            out.push(if index == 0 { '?' } else { '&' });
            out.push_str(&encode(name));
            out.push('=');
            out.push_str(&encode(value));
        }
    }
}

/// Where one is in the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// What is due today; also the first screen.
    Workbench,
    /// The list of houses and owners.
    Archive {
        /// What is searched and filtered.
        query: Filter,
    },
    /// One house.
    House {
        /// The house's id, a path such as `company/project/7/4/403`.
        id: String,
    },
    /// One house on one sheet of paper.
    HouseSheet {
        /// House id.
        id: String,
    },
    /// One person.
    Party {
        /// The person's id.
        id: String,
    },
    /// All that is held on one person.
    Holdings {
        /// The person's id.
        id: String,
    },
    /// Erasing one person's data.
    Erase {
        /// The person's id.
        id: String,
    },
    /// People by words and choices.
    People {
        /// Filters, columns and order.
        query: Filter,
    },
    /// A household moves in.
    MoveIn {
        /// The house, when one comes from there.
        house: Option<String>,
    },
    /// The houses of a building as a grid.
    Building {
        /// Project and building.
        query: Filter,
    },
    /// Who is calling.
    Call,
    /// People who may be here twice.
    Duplicates,
    /// The figures of the service centre.
    Report,
    /// What cases teach.
    Lessons {
        /// Which cases.
        filter: Filter,
    },
    /// Who did what.
    Log,
    /// The list of requests.
    Cases {
        /// What is searched and filtered.
        filter: Filter,
    },
    /// One request.
    Case {
        /// The request's id.
        id: String,
    },
    /// A case on paper: the owner's reply sheet and the work order.
    CasePaper {
        /// Case id.
        id: String,
    },
    /// The form for a new request.
    NewCase {
        /// The house it is about, when one comes from there.
        house: Option<String>,
    },
    /// What a meeting of today talks about.
    Morning {
        /// Of which project.
        filter: Filter,
    },
    /// What is written on public forums.
    Posts {
        /// What is searched and filtered.
        query: Filter,
    },
    /// Questionnaires, waves and invitations.
    Surveys,
    /// An officer fills in a questionnaire.
    SurveyFill {
        /// The draft's id.
        draft: String,
    },
    /// The figures of satisfaction.
    Satisfaction {
        /// The wave shown, or the latest.
        wave: Option<String>,
        /// City, project, group and so on.
        filter: Filter,
    },
    /// The answers behind a figure.
    Answers {
        /// Which answers.
        filter: Filter,
    },
    /// One answer.
    Answer {
        /// The answer's id.
        id: String,
    },
    /// Tables of others become records.
    Import,
    /// Bundles go out and come in.
    Data,
    /// What merges left to check.
    Findings,
    /// Backup files and the snapshots of this device.
    Backup,
    /// The way back from a backup; open also where everything was lost.
    Restore {
        /// The snapshot that is looked at.
        snapshot: Option<String>,
    },
    /// The organisation, the staff and this device.
    Settings,
    /// The indicator tree and other lists of words.
    Trees {
        /// Which list, and what is searched in it.
        filter: Filter,
    },
    /// Texts that the organisation words.
    Texts,
    /// Service standards.
    Standards,
    /// The organisation's own fields.
    Fields,
    /// When one works: the organisation, or a project that differs.
    Calendar {
        /// Project and year.
        query: Filter,
    },
    /// The work flow of cases and their times: of the organisation, or of a project that differs.
    CaseRules {
        /// Project.
        query: Filter,
    },
    /// People who work here, their roles, and the PINs of this device.
    Staff,
    /// The organisation's key and the devices.
    Trust,
    /// Two sentences for every page, and a search over them.
    Help {
        /// What is searched.
        query: Filter,
    },
    /// Samples of every component.
    Kit,
    /// A homeowner answers a questionnaire; no shell around it.
    Answering {
        /// The packed invitation from the link.
        payload: String,
    },
    /// What a homeowner keeps after answering.
    Receipt {
        /// The receipt code.
        code: String,
    },
    /// An address that no page has.
    NotFound,
}

impl Route {
    /// Reads `location.hash` (with or without `#`) and `location.search`; a homeowner's `?s=` link wins over no hash.
    pub fn parse(hash: &str, search: &str) -> Self {
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        // Messengers add things such as `#&appinstall=0`; only what begins with `/` is an address of the app.
        if !hash.starts_with('/') || hash == "/" {
            let query = Filter::parse(search.strip_prefix('?').unwrap_or(search));
            if let Some(payload) = query.get("s") {
                return Self::Answering { payload: payload.to_owned() };
            }
            if hash.is_empty() || hash == "/" {
                return Self::Workbench;
            }
        }
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let filter = Filter::parse(query);
        let segments: Vec<String> = path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let words: Vec<&str> = segments.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["archive"] => Self::Archive { query: filter },
            ["house", id] => Self::House { id: (*id).to_owned() },
            ["sheet", id] => Self::HouseSheet { id: (*id).to_owned() },
            ["party", id] => Self::Party { id: (*id).to_owned() },
            ["holdings", id] => Self::Holdings { id: (*id).to_owned() },
            ["erase", id] => Self::Erase { id: (*id).to_owned() },
            ["people"] => Self::People { query: filter },
            ["move-in"] => Self::MoveIn { house: filter.get("house").map(str::to_owned) },
            ["building"] => Self::Building { query: filter },
            ["call"] => Self::Call,
            ["duplicates"] => Self::Duplicates,
            ["report"] => Self::Report,
            ["report", "cases"] => Self::Lessons { filter },
            ["log"] => Self::Log,
            ["cases"] => Self::Cases { filter },
            ["case-paper", id] => Self::CasePaper { id: (*id).to_owned() },
            ["case", id] => Self::Case { id: (*id).to_owned() },
            ["new-case"] => Self::NewCase { house: filter.get("house").map(str::to_owned) },
            ["morning"] => Self::Morning { filter },
            ["posts"] => Self::Posts { query: filter },
            ["surveys"] => Self::Surveys,
            ["fill", draft] => Self::SurveyFill { draft: (*draft).to_owned() },
            ["satisfaction"] => Self::Satisfaction { wave: None, filter },
            ["satisfaction", wave] => Self::Satisfaction { wave: Some((*wave).to_owned()), filter },
            ["answers"] => Self::Answers { filter },
            ["answer", id] => Self::Answer { id: (*id).to_owned() },
            ["import"] => Self::Import,
            ["data"] => Self::Data,
            ["findings"] => Self::Findings,
            ["backup"] => Self::Backup,
            ["restore"] => Self::Restore { snapshot: filter.get("snapshot").map(str::to_owned) },
            ["settings"] => Self::Settings,
            ["settings", "trees"] => Self::Trees { filter },
            ["settings", "texts"] => Self::Texts,
            ["settings", "standards"] => Self::Standards,
            ["settings", "fields"] => Self::Fields,
            ["settings", "calendar"] => Self::Calendar { query: filter },
            ["settings", "cases"] => Self::CaseRules { query: filter },
            ["staff"] => Self::Staff,
            ["trust"] => Self::Trust,
            ["help"] => Self::Help { query: filter },
            ["kit"] => Self::Kit,
            // However little is left of a homeowner's link, it leads to the page that says what to do.
            ["a", payload @ ..] => Self::Answering { payload: payload.join("/") },
            ["receipt", code] => Self::Receipt { code: (*code).to_owned() },
            _ => Self::NotFound,
        }
    }

    /// The address with its leading `#`, fit for an `href`.
    pub fn to_hash(&self) -> String {
        let mut out = String::from("#/");
        match self {
            Self::Workbench => {}
            Self::Archive { query } => with_filter(&mut out, "archive", query),
            Self::House { id } => with_segment(&mut out, "house", id),
            Self::HouseSheet { id } => with_segment(&mut out, "sheet", id),
            Self::Party { id } => with_segment(&mut out, "party", id),
            Self::Holdings { id } => with_segment(&mut out, "holdings", id),
            Self::Erase { id } => with_segment(&mut out, "erase", id),
            Self::People { query } => with_filter(&mut out, "people", query),
            Self::MoveIn { house } => {
                let filter = Filter::none().with("house", house.as_deref().unwrap_or_default());
                with_filter(&mut out, "move-in", &filter);
            }
            Self::Building { query } => with_filter(&mut out, "building", query),
            Self::Call => out.push_str("call"),
            Self::Duplicates => out.push_str("duplicates"),
            Self::Report => out.push_str("report"),
            Self::Lessons { filter } => with_filter(&mut out, "report/cases", filter),
            Self::Log => out.push_str("log"),
            Self::Cases { filter } => with_filter(&mut out, "cases", filter),
            Self::Case { id } => with_segment(&mut out, "case", id),
            Self::CasePaper { id } => with_segment(&mut out, "case-paper", id),
            Self::NewCase { house } => {
                let filter = Filter::none().with("house", house.as_deref().unwrap_or_default());
                with_filter(&mut out, "new-case", &filter);
            }
            Self::Morning { filter } => with_filter(&mut out, "morning", filter),
            Self::Posts { query } => with_filter(&mut out, "posts", query),
            Self::Surveys => out.push_str("surveys"),
            Self::SurveyFill { draft } => with_segment(&mut out, "fill", draft),
            Self::Satisfaction { wave, filter } => {
                match wave {
                    Some(wave) => with_segment(&mut out, "satisfaction", wave),
                    None => out.push_str("satisfaction"),
                }
                filter.write(&mut out);
            }
            Self::Answers { filter } => with_filter(&mut out, "answers", filter),
            Self::Answer { id } => with_segment(&mut out, "answer", id),
            Self::Import => out.push_str("import"),
            Self::Data => out.push_str("data"),
            Self::Findings => out.push_str("findings"),
            Self::Backup => out.push_str("backup"),
            Self::Restore { snapshot } => {
                let filter = Filter::none().with("snapshot", snapshot.as_deref().unwrap_or_default());
                with_filter(&mut out, "restore", &filter);
            }
            Self::Settings => out.push_str("settings"),
            Self::Trees { filter } => with_filter(&mut out, "settings/trees", filter),
            Self::Texts => out.push_str("settings/texts"),
            Self::Standards => out.push_str("settings/standards"),
            Self::Fields => out.push_str("settings/fields"),
            Self::Calendar { query } => with_filter(&mut out, "settings/calendar", query),
            Self::CaseRules { query } => with_filter(&mut out, "settings/cases", query),
            Self::Staff => out.push_str("staff"),
            Self::Trust => out.push_str("trust"),
            Self::Help { query } => with_filter(&mut out, "help", query),
            Self::Kit => out.push_str("kit"),
            Self::Answering { payload } => with_segment(&mut out, "a", payload),
            Self::Receipt { code } => with_segment(&mut out, "receipt", code),
            Self::NotFound => out.push_str("not-found"),
        }
        out
    }

    /// The page without what merely filters it: two routes with the same page keep its state, focus and scroll.
    #[must_use]
    pub fn page(&self) -> Self {
        match self {
            Self::Archive { .. } => Self::Archive { query: Filter::none() },
            Self::People { .. } => Self::People { query: Filter::none() },
            Self::Lessons { .. } => Self::Lessons { filter: Filter::none() },
            Self::Cases { .. } => Self::Cases { filter: Filter::none() },
            Self::Morning { .. } => Self::Morning { filter: Filter::none() },
            Self::Posts { .. } => Self::Posts { query: Filter::none() },
            Self::Satisfaction { .. } => Self::Satisfaction { wave: None, filter: Filter::none() },
            Self::Answers { .. } => Self::Answers { filter: Filter::none() },
            Self::Trees { .. } => Self::Trees { filter: Filter::none() },
            Self::Calendar { .. } => Self::Calendar { query: Filter::none() },
            Self::CaseRules { .. } => Self::CaseRules { query: Filter::none() },
            Self::Help { .. } => Self::Help { query: Filter::none() },
            other => other.clone(),
        }
    }

    /// Whether the page stands alone: a homeowner sees no navigation of the staff, on the own phone or on the tablet.
    pub fn is_bare(&self) -> bool {
        self.is_of_owner() || matches!(self, Self::SurveyFill { .. })
    }

    /// Whether it is opened on a homeowner's own phone, which has no database.
    pub fn is_of_owner(&self) -> bool {
        matches!(self, Self::Answering { .. } | Self::Receipt { .. })
    }
}

fn with_segment(out: &mut String, name: &str, segment: &str) {
    out.push_str(name);
    out.push('/');
    out.push_str(&encode(segment));
}

fn with_filter(out: &mut String, name: &str, filter: &Filter) {
    out.push_str(name);
    filter.write(out);
}

/// Percent-encodes everything but the characters that no part of a URL gives a meaning to.
fn encode(text: &str) -> String {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(HEX.get(usize::from(byte >> 4)));
            out.extend(HEX.get(usize::from(byte & 15)));
        }
    }
    out
}

/// The reverse of [`encode`]; what is not a well-formed escape stays as it is, so that no link can break the app.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (nibble(*high), nibble(*low))
        {
            bytes.push(high << 4 | low);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok())
}

#[cfg(test)]
mod tests {
    use super::{Filter, Route, decode, encode};

    fn samples() -> Vec<Route> {
        let id = "深圳/四季花城/7栋/4/403?#&=% +".to_owned();
        let filter = Filter::none().with("q", "李 玉梅&").with("级别", "重大");
        vec![
            Route::Workbench,
            Route::Archive { query: Filter::none() },
            Route::Archive { query: filter.clone() },
            Route::House { id: id.clone() },
            Route::HouseSheet { id: id.clone() },
            Route::Party { id: id.clone() },
            Route::Holdings { id: id.clone() },
            Route::Erase { id: id.clone() },
            Route::People { query: filter.clone() },
            Route::MoveIn { house: None },
            Route::MoveIn { house: Some(id.clone()) },
            Route::Building { query: filter.clone() },
            Route::Call,
            Route::Duplicates,
            Route::Report,
            Route::Lessons { filter: Filter::none() },
            Route::Lessons { filter: filter.clone() },
            Route::Log,
            Route::Cases { filter: filter.clone() },
            Route::Case { id: id.clone() },
            Route::CasePaper { id: id.clone() },
            Route::NewCase { house: None },
            Route::NewCase { house: Some(id.clone()) },
            Route::Morning { filter: Filter::none() },
            Route::Morning { filter: filter.clone() },
            Route::Posts { query: Filter::none() },
            Route::Posts { query: filter.clone() },
            Route::Surveys,
            Route::SurveyFill { draft: id.clone() },
            Route::Satisfaction { wave: None, filter: Filter::none() },
            Route::Satisfaction { wave: Some("2026年度".into()), filter: filter.clone() },
            Route::Answers { filter: filter.clone() },
            Route::Answer { id: id.clone() },
            Route::Import,
            Route::Data,
            Route::Findings,
            Route::Backup,
            Route::Restore { snapshot: None },
            Route::Restore { snapshot: Some(id.clone()) },
            Route::Settings,
            Route::Trees { filter: filter.clone() },
            Route::Texts,
            Route::Standards,
            Route::Fields,
            Route::Calendar { query: Filter::none() },
            Route::Calendar { query: filter.clone() },
            Route::CaseRules { query: Filter::none() },
            Route::CaseRules { query: filter.clone() },
            Route::Staff,
            Route::Trust,
            Route::Help { query: filter },
            Route::Kit,
            Route::Answering { payload: "eyJ-_x".into() },
            Route::Receipt { code: id },
            Route::NotFound,
        ]
    }

    #[test]
    fn every_address_reads_back_as_itself() {
        for route in samples() {
            let hash = route.to_hash();
            assert_eq!(Route::parse(&hash, ""), route, "{hash}");
            assert!(hash.is_ascii(), "{hash}");
        }
    }

    #[test]
    fn a_homeowner_link_works_as_hash_and_as_query() {
        let expected = Route::Answering { payload: "abc".into() };
        assert_eq!(Route::parse("#/a/abc", ""), expected);
        assert_eq!(Route::parse("", "?s=abc"), expected);
        assert_eq!(Route::parse("#&appinstall=0", "?s=abc&from=groupmessage"), expected);
        assert_eq!(Route::parse("#/kit", "?s=abc"), Route::Kit);
        assert_eq!(Route::parse("#/a", ""), Route::Answering { payload: String::new() });
    }

    #[test]
    fn broken_addresses_lead_to_a_page_and_never_panic() {
        for hash in ["#/house", "#/house/a/b", "#/什么", "#%", "#?", "#//"] {
            let route = Route::parse(hash, "");
            assert!(matches!(route, Route::NotFound), "{hash} gave {route:?}");
        }
        assert_eq!(Route::parse("#/case/%E5%", ""), Route::Case { id: "%E5%".into() });
    }

    #[test]
    fn escapes_survive_every_byte() {
        let text: String = (0..300).filter_map(char::from_u32).chain("业主📦".chars()).collect();
        assert_eq!(decode(&encode(&text)), text);
    }

    #[test]
    fn a_filter_does_not_make_another_page() {
        let all = Route::Cases { filter: Filter::none() };
        let some = Route::Cases { filter: Filter::none().with("q", "漏水") };
        assert_eq!(all.page(), some.page());
        assert_ne!(Route::Case { id: "1".into() }.page(), Route::Case { id: "2".into() }.page());
    }
}
