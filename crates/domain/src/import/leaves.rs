//! The standard indicator tree as imports need it: a flat list of which words name which leaf.
//!
//! The tree itself is `surveys::indicators`. Weights, versions and an organisation's own trees are no concern of
//! this module.

use std::sync::LazyLock;

use crate::surveys::indicators::{IndicatorTree, leaf_id};

/// One leaf of the standard tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its code, such as `design.layout`; it is also the id of its question.
    pub code: String,
    /// The code of its area.
    pub area: String,
    /// Its Chinese name.
    pub zh: String,
    /// The Chinese name of its area.
    pub area_zh: String,
}

static LEAVES: LazyLock<Vec<Leaf>> = LazyLock::new(|| {
    IndicatorTree::standard()
        .leaves()
        .map(|(area, leaf)| Leaf {
            code: leaf_id(area, leaf),
            area: area.code.clone(),
            zh: leaf.zh.clone(),
            area_zh: area.zh.clone(),
        })
        .collect()
});

/// The leaves of the standard tree, in its order.
#[must_use]
pub fn leaves() -> &'static [Leaf] {
    &LEAVES
}
