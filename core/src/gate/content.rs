//! The contents of one block in the v1 encoding, read without keeping them.
//!
//! Every function returns how many clock ticks the content takes, or why it is not what Yjs writes.

use crate::gate::count;
use crate::lib0::{Malformed, Reader};
use crate::limits::ANY_DEPTH;

/// What a block holds, as far as anybody here has to know.
#[derive(Default)]
pub(crate) struct Content<'a> {
    /// Clock ticks.
    pub(crate) len: u32,
    /// Whether it is a shared type, which may have children.
    pub(super) is_type: bool,
    /// Whether it was deleted before it came here.
    pub(crate) is_gone: bool,
    /// The words, if it is words.
    pub(crate) words: Option<&'a str>,
}

impl Content<'_> {
    fn of(len: u32) -> Self {
        Self { len, ..Self::default() }
    }
}

/// Reads how much there was.
pub(super) fn gone<'a>(reader: &mut Reader<'a>) -> Result<Content<'a>, Malformed> {
    Ok(Content { is_gone: true, ..Content::of(reader.var_u32()?) })
}

/// Reads the content that the low bits of a block's info byte name (Yjs `contentRefs`).
pub(super) fn read<'a>(reader: &mut Reader<'a>, info: u8) -> Result<Content<'a>, Malformed> {
    match info & 0x1f {
        1 => gone(reader),
        3 => reader.var_bytes().map(|_| Content::of(1)),
        4 => {
            let words = reader.var_string()?;
            Ok(Content { words: Some(words), ..Content::of(utf16_len(words)?) })
        }
        5 => embed(reader.var_string()?),
        6 => {
            reader.var_string()?;
            reader.var_string().map(|_| Content::of(1))
        }
        7 => shared_type(reader),
        8 => {
            let n = count(reader, 1)?;
            let len = u32::try_from(n).map_err(|_| Malformed("a list is too long"))?;
            values(reader, n)?;
            Ok(Content::of(len))
        }
        9 => {
            reader.var_string()?;
            values(reader, 1)?;
            Ok(Content::of(1))
        }
        _ => Err(Malformed("a block's content is of no known kind")),
    }
}

/// An object in a text, as JSON. One that is a string is told by yrs as if it were text, of another length than it takes:
/// every offset behind it would be wrong. No Yjs editor makes one.
fn embed(json: &str) -> Result<Content<'_>, Malformed> {
    if json.as_bytes().trim_ascii_start().first() == Some(&b'"') {
        return Err(Malformed("an object in a text is a string"));
    }
    Ok(Content::of(1))
}

fn utf16_len(string: &str) -> Result<u32, Malformed> {
    u32::try_from(crate::utf16_len(string)).map_err(|_| Malformed("a string is too long"))
}

/// The kinds of shared type that both Yjs 13 and yrs write the same way: array, map, text, XML element (with a name),
/// XML fragment and XML text.
fn shared_type<'a>(reader: &mut Reader<'a>) -> Result<Content<'a>, Malformed> {
    match reader.var_uint()? {
        0 | 1 | 2 | 4 | 6 => {}
        3 => {
            reader.var_string()?;
        }
        _ => return Err(Malformed("a shared type is of no known kind")),
    }
    Ok(Content { is_type: true, ..Content::of(1) })
}

/// Reads `n` JSON-like values (lib0 `any`), with a stack of counts instead of recursion.
fn values(reader: &mut Reader<'_>, n: u64) -> Result<(), Malformed> {
    let mut open = [Level::default(); ANY_DEPTH];
    open[0] = Level { left: n, keyed: false };
    let mut depth = 1;
    while depth > 0 {
        let level = &mut open[depth - 1];
        if level.left == 0 {
            depth -= 1;
            continue;
        }
        level.left -= 1;
        if level.keyed {
            reader.var_string()?;
        }
        if let Some(inner) = value(reader)? {
            if depth == ANY_DEPTH {
                return Err(Malformed("a value is nested too deeply"));
            }
            open[depth] = inner;
            depth += 1;
        }
    }
    Ok(())
}

/// How many values of an open list or map are still to come.
#[derive(Clone, Copy, Default)]
struct Level {
    left: u64,
    keyed: bool,
}

/// One value; a list or a map is returned for its elements to be read next.
fn value(reader: &mut Reader<'_>) -> Result<Option<Level>, Malformed> {
    match reader.byte()? {
        127 | 126 | 121 | 120 => {}
        125 => signed(reader)?,
        124 => {
            reader.take(4)?;
        }
        123 | 122 => {
            reader.take(8)?;
        }
        119 => {
            reader.var_string()?;
        }
        118 => return Ok(Some(Level { left: count(reader, 2)?, keyed: true })),
        117 => return Ok(Some(Level { left: count(reader, 1)?, keyed: false })),
        116 => {
            reader.var_bytes()?;
        }
        _ => return Err(Malformed("a value is of no known kind")),
    }
    Ok(None)
}

/// A signed number: six bits and the sign in the first byte, seven in each that follows.
fn signed(reader: &mut Reader<'_>) -> Result<(), Malformed> {
    for _ in 0..9 {
        if reader.byte()? & 0x80 == 0 {
            return Ok(());
        }
    }
    Err(Malformed("a number is larger than 64 bits"))
}
