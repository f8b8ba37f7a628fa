//! Encryption at rest: a store over a store that seals every value under a key that only a passphrase opens.
//!
//! A value is sealed with AES-256-GCM under a random data key; table and key are bound to it, so that rows cannot be
//! swapped. The data key is wrapped by a key derived from the passphrase, in one plain row. Turning sealing on or
//! off rewrites the rows slice by slice and may be killed anywhere: the plain row says which way it was going, a
//! sealed value is told from a plain one by its first bytes, and the next unlocking goes on.
//!
//! What it does not hide: table names, keys of rows (positions, kinds, ids of drafts), how many rows there are and
//! how long they are. It protects a device that is lost while the app is closed; not one that is open, and not
//! against who can watch the passphrase being typed.
//!
//! A transaction may wait for nothing but its own requests, so values are sealed before it and opened after it.

#[cfg(target_arch = "wasm32")]
mod web_crypto;

use futures_util::future::try_join_all;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::{Durability, Entry, Store, StoreError, Table, Write};

#[cfg(target_arch = "wasm32")]
pub use web_crypto::WebCrypto;

/// How often the passphrase is hashed for a new wrapping, as OWASP advises for PBKDF2 with SHA-256.
pub const ROUNDS: u32 = 600_000;

/// The row that holds the wrapped key; it stays plain.
const VAULT: &str = "vault";
/// The row that the tables' own version stands in; it stays plain.
const SCHEMA: &str = "schema";
/// What a sealed value begins with; no plain value of ours does.
const MAGIC: [u8; 8] = [0xa7, b'a', b'n', b'j', b'u', 0, 1, 0xa7];
/// Rows that are rewritten in one transaction when sealing is turned on or off.
const SLICE: u32 = 16;
const FIRST_LINE: &str = "anju-vault 1 pbkdf2-sha256 aes-256-gcm";

/// The cryptography that a sealed store needs, of the browser or of a test.
#[expect(async_fn_in_trait, reason = "a store lives on one thread, and so does what it asks")]
pub trait Cipher {
    /// A key that seals and opens.
    type Key;

    /// Fills bytes with unpredictable ones.
    ///
    /// # Errors
    /// Where there is no such source.
    fn random(&self, bytes: &mut [u8]) -> Result<(), StoreError>;

    /// The key that a passphrase stands for.
    ///
    /// # Errors
    /// Where the browser refuses.
    async fn derive(&self, passphrase: &str, salt: &[u8], rounds: u32) -> Result<Self::Key, StoreError>;

    /// The key of 32 bytes.
    ///
    /// # Errors
    /// Where the browser refuses.
    async fn import(&self, raw: &[u8]) -> Result<Self::Key, StoreError>;

    /// Seals bytes; whoever opens them has to name the same label.
    ///
    /// # Errors
    /// Where the browser refuses.
    async fn seal(&self, key: &Self::Key, label: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError>;

    /// Opens what [`Cipher::seal`] made; `None` where key, label or bytes are not those.
    async fn open(&self, key: &Self::Key, label: &str, sealed: &[u8]) -> Option<Vec<u8>>;
}

/// Why a vault did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The passphrase is not the one.
    #[error("the passphrase does not fit")]
    WrongPassphrase,
    /// It is on where it must be off, or off where it must be on.
    #[error("sealing is already as it was asked for")]
    NothingToDo,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How the store stands towards its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
    /// Values are plain.
    Off,
    /// Values are sealed and nobody has given the passphrase.
    Locked,
    /// Values are sealed and can be read.
    On,
    /// Plain values are being sealed, or were when it was interrupted.
    TurningOn,
    /// Sealed values are being opened, or were when it was interrupted.
    TurningOff,
}

/// What the plain row says of the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Sealing,
    Sealed,
    Unsealing,
}

impl Phase {
    const ALL: [Self; 3] = [Self::Sealing, Self::Sealed, Self::Unsealing];

    const fn word(self) -> &'static str {
        match self {
            Self::Sealing => "sealing",
            Self::Sealed => "sealed",
            Self::Unsealing => "unsealing",
        }
    }
}

/// The plain row: phase, and the data key under the passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Vault {
    phase: Phase,
    rounds: u32,
    salt: Vec<u8>,
    wrapped: Vec<u8>,
}

impl Vault {
    fn text(&self) -> String {
        let (phase, rounds) = (self.phase.word(), self.rounds);
        format!("{FIRST_LINE}\n{phase}\n{rounds}\n{}\n{}\n", hex(&self.salt), hex(&self.wrapped))
    }

    fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        let strange = || StoreError::Other("the row of the sealed key cannot be read".to_owned());
        let text = std::str::from_utf8(bytes).or(Err(strange()))?;
        let lines: Vec<&str> = text.lines().collect();
        let [FIRST_LINE, phase, rounds, salt, wrapped] = lines.as_slice() else { return Err(strange()) };
        Ok(Self {
            phase: Phase::ALL.into_iter().find(|known| known.word() == *phase).ok_or_else(strange)?,
            rounds: rounds.parse().or(Err(strange()))?,
            salt: unhex(salt).ok_or_else(strange)?,
            wrapped: unhex(wrapped).ok_or_else(strange)?,
        })
    }

    fn write(&self) -> Write {
        Write::Put { table: Table::Meta, key: VAULT.to_owned(), value: self.text().into_bytes() }
    }
}

enum State<K> {
    Off,
    Locked(Vault),
    Open {
        vault: Vault,
        key: Rc<K>,
        /// While the rows are rewritten: what the last step wraps anew.
        rewriting: Option<Rc<Wrapping<K>>>,
    },
}

/// The key that a passphrase stands for, and the bytes that it wraps.
struct Wrapping<K> {
    key: K,
    raw: Vec<u8>,
}

/// A store whose values are sealed, or may become so.
pub struct SealedStore<S, C: Cipher> {
    inner: S,
    cipher: C,
    state: RefCell<State<C::Key>>,
}

/// Where a rewriting of all rows stands.
#[derive(Debug, Default, Clone)]
pub struct Rewriting {
    table: usize,
    after: Option<String>,
    /// Rows that were looked at.
    pub done: u64,
}

impl<S: Store, C: Cipher> SealedStore<S, C> {
    /// Looks whether the values of a store are sealed.
    ///
    /// # Errors
    /// When the store fails or the row of the key is strange.
    pub async fn open(inner: S, cipher: C) -> Result<Self, StoreError> {
        let state = match inner.get(Table::Meta, VAULT).await? {
            None => State::Off,
            Some(row) => State::Locked(Vault::read(&row)?),
        };
        Ok(Self { inner, cipher, state: RefCell::new(state) })
    }

    /// How it stands now.
    #[must_use]
    pub fn sealing(&self) -> Sealing {
        match &*self.state.borrow() {
            State::Off => Sealing::Off,
            State::Locked(_) => Sealing::Locked,
            State::Open { vault, .. } => match vault.phase {
                Phase::Sealed => Sealing::On,
                Phase::Sealing => Sealing::TurningOn,
                Phase::Unsealing => Sealing::TurningOff,
            },
        }
    }

    /// The store below, which sees sealed values.
    #[must_use]
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// Opens the vault. What was interrupted is then to be gone on with: [`SealedStore::rewrite`].
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`]; nothing has changed, and one may try as often as one likes.
    pub async fn unlock(&self, passphrase: &str) -> Result<(), VaultError> {
        let vault = match &*self.state.borrow() {
            State::Locked(vault) => vault.clone(),
            _ => return Err(VaultError::NothingToDo),
        };
        let wrapping = self.unwrap(&vault, passphrase).await?;
        let key = Rc::new(self.cipher.import(&wrapping.raw).await?);
        let rewriting = (vault.phase != Phase::Sealed).then(|| Rc::new(wrapping));
        *self.state.borrow_mut() = State::Open { vault, key, rewriting };
        Ok(())
    }

    /// Begins to seal: from now on what is written is sealed. [`SealedStore::rewrite`] does the rest.
    ///
    /// # Errors
    /// [`VaultError::NothingToDo`] where it is on already; when the store fails nothing has changed.
    pub async fn turn_on(&self, passphrase: &str, rounds: u32) -> Result<(), VaultError> {
        if self.sealing() != Sealing::Off {
            return Err(VaultError::NothingToDo);
        }
        let mut raw = vec![0; 32];
        self.cipher.random(&mut raw)?;
        let key = Rc::new(self.cipher.import(&raw).await?);
        let (wrapping, vault) = self.wrapped(Phase::Sealing, passphrase, rounds, raw).await?;
        self.inner.write(vec![vault.write()], Durability::Strict).await?;
        *self.state.borrow_mut() = State::Open { vault, key, rewriting: Some(Rc::new(wrapping)) };
        Ok(())
    }

    /// Begins to open everything: from now on what is written is plain. [`SealedStore::rewrite`] does the rest.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], [`VaultError::NothingToDo`]; when the store fails nothing has changed.
    pub async fn turn_off(&self, passphrase: &str) -> Result<(), VaultError> {
        let (vault, key) = self.vault_of_sealed()?;
        let Wrapping { raw, .. } = self.unwrap(&vault, passphrase).await?;
        let (wrapping, vault) = self.wrapped(Phase::Unsealing, passphrase, vault.rounds, raw).await?;
        self.inner.write(vec![vault.write()], Durability::Strict).await?;
        *self.state.borrow_mut() = State::Open { vault, key, rewriting: Some(Rc::new(wrapping)) };
        Ok(())
    }

    /// Puts another passphrase in place of the old one, in one write.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], [`VaultError::NothingToDo`]; when the store fails the old one still fits.
    pub async fn change_passphrase(&self, old: &str, new: &str, rounds: u32) -> Result<(), VaultError> {
        let (vault, key) = self.vault_of_sealed()?;
        let Wrapping { raw, .. } = self.unwrap(&vault, old).await?;
        let (_, vault) = self.wrapped(Phase::Sealed, new, rounds, raw).await?;
        self.inner.write(vec![vault.write()], Durability::Strict).await?;
        *self.state.borrow_mut() = State::Open { vault, key, rewriting: None };
        Ok(())
    }

    /// Rewrites some rows the way it was turned, each slice in one transaction; true once all are done. Whoever
    /// calls holds off every other writer, in this tab and in others.
    ///
    /// # Errors
    /// When the store fails; what is rewritten by then is, and the next call goes on.
    pub async fn rewrite(&self, at: &mut Rewriting) -> Result<bool, VaultError> {
        let phase = match &*self.state.borrow() {
            State::Open { vault, .. } if vault.phase != Phase::Sealed => vault.phase,
            _ => return Ok(true),
        };
        let Some(table) = Table::ALL.get(at.table).copied() else {
            self.finish(phase).await?;
            return Ok(true);
        };
        let page = self.inner.page(table, at.after.as_deref(), SLICE).await?;
        let Some(last) = page.last() else {
            (at.table, at.after) = (at.table + 1, None);
            return Ok(false);
        };
        at.after = Some(last.key.clone());
        at.done += u64::try_from(page.len()).unwrap_or(0);
        let mut writes = Vec::new();
        for Entry { key, value } in page {
            if is_exempt(table, &key) || is_sealed(&value) == (phase == Phase::Sealing) {
                continue;
            }
            let value = if phase == Phase::Sealing {
                self.seal(table, &key, &value).await?
            } else {
                match self.unseal(table, &key, &value).await {
                    Some(plain) => plain,
                    // It cannot be read by anybody. It stays rather than being thrown away, but no longer as
                    // sealed: without a key, a sealed value keeps the whole database shut.
                    None => value.get(MAGIC.len()..).unwrap_or_default().to_vec(),
                }
            };
            writes.push(Write::Put { table, key, value });
        }
        if !writes.is_empty() {
            self.inner.write(writes, Durability::Relaxed).await?;
        }
        Ok(false)
    }

    /// The last step of a rewriting, one write.
    async fn finish(&self, phase: Phase) -> Result<(), VaultError> {
        if phase == Phase::Unsealing {
            let gone = Write::Delete { table: Table::Meta, key: VAULT.to_owned() };
            self.inner.write(vec![gone], Durability::Strict).await?;
            *self.state.borrow_mut() = State::Off;
            return Ok(());
        }
        let (key, wrapping, vault) = match &*self.state.borrow() {
            State::Open { key, rewriting: Some(wrapping), vault } => {
                (Rc::clone(key), Rc::clone(wrapping), vault.clone())
            }
            _ => return Err(VaultError::NothingToDo),
        };
        let wrapped = self.cipher.seal(&wrapping.key, &wrap_label(Phase::Sealed), &wrapping.raw).await?;
        let vault = Vault { phase: Phase::Sealed, wrapped, ..vault };
        self.inner.write(vec![vault.write()], Durability::Strict).await?;
        *self.state.borrow_mut() = State::Open { vault, key, rewriting: None };
        Ok(())
    }

    /// The row and the key, where everything is sealed and open.
    fn vault_of_sealed(&self) -> Result<(Vault, Rc<C::Key>), VaultError> {
        match &*self.state.borrow() {
            State::Open { vault, key, .. } if vault.phase == Phase::Sealed => Ok((vault.clone(), Rc::clone(key))),
            _ => Err(VaultError::NothingToDo),
        }
    }

    async fn unwrap(&self, vault: &Vault, passphrase: &str) -> Result<Wrapping<C::Key>, VaultError> {
        let key = self.cipher.derive(passphrase, &vault.salt, vault.rounds).await?;
        // The phase is bound to the wrapping: nobody can make a sealed store take plain rows for its own.
        let raw = self.cipher.open(&key, &wrap_label(vault.phase), &vault.wrapped).await;
        Ok(Wrapping { key, raw: raw.ok_or(VaultError::WrongPassphrase)? })
    }

    async fn wrapped(
        &self,
        phase: Phase,
        passphrase: &str,
        rounds: u32,
        raw: Vec<u8>,
    ) -> Result<(Wrapping<C::Key>, Vault), VaultError> {
        let mut salt = vec![0; 16];
        self.cipher.random(&mut salt)?;
        let key = self.cipher.derive(passphrase, &salt, rounds).await?;
        let wrapped = self.cipher.seal(&key, &wrap_label(phase), &raw).await?;
        Ok((Wrapping { key, raw }, Vault { phase, rounds, salt, wrapped }))
    }

    fn key(&self) -> Result<Rc<C::Key>, StoreError> {
        match &*self.state.borrow() {
            State::Open { key, .. } => Ok(Rc::clone(key)),
            State::Off | State::Locked(_) => Err(StoreError::Locked),
        }
    }

    async fn seal(&self, table: Table, key: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let sealed = self.cipher.seal(&*self.key()?, &label(table, key), plain).await?;
        Ok([MAGIC.as_slice(), &sealed].concat())
    }

    /// The plain bytes of a sealed value; `None` where it was not sealed for this place, or is damaged.
    async fn unseal(&self, table: Table, key: &str, value: &[u8]) -> Option<Vec<u8>> {
        let sealed = value.strip_prefix(MAGIC.as_slice())?;
        self.cipher.open(&*self.key().ok()?, &label(table, key), sealed).await
    }

    /// What a value on disk says, `None` where it is not what was written there.
    async fn reads(&self, table: Table, key: &str, value: Vec<u8>) -> Result<Option<Vec<u8>>, StoreError> {
        if is_exempt(table, key) {
            return Ok(Some(value));
        }
        let sealing = self.sealing();
        match (is_sealed(&value), sealing) {
            (_, Sealing::Locked) | (true, Sealing::Off) => Err(StoreError::Locked),
            // A plain value where all are sealed was put there by somebody else.
            (false, Sealing::On) => Ok(None),
            (false, _) => Ok(Some(value)),
            (true, _) => Ok(self.unseal(table, key, &value).await),
        }
    }

    async fn sealed_write(&self, write: Write) -> Result<Write, StoreError> {
        Ok(match write {
            Write::Insert { table, key, value } => {
                Write::Insert { table, value: self.seal(table, &key, &value).await?, key }
            }
            Write::Put { table, key, value } => {
                Write::Put { table, value: self.seal(table, &key, &value).await?, key }
            }
            other @ (Write::Delete { .. } | Write::Clear { .. } | Write::Expect { .. }) => other,
        })
    }

    /// The row of the key once more, where a batch clears the table that it is in.
    fn vault_again(&self, writes: &[Write]) -> Option<Write> {
        let clears = writes.iter().any(|write| matches!(write, Write::Clear { table: Table::Meta }));
        match &*self.state.borrow() {
            State::Open { vault, .. } if clears => Some(vault.write()),
            _ => None,
        }
    }
}

/// Get gives an error for a row that is not what was written there. Page gives such a row's bytes as they are, sealed:
/// no reader takes them for content, and one rotten row does not hide those beside it.
impl<S: Store, C: Cipher> Store for SealedStore<S, C> {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(value) = self.inner.get(table, key).await? else { return Ok(None) };
        match self.reads(table, key, value).await? {
            Some(plain) => Ok(Some(plain)),
            None => Err(StoreError::Damaged { table, key: key.to_owned() }),
        }
    }

    async fn page(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<Entry>, StoreError> {
        // The row of the key is nobody's, and must not cost a place.
        let more = u32::from(table == Table::Meta && limit > 0);
        let page = self.inner.page(table, after, limit.saturating_add(more)).await?;
        if self.sealing() == Sealing::Off && !page.iter().any(|entry| is_sealed(&entry.value)) {
            let mut page = page;
            page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            return Ok(page);
        }
        let wanted = page.into_iter().filter(|entry| table != Table::Meta || entry.key != VAULT);
        // Side by side: the browser opens several values at a time.
        let read = wanted.take(usize::try_from(limit).unwrap_or(usize::MAX)).map(async |Entry { key, value }| {
            let value = match self.reads(table, &key, value.clone()).await? {
                Some(plain) => plain,
                None if is_sealed(&value) => value,
                // A plain value where all are sealed is nobody's; its row stays, with nothing in it.
                None => Vec::new(),
            };
            Ok(Entry { key, value })
        });
        try_join_all(read).await
    }

    async fn keys(&self, table: Table, after: Option<&str>, limit: u32) -> Result<Vec<String>, StoreError> {
        let more = u32::from(table == Table::Meta && limit > 0);
        let mut keys = self.inner.keys(table, after, limit.saturating_add(more)).await?;
        keys.retain(|key| table != Table::Meta || key != VAULT);
        keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(keys)
    }

    async fn count(&self, table: Table) -> Result<u64, StoreError> {
        let hidden = table == Table::Meta && self.sealing() != Sealing::Off;
        Ok(self.inner.count(table).await?.saturating_sub(u64::from(hidden)))
    }

    async fn write(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        let writes = match self.sealing() {
            Sealing::Off => writes,
            Sealing::TurningOff => {
                let again = self.vault_again(&writes);
                writes.into_iter().chain(again).collect()
            }
            Sealing::Locked => return Err(StoreError::Locked),
            Sealing::On | Sealing::TurningOn => {
                let again = self.vault_again(&writes);
                let mut sealed = Vec::with_capacity(writes.len());
                for write in writes {
                    sealed.push(self.sealed_write(write).await?);
                }
                sealed.extend(again);
                sealed
            }
        };
        self.inner.write(writes, durability).await
    }
}

impl<S: fmt::Debug, C: Cipher> fmt::Debug for SealedStore<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never a key.
        f.debug_struct("SealedStore").field("inner", &self.inner).finish_non_exhaustive()
    }
}

fn is_exempt(table: Table, key: &str) -> bool {
    table == Table::Meta && matches!(key, VAULT | SCHEMA)
}

fn is_sealed(value: &[u8]) -> bool {
    value.starts_with(&MAGIC)
}

/// What binds a value to its place.
fn label(table: Table, key: &str) -> String {
    format!("{}\n{key}", table.name())
}

fn wrap_label(phase: Phase) -> String {
    format!("{FIRST_LINE}\n{}", phase.word())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}
