//! Posts on public forums as they are listed, read and counted.
//!
//! What a post says, when its answer is due and what counts is decided by `anju_domain::posts`; nothing is written here.

use std::collections::{BTreeMap, BTreeSet};

use anju_domain::cases::targets::Timetable;
use anju_domain::ids::WriteId;
use anju_domain::posts::clock::{self, AnswerDue};
use anju_domain::posts::model::{Post, post_id};
use anju_domain::posts::paste;
use anju_domain::posts::reader::{Dictionary, Heat, Proposal, WordRow, heat, read_post};
use anju_domain::posts::stats::{Figure, PostFigures, figures};
use anju_domain::records::{Kind, Record};
use anju_domain::time::Millis;
use anju_store::Store;
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::queries::MAX_WINDOW;
use crate::search::archive::project_name;

/// Which posts a board shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostFilter {
    /// `true` answered, `false` not; nothing is both.
    pub answered: Option<bool>,
    /// Of this site.
    pub site: Option<String>,
    /// Of this project id; an empty one is of none.
    pub project: Option<String>,
    /// Code of a sentiment.
    pub sentiment: Option<String>,
    /// Words in text, author or site.
    pub text: String,
    /// In which order.
    pub order: PostOrder,
}

/// The order of a board.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostOrder {
    /// What has waited longest first.
    #[default]
    Age,
    /// What gets the most attention first.
    Heat,
    /// The last that was written first.
    Newest,
}

/// A post on a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRow {
    /// Its id.
    pub id: String,
    /// What it holds.
    pub post: Post,
    /// The name of its project.
    pub project_name: Option<String>,
    /// Project and number of its house.
    pub place: Option<String>,
    /// The name of whoever wrote it, where they are known here.
    pub name: Option<String>,
    /// The number of its case, where that is there.
    pub case_number: Option<String>,
    /// Since when it waits, or waited.
    pub since: Option<Millis>,
    /// How much attention it gets.
    pub heat: i64,
    /// How that is meant.
    pub level: Heat,
    /// When its answer is due.
    pub due: Option<AnswerDue>,
    /// Who answered, by name.
    pub answered_by: Option<String>,
    /// Per field that was written, the writes that show; a form hands them back.
    pub seen: BTreeMap<String, Vec<WriteId>>,
}

/// A board of posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostBoard {
    /// How many posts the filter leaves.
    pub total: usize,
    /// Those of the window.
    pub rows: Vec<PostRow>,
    /// How many posts there are in all.
    pub posts: usize,
    /// How many of all wait for an answer.
    pub unanswered: usize,
    /// How many of these are over their time.
    pub late: usize,
    /// Every site with a post.
    pub sites: Vec<String>,
}

/// The figures of posts with the names of projects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostReport {
    /// Of all.
    pub all: Figure,
    /// Per site.
    pub by_site: Vec<(String, Figure)>,
    /// Per project by name; an empty name is of no project.
    pub by_project: Vec<(String, Figure)>,
}

/// A post of a pasted page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedRow {
    /// What was read.
    pub post: Post,
    /// What is proposed for it.
    pub proposal: Proposal,
    /// Whether it is here already, and would only be counted anew.
    pub is_known: bool,
}

/// A pasted page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedPage {
    /// Its posts.
    pub rows: Vec<PastedRow>,
    /// How many parts were left out.
    pub left_out: usize,
    /// How many texts were cut short.
    pub cut: usize,
    /// Whether the page itself was cut short.
    pub is_cut: bool,
}

impl<S: Store> Engine<S> {
    /// The posts that whoever is at work may see.
    fn seen_posts(&self) -> impl Iterator<Item = (&Record, Post)> {
        self.records
            .live(Kind::Post)
            .filter(|record| self.sees(record))
            .filter_map(|record| Some((record, self.records.read::<Post>(Kind::Post, record).ok()?)))
    }

    /// A board of posts.
    pub(crate) fn post_board(&mut self, filter: &PostFilter, offset: usize, limit: usize) -> PostBoard {
        let now = self.env.now();
        let timetable = Timetable::of(&self.records);
        let words: Vec<String> = filter.text.split_whitespace().map(str::to_lowercase).collect();
        let (mut board, mut sites) = (PostBoard::default(), BTreeSet::new());
        let mut hits: Vec<(i64, &Record, Post)> = Vec::new();
        for (record, post) in self.seen_posts() {
            board.posts += 1;
            if !post.is_answered() {
                board.unanswered += 1;
                board.late += usize::from(clock::due(&post, &timetable).is_some_and(|due| due.is_late(now)));
            }
            sites.insert(post.site.clone());
            if !fits(&post, filter, &words) {
                continue;
            }
            let since = clock::began(&post);
            let rank = match filter.order {
                PostOrder::Age => since.unwrap_or(Millis::MAX),
                PostOrder::Newest => since.unwrap_or(Millis::MIN).saturating_neg(),
                PostOrder::Heat => heat_of(&post, now).saturating_neg(),
            };
            hits.push((rank, record, post));
        }
        hits.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
        board.total = hits.len();
        board.sites = sites.into_iter().collect();
        let window = hits.into_iter().skip(offset).take(limit.min(MAX_WINDOW));
        board.rows = window.map(|(_, record, post)| self.post_row(record, post, &timetable, now)).collect();
        board
    }

    fn post_row(&self, record: &Record, post: Post, timetable: &Timetable, now: Millis) -> PostRow {
        let case = post.case.as_deref().and_then(|case| self.records.get(Kind::Case, case));
        let case = case.filter(|case| self.sees(case));
        let seen = |field: &str| (field.to_owned(), self.records.shown_writes(record, field));
        let heat = heat_of(&post, now);
        PostRow {
            id: record.id.to_string(),
            project_name: post.project.as_deref().map(|project| project_name(&self.records, project)),
            place: post.house.as_deref().map(|house| self.place_of(house)),
            name: post.party.as_deref().and_then(|party| self.told_name(party)),
            case_number: case.map(|case| self.records.shown_text(case, "number").unwrap_or_default()),
            since: clock::began(&post),
            heat,
            level: Heat::of(heat),
            due: clock::due(&post, timetable),
            answered_by: Some(post.answered_by.as_str())
                .filter(|who| !who.is_empty())
                .map(|who| self.staff_name(who)),
            seen: self.records.fields(record).into_iter().map(|(field, _)| seen(field)).collect(),
            post,
        }
    }

    /// The figures of posts.
    pub(crate) fn post_report(&self) -> PostReport {
        let posts: Vec<Post> = self.seen_posts().map(|(_, post)| post).collect();
        let PostFigures { all, by_site, by_project } = figures(&posts, &Timetable::of(&self.records));
        let named = |(id, figure): (String, Figure)| match id.is_empty() {
            true => (id, figure),
            false => (project_name(&self.records, &id), figure),
        };
        PostReport { all, by_site, by_project: by_project.into_iter().map(named).collect() }
    }

    /// What is proposed for a text.
    pub(crate) fn read_post(&self, text: &str) -> Proposal {
        read_post(text, &Dictionary::of(&self.records))
    }

    /// The posts of a pasted page, as they would be taken in.
    pub(crate) fn read_page(&mut self, text: &str, site: &str, project: Option<&str>) -> PastedPage {
        let page = paste::read_page(text, site, self.env.now());
        let dictionary = Dictionary::of(&self.records);
        let row = |post: Post| {
            let proposal = read_post(&post.text, &dictionary);
            let is_known = self.records.get(Kind::Post, &post_id(&post)).is_some();
            let post = Post {
                project: project.map(str::to_owned),
                leaf: proposal.leaf.clone(),
                sentiment: Some(proposal.sentiment.clone()),
                ..post
            };
            PastedRow { post, proposal, is_known }
        };
        PastedPage {
            rows: page.posts.into_iter().map(row).collect(),
            left_out: page.left_out,
            cut: page.cut,
            is_cut: page.is_cut,
        }
    }

    /// The words by which posts are read: own ones first, then by leaf.
    pub(crate) fn post_words(&self) -> Vec<WordRow> {
        let mut rows: Vec<WordRow> = Dictionary::of(&self.records).rows().cloned().collect();
        rows.sort_by(|a, b| (!a.is_own, &a.word.leaf, &a.word.word).cmp(&(!b.is_own, &b.word.leaf, &b.word.word)));
        rows
    }
}

fn heat_of(post: &Post, now: Millis) -> i64 {
    let age = clock::began(post).map_or(0, |began| now.saturating_sub(began));
    heat(post.views, post.replies, age)
}

fn fits(post: &Post, filter: &PostFilter, words: &[String]) -> bool {
    let is_worded = words.is_empty() || {
        let all = format!("{}\n{}\n{}", post.text, post.author, post.site).to_lowercase();
        words.iter().all(|word| all.contains(word))
    };
    filter.answered.is_none_or(|wanted| wanted == post.is_answered())
        && filter.site.as_ref().is_none_or(|site| *site == post.site)
        && filter.project.as_deref().is_none_or(|project| project == post.project.as_deref().unwrap_or_default())
        && filter
            .sentiment
            .as_deref()
            .is_none_or(|wanted| post.sentiment.as_ref().is_some_and(|own| own.word() == wanted))
        && is_worded
}
