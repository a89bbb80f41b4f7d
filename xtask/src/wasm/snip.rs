//! Takes out of a wasm what a panic says before it traps: nobody hears it there, and it is a fortieth of the download.
//! Knows the binary format as far as it takes to find functions by their names, and nothing of what they do.
//!
//! A function that never returns ends in `unreachable`; one of those below is made to begin with it. What only it used goes
//! with the next pass of the optimiser, and so do the messages' addresses wherever it was called.

/// What wasm begins with: four letters and a version.
const HEAD: usize = 8;
const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;
/// The part of the section `name` that has the names of functions.
const FUNCTION_NAMES: u8 = 1;
/// No locals, `unreachable`, end.
const TRAP: [u8; 3] = [0, 0, 0x0b];

/// Ends of names, without what tells crates and instances apart.
const SPEAKERS: [&str; 12] = [
    "option::unwrap_failed",
    "option::expect_failed",
    "result::unwrap_failed",
    "panic_with_hook",
    "panic_access_error",
    "panic_on_ord_violation",
    "slice_index_fail",
    "slice_error_fail",
    "slice_error_fail_rt",
    "len_mismatch_fail",
    "assert_failed",
    "handle_alloc_error",
];
/// Parts of names.
const SPEAKING: [&str; 4] =
    ["core::panicking::", "begin_panic", "panic_already_", "_fail::do_panic::"];

/// The same module with silent panics; none where it is not built as expected: then it stays as it is.
pub(super) fn silent(wasm: &[u8]) -> Option<Vec<u8>> {
    let mut sections = Vec::new();
    let mut reader = Reader { bytes: wasm, at: HEAD };
    while reader.at < wasm.len() {
        sections.push((reader.byte()?, reader.sized()?));
    }
    let is_named = |(id, bytes): &&(u8, &[u8])| *id == CUSTOM && bytes.starts_with(b"\x04name");
    let names = functions(&sections.iter().find(is_named)?.1[5..])?;
    let imported = sections.iter().find(|(id, _)| *id == IMPORT);
    let imported = imported.map_or(Some(0), |(_, bytes)| Reader { bytes, at: 0 }.number())?;
    let mut silent = wasm[..HEAD].to_vec();
    for (id, bytes) in sections {
        let is_speaker =
            |index: usize| names.iter().any(|(at, name)| *at == index + imported && speaks(name));
        let cut = if id == CODE { Some(without(bytes, is_speaker)?) } else { None };
        silent.push(id);
        push_sized(&mut silent, cut.as_deref().unwrap_or(bytes));
    }
    Some(silent)
}

/// The code section with other bodies for these functions.
fn without(code: &[u8], is_speaker: impl Fn(usize) -> bool) -> Option<Vec<u8>> {
    let mut reader = Reader { bytes: code, at: 0 };
    let count = reader.number()?;
    let mut cut = Vec::with_capacity(code.len());
    push_number(&mut cut, count);
    for index in 0..count {
        let body = reader.sized()?;
        // One that may return is left alone, whatever it is called.
        let traps = body.ends_with(&TRAP[1..]) && is_speaker(index);
        push_sized(&mut cut, if traps { &TRAP } else { body });
    }
    Some(cut)
}

/// The functions that have names, by their index.
fn functions(names: &[u8]) -> Option<Vec<(usize, String)>> {
    let mut reader = Reader { bytes: names, at: 0 };
    while reader.at < names.len() {
        let (id, part) = (reader.byte()?, reader.sized()?);
        if id == FUNCTION_NAMES {
            let mut part = Reader { bytes: part, at: 0 };
            let name = |part: &mut Reader<'_>| {
                Some((part.number()?, String::from_utf8_lossy(part.sized()?).into_owned()))
            };
            return (0..part.number()?).map(|_| name(&mut part)).collect();
        }
    }
    None
}

/// Whether a function of this name only says why there is a panic.
fn speaks(name: &str) -> bool {
    let mut plain = String::with_capacity(name.len());
    let mut is_inside = false;
    // `core[a786829f945b1301]::panicking::panic`: what is in brackets tells crates apart.
    for c in name.chars() {
        match c {
            '[' => is_inside = true,
            ']' => is_inside = false,
            c if !is_inside => plain.push(c),
            _ => {}
        }
    }
    SPEAKERS.iter().any(|end| plain.ends_with(end))
        || SPEAKING.iter().any(|part| plain.contains(part))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        self.at += 1;
        self.bytes.get(self.at - 1).copied()
    }

    /// A number in seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        let bytes = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(bytes)
    }
}

fn push_number(to: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn push_sized(to: &mut Vec<u8>, bytes: &[u8]) {
    push_number(to, bytes.len());
    to.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, bytes: &[u8]) -> Vec<u8> {
        let mut section = vec![id];
        push_sized(&mut section, bytes);
        section
    }

    /// A module with one import and these functions.
    fn module(functions: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut code, mut names) = (Vec::new(), Vec::new());
        push_number(&mut code, functions.len());
        push_number(&mut names, functions.len());
        for (index, (name, body)) in functions.iter().enumerate() {
            push_sized(&mut code, body);
            push_number(&mut names, index + 1);
            push_sized(&mut names, name.as_bytes());
        }
        let named = [&b"\x04name"[..], &section(FUNCTION_NAMES, &names)].concat();
        let imports = [1, 1, b'm', 1, b'f', 0, 0];
        [b"\0asm\x01\0\0\0".to_vec(), section(IMPORT, &imports), section(CODE, &code)]
            .concat()
            .into_iter()
            .chain(section(CUSTOM, &named))
            .collect()
    }

    #[test]
    fn what_a_panic_says_is_taken_out_and_nothing_else() {
        let (long, returns) = ([1; 200], [0, 0x41, 7, 0x0b]);
        let traps = [&long[..], &[0, 0x0b]].concat();
        let before = module(&[
            ("core[a786829f945b1301]::panicking::panic_fmt", &traps),
            ("yrs::commit", &traps),
            ("hashbrown::Fallibility::assert_failed", &returns),
            ("core::option::unwrap_failed", &traps),
        ]);
        let after = module(&[
            ("core[a786829f945b1301]::panicking::panic_fmt", &TRAP),
            ("yrs::commit", &traps),
            ("hashbrown::Fallibility::assert_failed", &returns),
            ("core::option::unwrap_failed", &TRAP),
        ]);
        assert_eq!(silent(&before), Some(after));
    }

    #[test]
    fn what_is_not_built_as_expected_stays_as_it_is() {
        let whole = module(&[("core::panicking::panic", &TRAP)]);
        assert!(silent(&whole).is_some());
        for end in [HEAD, HEAD + 3, whole.len() - 1] {
            assert_eq!(silent(&whole[..end]), None, "cut at {end}");
        }
    }
}
