//! What people call a device, and the project in which it wrote.
//!
//! Names come from the engine; a device without one goes by the start of its id.

use anju_engine::completeness::{DeviceName, DeviceReport};

use super::short;
use crate::i18n::{I18n, t_string};

/// What people call a device: its name, or the start of its id.
pub(super) fn device_words(i18n: I18n, device: &DeviceName) -> String {
    let called = if device.name.is_empty() {
        t_string!(i18n, data.device_unnamed, device = short(&device.device)).to_string()
    } else {
        device.name.clone()
    };
    if device.is_own { t_string!(i18n, data.device_own, name = called).to_string() } else { called }
}

/// What people call the project of a row.
pub(super) fn project_words(i18n: I18n, row: &DeviceReport) -> String {
    if row.project.is_none() { t_string!(i18n, data.board_common).to_owned() } else { row.project_name.clone() }
}
