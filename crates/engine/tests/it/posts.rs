//! Posts on public forums: entered and pasted, read by words, answered in time or not, and taken over as cases.

use std::collections::BTreeMap;

use anju_domain::archive::normalise::datetime;
use anju_domain::cases::model::{CaseChannel, CaseKind, Severity};
use anju_domain::command::Command;
use anju_domain::import::mapping::Kind as TableKind;
use anju_domain::posts::command::PostCommand;
use anju_domain::posts::model::{Post, PostWord, Sentiment};
use anju_domain::posts::reader::{Heat, Proposal};
use anju_domain::records::Kind;
use anju_domain::time::Millis;
use anju_engine::posts::{PastedPage, PostBoard, PostFilter, PostOrder, PostReport, PostRow};
use anju_engine::queries::{Answer, CaseFilter, Query};

use crate::device::{Device, NOW, ledger, two_devices};

const PROJECT: &str = "深圳公司/四季花城";
const HOUR: Millis = 3_600_000;
/// Monday the 23rd of November 2026, 11:00 in China; [`NOW`] is the Saturday before.
const MONDAY: Millis = NOW + 48 * HOUR;

fn device(seed: u64) -> Device {
    let mut device = Device::new(seed);
    device.starts_organisation();
    device.imports(TableKind::Owners, &ledger(2));
    device.reopened_at(MONDAY, seed + 100)
}

fn does(device: &mut Device, command: PostCommand) -> Result<String, String> {
    match device.does(Command::Posts(command)) {
        Ok(receipt) => Ok(receipt.subject.unwrap_or_default()),
        Err(anju_engine::EngineError::Rejected(rejection)) => Err(match rejection.field {
            Some(field) => format!("{}@{field}", rejection.code),
            None => rejection.code,
        }),
        Err(other) => panic!("{other:?}"),
    }
}

fn put(device: &mut Device, post: Post) -> Result<String, String> {
    does(device, PostCommand::Put { id: None, new: Box::new(post), seen: BTreeMap::new() })
}

/// Written on Friday at 16:00: two working hours are left of that day, and two more have gone by on Monday at 11:00.
fn leak() -> Post {
    Post {
        site: "业主论坛".into(),
        url: Some("https://bbs.example.com/thread-1.html".into()),
        author: "海风".into(),
        posted_at: datetime("2026-11-20 16:00"),
        views: Some(1_000),
        replies: Some(10),
        text: "卫生间漏水没人管".into(),
        project: Some(PROJECT.into()),
        ..Post::default()
    }
}

fn board(device: &mut Device, filter: PostFilter) -> PostBoard {
    let asked = device.engine.query(Query::Posts { filter, offset: 0, limit: 200 });
    let Answer::Posts(board) = asked else { panic!("no board") };
    *board
}

fn row(device: &mut Device, id: &str) -> PostRow {
    board(device, PostFilter::default()).rows.into_iter().find(|row| row.id == id).unwrap()
}

fn report(device: &mut Device) -> PostReport {
    let Answer::PostReport(report) = device.engine.query(Query::PostReport) else { panic!("no report") };
    *report
}

fn reads(device: &mut Device, text: &str) -> Proposal {
    let Answer::Proposal(read) = device.engine.query(Query::ReadPost { text: text.into() }) else {
        panic!("no proposal")
    };
    *read
}

fn page(device: &mut Device, text: &str) -> PastedPage {
    let query = Query::ReadPage { text: text.into(), site: "业主论坛".into(), project: Some(PROJECT.into()) };
    let Answer::PastedPage(page) = device.engine.query(query) else { panic!("no page") };
    *page
}

#[test]
fn a_post_waits_for_its_answer_in_working_time_and_keeps_what_was_published() {
    let mut device = device(1);
    let id = put(&mut device, leak()).unwrap();
    let waiting = row(&mut device, &id);
    assert_eq!(waiting.due.as_ref().map(|due| due.at), Some(MONDAY));
    assert!(!waiting.due.as_ref().unwrap().is_late(MONDAY) && waiting.due.unwrap().is_soon(MONDAY));
    assert_eq!(waiting.project_name.as_deref(), Some("四季花城"));
    // 67 hours old: (1,000 + 10 × 20) × 24 / (67 + 24).
    assert_eq!((waiting.heat, waiting.level), (316, Heat::Cool));
    let mut device = device.reopened_at(MONDAY + HOUR / 2, 7);
    let told = board(&mut device, PostFilter::default());
    assert_eq!((told.posts, told.unanswered, told.late, told.total), (1, 1, 1, 1));
    let answer =
        |answer: &str, at| PostCommand::Answer { id: id.clone(), answer: answer.into(), at, by: "林晓".into() };
    let refusals = [
        (answer(" ", None), "answer_missing@answer"),
        (answer("好", datetime("2026-11-20 15:00")), "time_before_post@at"),
        (answer("好", Some(MONDAY + HOUR)), "time_in_future@at"),
    ];
    for (command, wanted) in refusals {
        assert_eq!(does(&mut device, command).unwrap_err(), wanted);
    }
    does(&mut device, answer("您好，工程师今天下午上门。", None)).unwrap();
    assert_eq!(does(&mut device, answer("再答一次", None)).unwrap_err(), "post_answered");
    let answered = row(&mut device, &id);
    assert_eq!(answered.post.answer, "您好，工程师今天下午上门。");
    assert_eq!((answered.post.took_minutes, answered.post.target_minutes), (Some(270), Some(240)));
    assert_eq!((answered.answered_by.as_deref(), answered.due), (Some("林晓"), None));
    let waiting = PostFilter { answered: Some(false), ..PostFilter::default() };
    assert_eq!(board(&mut device, waiting).total, 0);
}

#[test]
fn figures_are_told_per_site_and_project() {
    let mut device = device(1);
    let answered = put(&mut device, leak()).unwrap();
    let at = datetime("2026-11-20 17:00");
    let answer = PostCommand::Answer { id: answered, answer: "收到".into(), at, by: String::new() };
    does(&mut device, answer).unwrap();
    put(&mut device, Post { text: "第二帖".into(), ..leak() }).unwrap();
    put(&mut device, Post { site: "微博".into(), project: None, ..leak() }).unwrap();
    let report = report(&mut device);
    assert_eq!((report.all.n, report.all.answered, report.all.median_minutes), (3, 1, Some(60)));
    let told = |rows: &[(String, anju_domain::posts::stats::Figure)]| {
        rows.iter().map(|(name, figure)| (name.clone(), figure.n, figure.in_time)).collect::<Vec<_>>()
    };
    assert_eq!(told(&report.by_site), [("业主论坛".to_owned(), 2, 1), ("微博".to_owned(), 1, 0)]);
    assert_eq!(told(&report.by_project), [("四季花城".to_owned(), 2, 1), (String::new(), 1, 0)]);
}

#[test]
fn a_pasted_page_is_taken_once_and_counted_anew_the_second_time() {
    let mut one = device(1);
    let text =
        "作者：海风 时间：2026-11-20 21:05 浏览：100\n漏水三个月了，维权！\n\n作者：甲 时间：昨天 10:00\n感谢管家";
    let read = page(&mut one, text);
    let told: Vec<_> =
        read.rows.iter().map(|row| (row.post.sentiment.clone(), row.post.leaf.as_deref(), row.is_known)).collect();
    assert_eq!(
        told,
        [
            (Some(Sentiment::Negative), Some("engineering.waterproofing"), false),
            (Some(Sentiment::Positive), Some("property.attitude"), false),
        ]
    );
    let take = |read: PastedPage| PostCommand::Take { posts: read.rows.into_iter().map(|row| row.post).collect() };
    let mut other = one.beside(2).reopened_at(MONDAY, 202);
    does(&mut one, take(read.clone())).unwrap();
    let same = page(&mut other, text);
    does(&mut other, take(same)).unwrap();
    one.exchanges_with(&mut other);
    assert_eq!(one.count(Kind::Post), 2, "two devices that read one page read the same posts");
    let again = page(&mut one, &text.replace("浏览：100", "浏览：900"));
    assert!(again.rows.iter().all(|row| row.is_known));
    does(&mut one, take(again.clone())).unwrap();
    let hottest = PostFilter { order: PostOrder::Heat, ..PostFilter::default() };
    assert_eq!(board(&mut one, hottest).rows[0].post.views, Some(900));
    assert_eq!(does(&mut one, take(again.clone())).unwrap_err(), "nothing_changes");
    let id = board(&mut one, PostFilter { text: "漏水".into(), ..PostFilter::default() }).rows[0].id.clone();
    does(&mut one, PostCommand::Drop { id }).unwrap();
    assert_eq!(does(&mut one, take(again)).unwrap_err(), "nothing_changes", "what was taken out stays out");
    assert_eq!(one.count(Kind::Post), 1);
}

#[test]
fn a_post_becomes_a_case_once_and_is_linked_to_others() {
    let mut device = device(1);
    let house = device.engine.records().live(Kind::House).next().unwrap().id.to_string();
    let post = Post { house: Some(house.clone()), leaf: Some("engineering.waterproofing".into()), ..leak() };
    let id = put(&mut device, post).unwrap();
    let make = PostCommand::MakeCase {
        id: id.clone(),
        kind: CaseKind::Complaint,
        severity: Severity::Important,
        responsible: None,
    };
    let case = does(&mut device, make.clone()).unwrap();
    let Answer::Case(found) = device.engine.query(Query::Case { id: case.clone() }) else { panic!("no case") };
    assert_eq!((found.row.case.channel, found.row.case.house), (Some(CaseChannel::Forum), Some(house)));
    assert!(found.row.case.description.starts_with("卫生间漏水没人管\n业主论坛 · 海风 · https://"));
    assert_eq!(row(&mut device, &id).case_number, Some(found.row.case.number));
    assert_eq!(does(&mut device, make.clone()).unwrap_err(), "post_has_case");
    let link = |case: Option<&str>| PostCommand::Link { id: id.clone(), case: case.map(str::to_owned) };
    assert_eq!(does(&mut device, link(Some("nowhere"))).unwrap_err(), "post_case_missing@case");
    does(&mut device, link(None)).unwrap();
    assert_eq!(row(&mut device, &id).case_number, None);
    does(&mut device, link(Some(&case))).unwrap();
    let all = Query::Cases { filter: CaseFilter::default(), offset: 0, limit: 10 };
    let Answer::Cases(window) = device.engine.query(all) else { panic!("no cases") };
    assert_eq!(window.total, 1);
}

#[test]
fn what_cannot_be_kept_of_a_post_is_refused_with_its_field() {
    let mut device = device(1);
    let house = device.engine.records().live(Kind::House).next().unwrap().id.to_string();
    let rows = [
        (Post { text: " \u{200b} ".into(), ..leak() }, "post_text_missing@text"),
        (Post { text: "漏".repeat(20_001), ..leak() }, "too_long@text"),
        (Post { url: Some("javascript:alert(1)".into()), ..leak() }, "post_link_refused@url"),
        (Post { site: String::new(), url: None, ..leak() }, "post_site_missing@site"),
        (Post { author: "长".repeat(61), ..leak() }, "too_long@author"),
        (Post { views: Some(-1), ..leak() }, "post_count_out_of_range@views"),
        (Post { posted_at: Some(MONDAY + HOUR), ..leak() }, "time_in_future@posted_at"),
        (Post { project: Some("月球".into()), ..leak() }, "project_missing@project"),
        (Post { house: Some("月球".into()), ..leak() }, "house_missing@house"),
        (Post { house: Some(house), project: Some("月球".into()), ..leak() }, "post_house_elsewhere@house"),
        (Post { party: Some("nobody".into()), ..leak() }, "record_missing@party"),
    ];
    for (post, wanted) in rows {
        assert_eq!(put(&mut device, post).unwrap_err(), wanted);
    }
    let late = Post { posted_at: Some(MONDAY + HOUR), ..leak() };
    let take = PostCommand::Take { posts: vec![leak(), late] };
    assert_eq!(does(&mut device, take).unwrap_err(), "time_in_future@posts.1.posted_at");
    assert_eq!(device.count(Kind::Post), 0);
    // Without a name the site is that of the link.
    let id = put(&mut device, Post { site: String::new(), ..leak() }).unwrap();
    assert_eq!(row(&mut device, &id).post.site, "bbs.example.com");
    assert_eq!(put(&mut device, Post { site: String::new(), ..leak() }).unwrap_err(), "post_known@text");
}

#[test]
fn a_post_is_edited_from_its_form_and_a_field_that_moved_is_asked() {
    let mut device = device(1);
    let id = put(&mut device, leak()).unwrap();
    let seen = row(&mut device, &id).seen;
    let edit = |device: &mut Device, post: Post| {
        does(device, PostCommand::Put { id: Some(id.clone()), new: Box::new(post), seen: seen.clone() })
    };
    edit(&mut device, Post { views: Some(5_000), replies: None, ..leak() }).unwrap();
    let now = row(&mut device, &id).post;
    let unknown = put(&mut device, Post { posted_at: None, ..leak() }).unwrap();
    let entered = row(&mut device, &unknown).post.seen_at;
    assert!(entered.is_some_and(|at| (MONDAY..MONDAY + HOUR).contains(&at)), "{entered:?}");
    assert_eq!((now.views, now.replies, now.seen_at), (Some(5_000), None, None));
    assert_eq!(edit(&mut device, Post { views: Some(6_000), ..leak() }).unwrap_err(), "field_moved@replies");
}

#[test]
fn the_dictionary_is_the_organisations_and_travels() {
    let [mut one, mut other] = two_devices();
    assert_eq!(reads(&mut one, "墙皮起泡，漏水").leaf.as_deref(), Some("engineering.waterproofing"));
    let word = PostWord {
        word: "墙皮起泡".into(),
        leaf: Some("engineering.walls_floors".into()),
        weight: Some(-2),
        retired_on: None,
    };
    does(&mut one, PostCommand::PutWord(word.clone())).unwrap();
    does(&mut one, PostCommand::RetireWord { word: "漏水".into(), retired: true }).unwrap();
    one.exchanges_with(&mut other);
    let read = reads(&mut other, "墙皮起泡，漏水");
    assert_eq!((read.leaf.as_deref(), read.score), (Some("engineering.walls_floors"), -2));
    assert_eq!(read.why.len(), 1);
    does(&mut other, PostCommand::RetireWord { word: "漏水".into(), retired: false }).unwrap();
    assert_eq!(reads(&mut other, "漏水").score, -2, "a delivered word comes back with what it meant");
    let rows = [
        (PostWord { word: " ".into(), ..word.clone() }, "post_word_missing@word"),
        (PostWord { word: "字".repeat(21), ..word.clone() }, "too_long@word"),
        (PostWord { weight: Some(4), ..word.clone() }, "post_weight_out_of_range@weight"),
        (PostWord { weight: Some(0), leaf: None, ..word.clone() }, "post_word_says_nothing@leaf"),
        (word, "nothing_changes"),
    ];
    for (word, wanted) in rows {
        assert_eq!(does(&mut one, PostCommand::PutWord(word)).unwrap_err(), wanted);
    }
}
