//! Reads a pasted page: posts apart by blank lines, with lines that say who wrote when, how often it was opened and where
//! it stands.
//!
//! Forums write these lines in many ways, so whatever is not recognised is text. Everything comes from strangers: lengths
//! have limits, only links of `http` and `https` are kept, and characters that cannot be seen are dropped.

use serde::{Deserialize, Serialize};

use super::model::Post;
use crate::archive::normalise;
use crate::time::{Millis, date_at};

/// Longest text of a post, in characters.
pub const MAX_TEXT: usize = 20_000;
/// Longest name of a site or an author, in characters.
pub const MAX_NAME: usize = 60;
/// Longest address, in characters.
pub const MAX_URL: usize = 2_000;
/// Most posts of one page.
pub const MAX_POSTS: usize = 200;
/// Highest number of openings or replies.
pub const MAX_COUNT: i64 = 1_000_000_000_000;
/// How much of a page is read, in characters.
const MAX_PAGE: usize = 500_000;
const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// What a page holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its posts, in order.
    pub posts: Vec<Post>,
    /// How many parts were left out, since they say nothing or are too many.
    pub left_out: usize,
    /// How many texts were cut short.
    pub cut: usize,
    /// Whether the page itself was cut short.
    pub is_cut: bool,
}

/// Text as people may see it: line ends as `\n`, other spaces as one, characters that cannot be seen dropped.
#[must_use]
pub fn clean(raw: &str) -> String {
    let mut kept = String::with_capacity(raw.len());
    for c in normalise::note(raw).chars() {
        match c {
            '\n' | ' ' => kept.push(c),
            c if c.is_whitespace() => kept.push(' '),
            c if normalise::is_blank(c.encode_utf8(&mut [0; 4])) => {}
            c => kept.push(c),
        }
    }
    kept
}

/// An address that may be kept: `http` or `https`, with a host, without a name before it and without anything that cannot
/// stand in one.
#[must_use]
pub fn link(raw: &str) -> Option<String> {
    let raw = raw.trim().trim_end_matches(['。', '，', '、', '；', '）', '】', '”']);
    let (scheme, rest) = raw.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let is_sound = |c: char| {
        !c.is_whitespace()
            && !normalise::is_blank(c.encode_utf8(&mut [0; 4]))
            && !['"', '\'', '<', '>', '\\', '`'].contains(&c)
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_kept = ["http", "https"].contains(&scheme.as_str())
        && rest.chars().all(is_sound)
        && authority.contains('.')
        && !authority.contains('@')
        && rest.chars().count() < MAX_URL - 10;
    is_kept.then(|| format!("{scheme}://{rest}"))
}

/// The host of an address without `www.` and port, as the name of a site that has no other.
#[must_use]
pub fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    Some(host.chars().take(MAX_NAME).collect()).filter(|host: &String| !host.is_empty())
}

/// A number as forums write it: `1,234`, `1.2万`, `3k`, `(56)`, `12次`.
#[must_use]
pub fn count(raw: &str) -> Option<i64> {
    let text = normalise::text(raw).replace([',', ' '], "").to_ascii_lowercase();
    let text = text.trim_matches(['(', ')', '[', ']', '|', '次', '条', '人', '+']);
    let (digits, places) = match text.char_indices().next_back()? {
        (at, '万' | 'w') => (text.get(..at)?, 4),
        (at, 'k') => (text.get(..at)?, 3),
        _ => (text, 0),
    };
    if !digits.chars().all(|c| c.is_ascii_digit() || (places > 0 && c == '.')) {
        return None;
    }
    let number = if places == 0 { digits.parse().ok()? } else { normalise::fixed(digits, places)? };
    (0..=MAX_COUNT).contains(&number).then_some(number)
}

/// A moment as forums write it, also `3小时前` and `昨天 10:20`; what lies ahead is none.
#[must_use]
pub fn moment(raw: &str, now: Millis) -> Option<Millis> {
    let text = normalise::text(raw);
    let text = text.trim_matches(['(', ')', '[', ']', '|', ',', ' ']);
    let mut words = text.split(' ');
    let (first, second) = (words.next()?, words.next().unwrap_or_default());
    let at = [text, &format!("{first} {second}"), first].into_iter().find_map(normalise::datetime);
    at.or_else(|| ago(first, second, now)).filter(|at| *at <= now.saturating_add(MINUTE))
}

fn ago(first: &str, second: &str, now: Millis) -> Option<Millis> {
    if first == "刚刚" {
        return Some(now);
    }
    for (unit, length) in [("分钟前", MINUTE), ("小时前", HOUR), ("天前", DAY)] {
        if let Some(number) = first.strip_suffix(unit) {
            let number: i64 = number.parse().ok().filter(|number| (0..=10_000).contains(number))?;
            return now.checked_sub(length.checked_mul(number)?);
        }
    }
    let days = ["今天", "昨天", "前天"].iter().position(|word| first.starts_with(word))?;
    let rest = first.get("今天".len()..).filter(|rest| !rest.is_empty()).unwrap_or(second);
    let day = date_at(now.checked_sub(DAY.checked_mul(i64::try_from(days).ok()?)?)?)?;
    normalise::datetime(format!("{day} {rest}").trim())
}

/// What a line may say of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Author,
    Time,
    Views,
    Replies,
    Link,
    Title,
    Site,
    Text,
}

/// How forums call it.
const LABELS: [(Label, &[&str]); 8] = [
    (Label::Author, &["作者", "发帖人", "发布者", "楼主", "网友", "用户", "author"]),
    (
        Label::Time,
        &["发帖时间", "发布时间", "发表时间", "发表于", "发布于", "时间", "日期", "time", "date", "posted"],
    ),
    (Label::Views, &["浏览量", "浏览数", "浏览", "阅读量", "阅读数", "阅读", "点击量", "点击", "查看", "views"]),
    (Label::Replies, &["回复数", "回复", "评论数", "评论", "跟帖", "回帖", "replies", "comments"]),
    (Label::Link, &["链接", "网址", "原文", "link", "url"]),
    (Label::Title, &["标题", "主题", "题目", "title"]),
    (Label::Site, &["来源", "网站", "论坛", "版块", "site", "source"]),
    (Label::Text, &["内容", "正文", "text"]),
];

/// The longest label that a text begins with, and its length in bytes.
fn label_of(rest: &str) -> Option<(Label, usize)> {
    let begins = |name: &str| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let found = LABELS
        .iter()
        .flat_map(|(label, names)| names.iter().filter(|name| begins(name)).map(|name| (*label, name.len())));
    found.max_by_key(|(_, length)| *length)
}

/// Something that a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Author(String),
    Time(Millis),
    Views(i64),
    Replies(i64),
    Link(String),
    Title(String),
    Site(String),
    Text(String),
}

impl Said {
    fn read(label: Label, value: &str, is_marked: bool, now: Millis) -> Option<Self> {
        let value = value.trim_matches([' ', '|', ',', ';', '·', '[', ']']);
        let name = || Some(value.chars().take(MAX_NAME).collect::<String>()).filter(|name| !name.is_empty());
        match label {
            Label::Time => moment(value, now).map(Self::Time),
            Label::Views => count(value).map(Self::Views),
            Label::Replies => count(value).map(Self::Replies),
            Label::Link => link(value.split(' ').next()?).map(Self::Link),
            // A word that texts begin with as well says something only before a colon.
            _ if !is_marked => None,
            Label::Author => name().map(Self::Author),
            Label::Site => name().map(Self::Site),
            Label::Title => Some(Self::Title(value.to_owned())),
            Label::Text => Some(Self::Text(value.to_owned())),
        }
    }
}

/// What a line says of a post; nothing where it is text.
fn said(line: &str, now: Millis) -> Vec<Said> {
    const BETWEEN: [char; 9] = [' ', '|', ',', ';', '·', '[', '(', '/', '•'];
    let line = normalise::text(line);
    if let Some(url) = link(&line).filter(|_| !line.contains(' ')) {
        return vec![Said::Link(url)];
    }
    let mut marks = Vec::new();
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        if BETWEEN.contains(&before)
            && let Some((label, length)) = line.get(at..).and_then(label_of)
        {
            let rest = line.get(at + length..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_start().len();
            let is_marked = rest.trim_start().starts_with(':');
            marks.push((at, at + length + if is_marked { blanks + 1 } else { 0 }, label, is_marked));
        }
        before = c;
    }
    // From the end, so that a word that turns out to say nothing belongs to what stands before it.
    let mut end = line.len();
    let mut first = line.len();
    let mut found = Vec::new();
    for (at, from, label, is_marked) in marks.into_iter().rev() {
        let value = line.get(from..end).unwrap_or_default();
        if let Some(said) = Said::read(label, value, is_marked, now) {
            found.push(said);
            end = at;
            first = at;
        }
    }
    found.reverse();
    let head = line.get(..first).unwrap_or_default().trim_matches([' ', '|', ',', '·', '[', '(']);
    if head.is_empty() {
        return found;
    }
    // 海风 发表于 2026-11-20: a name before a time.
    let has_time = found.iter().any(|said| matches!(said, Said::Time(_)));
    let is_name = head.chars().count() <= 20 && !head.contains(['。', '!', '?', ':', ' ']);
    if !(has_time && is_name) || found.iter().any(|said| matches!(said, Said::Author(_))) {
        return Vec::new();
    }
    found.push(Said::Author(head.to_owned()));
    found
}

/// A post while its lines are read.
#[derive(Debug, Default)]
struct Reading {
    post: Post,
    title: String,
    lines: Vec<String>,
    has_signs: bool,
    /// Whether the last line that said something stood behind the text.
    ends_with_signs: bool,
}

impl Reading {
    fn has_text(&self) -> bool {
        !self.lines.is_empty()
    }

    fn knows(&self, said: &Said) -> bool {
        match said {
            Said::Author(_) => !self.post.author.is_empty(),
            Said::Time(_) => self.post.posted_at.is_some(),
            Said::Views(_) => self.post.views.is_some(),
            Said::Replies(_) => self.post.replies.is_some(),
            Said::Link(_) => self.post.url.is_some(),
            Said::Title(_) => !self.title.is_empty() || self.has_text(),
            Said::Site(_) => !self.post.site.is_empty(),
            Said::Text(_) => self.has_text(),
        }
    }

    fn take(&mut self, said: Said) {
        match said {
            Said::Author(name) => self.post.author = name,
            Said::Time(at) => self.post.posted_at = Some(at),
            Said::Views(views) => self.post.views = Some(views),
            Said::Replies(replies) => self.post.replies = Some(replies),
            Said::Link(url) => self.post.url = Some(url),
            Said::Title(title) => self.title = title,
            Said::Site(site) => self.post.site = site,
            Said::Text(text) => self.lines.extend(Some(text).filter(|text| !text.is_empty())),
        }
    }
}

/// Reads a page. `site` is the name of the site where a post says none.
#[must_use]
pub fn read_page(raw: &str, site: &str, now: Millis) -> Page {
    let mut page = Page { is_cut: raw.chars().nth(MAX_PAGE).is_some(), ..Page::default() };
    let raw: String = raw.chars().take(MAX_PAGE).collect();
    let text = clean(&raw);
    let lines: Vec<(&str, Vec<Said>)> = text.lines().map(str::trim).map(|line| (line, said(line, now))).collect();
    let has_any = lines.iter().any(|(_, said)| !said.is_empty());
    let mut readings: Vec<Reading> = Vec::new();
    let mut gap = true;
    for (line, said) in lines {
        if line.is_empty() {
            gap = true;
            continue;
        }
        let begins = readings.last().is_none_or(|last| match said.as_slice() {
            [] => gap && (last.ends_with_signs || !last.has_signs || !has_any),
            said => (gap && last.has_text()) || said.iter().any(|said| last.knows(said)),
        });
        if begins {
            readings.push(Reading::default());
        }
        if let Some(last) = readings.last_mut() {
            if said.is_empty() {
                if gap && last.has_text() {
                    last.lines.push(String::new());
                }
                last.lines.push(line.to_owned());
                last.ends_with_signs = false;
            } else {
                last.has_signs = true;
                last.ends_with_signs = last.has_text();
                said.into_iter().for_each(|said| last.take(said));
            }
        }
        gap = false;
    }
    for Reading { mut post, title, lines, .. } in readings {
        let text = [title, lines.join("\n")].join("\n");
        let text = text.trim();
        if text.is_empty() || page.posts.len() >= MAX_POSTS {
            page.left_out += 1;
            continue;
        }
        page.cut += usize::from(text.chars().nth(MAX_TEXT).is_some());
        post.text = text.chars().take(MAX_TEXT).collect();
        if post.site.is_empty() {
            let given = Some(normalise::text(site)).filter(|site| !site.is_empty());
            post.site = given.or_else(|| host(post.url.as_deref()?)).unwrap_or_default();
        }
        page.posts.push(post);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-21 10:20 in China.
    const NOW: Millis = 1_795_227_600_000;

    fn at(text: &str) -> Option<Millis> {
        normalise::datetime(text)
    }

    #[test]
    fn a_page_of_a_forum_becomes_its_posts() {
        let raw = "标题：四季花城7栋漏水没人管\r\n作者：海风　发表于 2026-11-20 21:05\r\n浏览：1,234 | 回复：56\r\nhttps://bbs.example.com/thread-1.html\r\n\
            卫生间漏水三个月了。\r\n\r\n报修五次都没解决。\r\n\r\n\
            老业主 发表于 2026-11-20 22:10\r\n同感，我家也是。\r\n\r\n\
            楼主：花城小李 时间：3小时前 浏览(88) 回复(0)\r\n给管家点个赞！\r\n";
        let page = read_page(raw, "业主论坛", NOW);
        let told: Vec<_> = page
            .posts
            .iter()
            .map(|post| (&*post.author, post.posted_at, post.views, post.replies, &*post.text))
            .collect();
        assert_eq!(
            told,
            [
                (
                    "海风",
                    at("2026-11-20 21:05"),
                    Some(1_234),
                    Some(56),
                    "四季花城7栋漏水没人管\n卫生间漏水三个月了。\n\n报修五次都没解决。"
                ),
                ("老业主", at("2026-11-20 22:10"), None, None, "同感，我家也是。"),
                ("花城小李", Some(NOW - 3 * HOUR), Some(88), Some(0), "给管家点个赞！"),
            ]
        );
        assert_eq!(page.posts[0].url.as_deref(), Some("https://bbs.example.com/thread-1.html"));
        assert!(page.posts.iter().all(|post| post.site == "业主论坛"));
        assert_eq!((page.left_out, page.cut, page.is_cut), (0, 0, false));
    }

    #[test]
    fn signs_may_stand_behind_the_text_and_posts_may_have_none() {
        let page = read_page(
            "窗户关不上。\n作者：甲 时间：2026-11-01\n\n电梯又坏了。\n作者：乙 时间：2026-11-02\n",
            "",
            NOW,
        );
        let told: Vec<_> = page.posts.iter().map(|post| (&*post.author, &*post.text)).collect();
        assert_eq!(told, [("甲", "窗户关不上。"), ("乙", "电梯又坏了。")]);
        let page = read_page("第一条\n还是第一条\n\n第二条\n\n\n第三条", "贴吧", NOW);
        let told: Vec<_> = page.posts.iter().map(|post| &*post.text).collect();
        assert_eq!(told, ["第一条\n还是第一条", "第二条", "第三条"]);
        assert_eq!(read_page("", "x", NOW), Page::default());
    }

    #[test]
    fn words_that_texts_begin_with_are_text() {
        for line in [
            "时间过去三个月了",
            "回复：物业说没办法",
            "浏览了一下合同",
            "作者",
            "主题公园的噪音",
            "评论区都在骂",
            "物业回复：已处理",
        ] {
            assert_eq!(said(line, NOW), [], "{line}");
        }
        assert_eq!(said("作者: 时间旅人", NOW), [Said::Author("时间旅人".into())]);
        assert_eq!(said("Author: Li  Views: 3k", NOW), [Said::Author("Li".into()), Said::Views(3_000)]);
    }

    #[test]
    fn moments_and_numbers_as_forums_write_them() {
        let rows = [
            ("2026年11月20日 21:05", at("2026-11-20 21:05")),
            ("2026-11-20 21:05:33 来自 手机", at("2026-11-20 21:05:33")),
            ("昨天 10:20", at("2026-11-20 10:20")),
            ("前天", at("2026-11-19")),
            ("今天08:00", at("2026-11-21 08:00")),
            ("5分钟前", Some(NOW - 5 * MINUTE)),
            ("刚刚", Some(NOW)),
            ("2027-01-01", None),
            ("99999999999天前", None),
            ("很久以前", None),
            ("", None),
        ];
        for (raw, wanted) in rows {
            assert_eq!(moment(raw, NOW), wanted, "{raw}");
        }
        let rows = [
            ("1,234", Some(1_234)),
            ("１２次", Some(12)),
            ("1.2万", Some(12_000)),
            ("3k", Some(3_000)),
            ("(56)", Some(56)),
            ("-3", None),
            ("1.5", None),
            ("99999999999999999999", None),
            ("万", None),
            ("", None),
        ];
        for (raw, wanted) in rows {
            assert_eq!(count(raw), wanted, "{raw}");
        }
    }

    #[test]
    fn only_links_that_lead_to_a_page_are_kept() {
        let kept = ["https://bbs.example.com/t?id=1#p2", "HTTP://www.example.com", "https://例子.中国/帖子。"];
        let links: Vec<_> = kept.iter().filter_map(|raw| link(raw)).collect();
        assert_eq!(
            links,
            ["https://bbs.example.com/t?id=1#p2", "http://www.example.com", "https://例子.中国/帖子"]
        );
        for raw in [
            "javascript://example.com/%0aalert(1)",
            "data:text/html,x",
            "ftp://example.com/x",
            "//example.com",
            "https://",
            "https://localhost",
            "https://bank.example.com@evil.example.com/",
            "https://example.com/\" onclick=\"x",
            "https://example.com/<script>",
            "https://example.com/\u{202e}gpj.exe",
        ] {
            assert_eq!(link(raw), None, "{raw}");
        }
        assert_eq!(link(&format!("https://example.com/{}", "x".repeat(MAX_URL))), None);
        assert_eq!(host("https://www.Example.com:8080/x").as_deref(), Some("example.com"));
    }

    #[test]
    fn whatever_is_pasted_stays_within_limits() {
        let long = "漏".repeat(MAX_TEXT + 5);
        let page = read_page(&format!("作者：{}\n{long}\u{0}\u{202e}x", "长".repeat(500)), "", NOW);
        assert_eq!((page.cut, page.posts[0].author.chars().count()), (1, MAX_NAME));
        assert_eq!(page.posts[0].text.chars().count(), MAX_TEXT);
        assert_eq!(clean("a\u{0}b\u{202e}c\td\r\ne"), "abc d\ne");
        let many = "一条\n\n".repeat(MAX_POSTS + 3);
        let page = read_page(&many, "x", NOW);
        assert_eq!((page.posts.len(), page.left_out), (MAX_POSTS, 3));
        let page = read_page(&"乱\n作者：\n：：|||\n时间：\n".repeat(200_000), "", Millis::MAX);
        assert!(page.is_cut && page.posts.len() <= MAX_POSTS);
        let _read = read_page("昨天 10:20\n时间：昨天 10:20\n时间：5天前", "", Millis::MIN);
    }
}
