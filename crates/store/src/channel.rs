//! Text from one tab or worker of the origin to all the others.
//!
//! It carries what it is given and keeps nothing: who was not listening has missed it. A channel does
//! not hear itself.

use std::fmt;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::StoreError;

/// A place by name where texts are sent and heard; dropping it stops listening.
pub struct Channel {
    channel: BroadcastChannel,
    // The browser calls it as long as the channel is open.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of that name and hands every text of others to `on_text`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the browser refuses.
    pub fn open(name: &str, on_text: impl Fn(String) + 'static) -> Result<Self, StoreError> {
        let channel = BroadcastChannel::new(name).or(Err(StoreError::Unavailable))?;
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                on_text(text);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Self { channel, _on_message: on_message })
    }

    /// Sends a text to all others that have opened the channel of this name.
    ///
    /// # Errors
    /// [`StoreError::Other`] if the browser refuses.
    pub fn post(&self, text: &str) -> Result<(), StoreError> {
        let posted = self.channel.post_message(&JsValue::from_str(text));
        posted.map_err(|error| StoreError::Other(format!("{error:?}")))
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("name", &self.channel.name()).finish_non_exhaustive()
    }
}
