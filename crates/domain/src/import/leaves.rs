//! The standard indicator tree as imports need it: which words name which leaf.
//!
//! Weights, versions and an organisation's own trees are no concern of this module.

use serde::Deserialize;
use std::sync::LazyLock;

/// One leaf of the standard tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its code, unique in the whole tree.
    pub code: String,
    /// The code of its area.
    pub area: String,
    /// Its Chinese name.
    pub zh: String,
    /// The Chinese name of its area.
    pub area_zh: String,
}

#[derive(Deserialize)]
struct Tree {
    areas: Vec<Area>,
}

#[derive(Deserialize)]
struct Area {
    code: String,
    zh: String,
    leaves: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    code: String,
    zh: String,
}

static LEAVES: LazyLock<Vec<Leaf>> = LazyLock::new(|| {
    let tree: Tree = serde_json::from_str(include_str!("../../data/indicator-tree.json"))
        .unwrap_or(Tree { areas: Vec::new() });
    tree.areas
        .into_iter()
        .flat_map(|area| {
            let (code, zh) = (area.code, area.zh);
            area.leaves.into_iter().map(move |leaf| Leaf {
                code: leaf.code,
                area: code.clone(),
                zh: leaf.zh,
                area_zh: zh.clone(),
            })
        })
        .collect()
});

/// The leaves of the standard tree, in its order.
#[must_use]
pub fn leaves() -> &'static [Leaf] {
    &LEAVES
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_standard_tree_has_23_leaves_with_codes_of_their_own() {
        let mut codes: Vec<&str> = super::leaves()
            .iter()
            .map(|leaf| leaf.code.as_str())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 23);
    }
}
