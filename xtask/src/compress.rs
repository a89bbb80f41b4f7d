//! Compresses what the server sends, once at build time, as strongly as it goes.
//! Does not know what the files are.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::trouble::Trouble;

/// Below this a response is one packet either way.
const WORTH_IT_BYTES: usize = 1024;

/// Writes `.br` and `.gz` beside every file that gets smaller by it; how many files did.
pub(crate) fn folder(folder: &Path) -> Result<usize, Trouble> {
    let mut count = 0;
    for entry in fs::read_dir(folder).map_err(Trouble::at(folder))? {
        let path = entry.map_err(Trouble::at(folder))?.path();
        if path.is_dir() {
            count += self::folder(&path)?;
        } else if !is_compressed(&path) {
            count += usize::from(file(&path)?);
        }
    }
    Ok(count)
}

/// The size of `bytes` under brotli at its strongest.
pub(crate) fn brotli_size(bytes: &[u8]) -> io::Result<usize> {
    brotli(bytes).map(|small| small.len())
}

fn is_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "br" || extension == "gz")
}

fn file(path: &Path) -> Result<bool, Trouble> {
    let bytes = fs::read(path).map_err(Trouble::at(path))?;
    if bytes.len() <= WORTH_IT_BYTES {
        return Ok(false);
    }
    let mut smaller = false;
    for (suffix, small) in [("br", brotli(&bytes)), ("gz", gzip(&bytes))] {
        let small = small.map_err(Trouble::at(path))?;
        if small.len() < bytes.len() {
            let beside = beside(path, suffix);
            fs::write(&beside, small).map_err(Trouble::at(&beside))?;
            smaller = true;
        }
    }
    Ok(smaller)
}

/// The path of a file's compressed form.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &params)?;
    Ok(small)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_shrink_get_compressed_neighbours() {
        let dist = tempfile::tempdir().unwrap();
        let at = |name: &str| dist.path().join(name);
        fs::create_dir(at("assets")).unwrap();
        fs::write(at("assets/app.js"), "export const a = 1;\n".repeat(200)).unwrap();
        fs::write(at("tiny.js"), "export {}").unwrap();
        assert_eq!(folder(dist.path()).unwrap(), 1);
        assert!(at("assets/app.js.br").exists() && at("assets/app.js.gz").exists());
        assert!(!at("tiny.js.br").exists() && !at("tiny.js.gz").exists());
        assert_eq!(folder(dist.path()).unwrap(), 1, "a compressed file is not compressed again");
    }
}
