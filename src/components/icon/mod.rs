//! The signs of the app, drawn by hand as strokes on a grid of 24.
//!
//! A sign never stands alone: it is hidden from screen readers and words beside it or a label say what it means.

use leptos::prelude::*;

/// Every sign there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A house: the workbench.
    Home,
    /// Owners and families.
    People,
    /// A way with stops.
    Journey,
    /// A request or a note.
    Message,
    /// Satisfaction.
    Smile,
    /// Hand-over.
    Key,
    /// Figures.
    Chart,
    /// Take out.
    Download,
    /// Bring in.
    Upload,
    /// Search.
    Search,
    /// Add.
    Plus,
    /// Close.
    Close,
    /// Done.
    Check,
    /// Up.
    ChevronUp,
    /// Down.
    ChevronDown,
    /// Back.
    ChevronLeft,
    /// Forward.
    ChevronRight,
    /// Call.
    Phone,
    /// One house.
    House,
    /// A building.
    Building,
    /// A car.
    Car,
    /// More.
    Menu,
    /// Soon.
    Warning,
    /// To know.
    Info,
    /// No network.
    Offline,
    /// Light.
    Sun,
    /// Dark.
    Moon,
    /// Language.
    Language,
    /// Print.
    Print,
    /// Undo.
    Undo,
    /// Filter.
    Filter,
    /// More actions.
    More,
    /// Take a picture.
    Camera,
    /// A code to scan.
    Qr,
    /// Copy.
    Copy,
    /// Pass on.
    Share,
    /// Delete.
    Trash,
    /// Change.
    Edit,
    /// Show.
    Eye,
    /// Hide.
    EyeOff,
    /// Locked.
    Lock,
    /// Time.
    Clock,
    /// To watch.
    Flag,
    /// Settings.
    Settings,
    /// Help.
    Help,
    /// A questionnaire.
    Survey,
    /// A file.
    File,
    /// A table.
    Table,
}

impl Sign {
    /// Every sign, for the sample page.
    pub const ALL: [Self; 48] = [
        Self::Home,
        Self::People,
        Self::Journey,
        Self::Message,
        Self::Smile,
        Self::Key,
        Self::Chart,
        Self::Download,
        Self::Upload,
        Self::Search,
        Self::Plus,
        Self::Close,
        Self::Check,
        Self::ChevronUp,
        Self::ChevronDown,
        Self::ChevronLeft,
        Self::ChevronRight,
        Self::Phone,
        Self::House,
        Self::Building,
        Self::Car,
        Self::Menu,
        Self::Warning,
        Self::Info,
        Self::Offline,
        Self::Sun,
        Self::Moon,
        Self::Language,
        Self::Print,
        Self::Undo,
        Self::Filter,
        Self::More,
        Self::Camera,
        Self::Qr,
        Self::Copy,
        Self::Share,
        Self::Trash,
        Self::Edit,
        Self::Eye,
        Self::EyeOff,
        Self::Lock,
        Self::Clock,
        Self::Flag,
        Self::Settings,
        Self::Help,
        Self::Survey,
        Self::File,
        Self::Table,
    ];

    fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
            Self::People => {
                "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 20c0-4 3-6 7-6s7 2 7 6M17 4a4 4 0 0 1 0 7m2 3c2 1 3 3 3 6"
            }
            Self::Journey => {
                "M5 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM19 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7 17h7a3 3 0 0 0 0-6h-4a3 3 0 0 1 0-6h7"
            }
            Self::Message => "M4 5h16v11H9l-5 4z",
            Self::Smile => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14c1 1.600 2.200 2.300 3.500 2.300s2.500-.7 3.500-2.300M9 9.500v.01M15 9.500v.01"
            }
            Self::Key => {
                "M15.500 4a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM12.300 11.700 4 20M7 17l2.500 2.500"
            }
            Self::Chart => "M4 20V10m6 10V4m6 16v-8m4 8H2",
            Self::Download => "M12 3v12m0 0 4-4m-4 4-4-4M4 17v3h16v-3",
            Self::Upload => "M12 15V3m0 0 4 4m-4-4L8 7M4 17v3h16v-3",
            Self::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Check => "M5 12.500 10 17 19 7",
            Self::ChevronUp => "M6 15l6-6 6 6",
            Self::ChevronDown => "M6 9l6 6 6-6",
            Self::ChevronLeft => "M15 6l-6 6 6 6",
            Self::ChevronRight => "M9 6l6 6-6 6",
            Self::Phone => {
                "M5 4h4l1.500 5-2.200 1.500a12 12 0 0 0 5.200 5.200L15 13.500l5 1.500v4a1.500 1.500 0 0 1-1.600 1.500C10.500 20 4 13.500 3.500 5.600A1.500 1.500 0 0 1 5 4z"
            }
            Self::House => "M3 11.500 12 4l9 7.500M6 9.500V20h12V9.500M10 20v-5h4v5",
            Self::Building => "M6 21V4h9v17M15 9h4v12M3 21h18M9 8h3M9 12h3M9 16h3",
            Self::Car => {
                "M4 16v-3l2-6h12l2 6v3M4 16v3h2.500v-2.500h11V19H20v-3M4 13h16M7.500 14.700v.01M16.500 14.700v.01"
            }
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Warning => "M12 4 2.800 20h18.400zM12 10v4.500M12 17.300v.01",
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.700v.01",
            Self::Offline => {
                "M3 3l18 18M8.500 8.200A6 6 0 0 0 7 18.500h11M10.800 7A6 6 0 0 1 17.500 11a4 4 0 0 1 3.300 5.800"
            }
            Self::Sun => {
                "M12 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M5 5l1.700 1.700M17.300 17.300 19 19M5 19l1.700-1.700M17.300 6.700 19 5"
            }
            Self::Moon => "M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z",
            Self::Language => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c2.500 2.600 3.700 5.600 3.700 9s-1.200 6.400-3.700 9c-2.500-2.600-3.700-5.600-3.700-9S9.500 5.600 12 3z"
            }
            Self::Print => "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
            Self::Undo => "M8 5 3.500 9.500 8 14M4 9.500h10a6 6 0 0 1 0 12h-3",
            Self::Filter => "M3.500 5h17l-6.500 8v6.500l-4-2V13z",
            Self::More => {
                "M5 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM12 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM19 11a1 1 0 1 0 0 2 1 1 0 0 0 0-2z"
            }
            Self::Camera => "M4 8h4l1.500-3h5L16 8h4v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
            Self::Qr => "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.500v2.500M20 14v2.500M14 20h2.500M20 20h-.01",
            Self::Copy => "M9 9h11v11H9zM5.500 15H4V4h11v1.500",
            Self::Share => "M12 14V3.500m0 0 3.500 3.500M12 3.500 8.500 7M6.500 11H5v9.500h14V11h-1.500",
            Self::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5.500M14 11v5.500",
            Self::Edit => "M4 20h4L19.500 8.500l-4-4L4 16zM13 7l4 4",
            Self::Eye => {
                "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::EyeOff => {
                "M4 4l16 16M9.500 5.900A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-2.600 3.400M6.300 7.600A16 16 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4.200-1M10 10a3 3 0 0 0 4 4"
            }
            Self::Lock => "M6 11h12v9.500H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2.500",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.300l3.500 2",
            Self::Flag => "M5.500 21V4M5.500 4.500h12l-2.500 4 2.500 4h-12",
            Self::Settings => {
                "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z"
            }
            Self::Help => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9.500a2.500 2.500 0 1 1 3.700 2.200c-.8.4-1.200 1-1.200 2M12 16.700v.01"
            }
            Self::Survey => "M6 3.500h12v17H6zM9 8h6M9 12h6M9 16h3",
            Self::File => "M6 3h8l4 4v14H6zM14 3v4h4",
            Self::Table => "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
        }
    }
}

/// One sign, as large as the text around it asks.
#[component]
pub fn Icon(
    /// Which sign.
    sign: Sign,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=sign.path()></path>
        </svg>
    }
}

/// The mark of the product: a house with an open door.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
            <path class={"mark-house"} d="M3 13 14 4l11 9v12H3z"></path>
            <path class={"mark-door"} d="M10 25v-6a4 4 0 0 1 8 0v6z"></path>
        </svg>
    }
}
