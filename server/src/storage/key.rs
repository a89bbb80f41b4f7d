//! The keys of a data directory, each a file of it: the one that the server's own tokens are signed with, and those of apps
//! and of the administrator. It does not know what a token is.

use std::path::Path;

use super::StorageError;
use super::directory::{self, Directory};
use crate::access::{KEY_BYTES, Keys};

/// The file, in hexadecimal digits, so that it can be carried from one directory to another by hand.
const KEY_FILE: &str = "token.key";

/// The file with the keys of apps, and what is kept of the administrator's.
const KEYS_FILE: &str = "keys.json";

/// The keys of apps, and what is kept of the administrator's.
pub(crate) fn read_keys(path: &Path) -> Result<Keys, StorageError> {
    let file = path.join(KEYS_FILE);
    match directory::read(&file)? {
        Some(bytes) => Keys::read(&bytes).map_err(|_| StorageError::Keys { path: file }),
        None => Ok(Keys::default()),
    }
}

/// Changes them, also while a server runs on the directory, which has to be told. A directory that is none of ours is left
/// as it is.
pub(crate) fn write_keys(path: &Path, keys: &Keys) -> Result<(), StorageError> {
    directory::expect_ours(path)?;
    let unusable = |source| StorageError::Unusable { path: path.join(KEYS_FILE), source };
    directory::replace(path, KEYS_FILE, &keys.write()).map_err(unusable)
}

/// The key of the server's own tokens, for a command beside it.
pub(crate) fn read_token_key(path: &Path) -> Result<[u8; KEY_BYTES], StorageError> {
    directory::expect_ours(path)?;
    let file = path.join(KEY_FILE);
    let bytes = directory::read(&file)?.ok_or(StorageError::NoTokenKey { path: file })?;
    decode(&bytes, path)
}

/// The key of a data directory, made where there is none.
pub(super) fn token_key(directory: &Directory) -> Result<[u8; KEY_BYTES], StorageError> {
    match directory.read(KEY_FILE)? {
        Some(bytes) => decode(&bytes, &directory.path),
        None => {
            let key = fresh(&directory.path)?;
            let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            directory.replace(KEY_FILE, format!("{digits}\n").as_bytes())?;
            Ok(key)
        }
    }
}

/// A key that is kept nowhere: for a directory in which nothing is touched.
pub(super) fn fresh(path: &Path) -> Result<[u8; KEY_BYTES], StorageError> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| StorageError::Unusable {
        path: path.join(KEY_FILE),
        source: std::io::Error::other(error),
    })?;
    Ok(key)
}

fn decode(bytes: &[u8], path: &Path) -> Result<[u8; KEY_BYTES], StorageError> {
    let damaged = || StorageError::TokenKey { path: path.join(KEY_FILE) };
    let digits = bytes.trim_ascii();
    if digits.len() != KEY_BYTES * 2 {
        return Err(damaged());
    }
    let mut key = [0; KEY_BYTES];
    for (byte, pair) in key.iter_mut().zip(digits.as_chunks::<2>().0) {
        let pair = std::str::from_utf8(pair).map_err(|_| damaged())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| damaged())?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_one_that_is_cut_off_is_refused_with_the_way_out() {
        let data = tempfile::tempdir().unwrap();
        let directory = Directory::claim(data.path()).unwrap();
        let key = token_key(&directory).unwrap();
        assert_eq!(token_key(&directory).unwrap(), key);
        directory.replace(KEY_FILE, b"00ff").unwrap();
        let error = token_key(&directory).unwrap_err().to_string();
        assert!(error.contains(KEY_FILE) && error.contains("delete"), "{error}");
    }
}
