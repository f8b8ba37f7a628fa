//! The standard tree of indicators: five areas (level 2) and their 23 leaves (level 3).
//!
//! It reads the tree that ships with the product. It does not hold figures, and it does not let a wave change names:
//! a leaf is known by its code, `area.leaf`, which is also the id of its question.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The tree as it lies in `data/indicator-tree.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorTree {
    /// The name of the tree.
    pub id: String,
    /// The areas in their usual order.
    pub areas: Vec<Area>,
}

/// One area of level 2, such as 设计.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// The code, such as `design`.
    pub code: String,
    /// The Chinese name, which reports use as key.
    pub zh: String,
    /// The English name.
    pub en: String,
    /// The leaves in their usual order.
    pub leaves: Vec<Leaf>,
}

/// One leaf of level 3, such as 户型布局.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    /// The code within the area, such as `layout`.
    pub code: String,
    /// The Chinese name.
    pub zh: String,
    /// The English name.
    pub en: String,
}

static STANDARD: LazyLock<IndicatorTree> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/indicator-tree.json")).unwrap_or_default());

impl IndicatorTree {
    /// The tree that ships with the product.
    #[must_use]
    pub fn standard() -> &'static Self {
        &STANDARD
    }

    /// Every leaf with its area, in order.
    pub fn leaves(&self) -> impl Iterator<Item = (&Area, &Leaf)> {
        self.areas.iter().flat_map(|area| area.leaves.iter().map(move |leaf| (area, leaf)))
    }

    /// The question id of a leaf from the heading of a column, such as `设计/户型布局` → `design.layout`.
    #[must_use]
    pub fn id_of_heading(&self, heading: &str) -> Option<String> {
        let (area_name, leaf_name) = heading.split_once('/')?;
        self.leaves()
            .find(|(area, leaf)| area.zh == area_name.trim() && leaf.zh == leaf_name.trim())
            .map(|(area, leaf)| leaf_id(area, leaf))
    }
}

/// The id of a leaf's question, such as `design.layout`.
#[must_use]
pub fn leaf_id(area: &Area, leaf: &Leaf) -> String {
    format!("{}.{}", area.code, leaf.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_that_ships_has_five_areas_and_23_leaves() {
        let tree = IndicatorTree::standard();
        assert_eq!((tree.areas.len(), tree.leaves().count()), (5, 23));
        assert_eq!(tree.id_of_heading("售后/交付服务").as_deref(), Some("after_sales.handover_service"));
        assert_eq!(tree.id_of_heading("售后/没有"), None);
    }
}
