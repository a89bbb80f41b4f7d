//! Small harm to bytes. It knows nothing of what they mean but the values that numbers break at.

use fastrand::Rng;

/// Encoded numbers at the edges of what fits.
const EDGES: [&[u8]; 8] = [
    &[0],
    &[1],
    &[0x7f],
    &[0x80, 0x01],
    &[0xff, 0xff, 0x03],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
];

/// Harms bytes in a few places; `others` are what pieces are stolen from.
pub(crate) fn mutate(bytes: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Rng) {
    for _ in 0..random.usize(1..5) {
        let at = random.usize(..=bytes.len());
        match random.u8(..8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
            1 if at < bytes.len() => bytes[at] = random.u8(..),
            2 => bytes.truncate(at),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            4 => bytes.insert(at, random.u8(..)),
            5 => drop(bytes.splice(at..at, EDGES[random.usize(..EDGES.len())].iter().copied())),
            6 if at < bytes.len() => {
                let edge = EDGES[random.usize(..EDGES.len())].iter().copied();
                bytes.splice(at..=at, edge);
            }
            _ => steal(bytes, at, others, random),
        }
    }
}

fn steal(bytes: &mut Vec<u8>, at: usize, others: &[Vec<u8>], random: &mut Rng) {
    let other = &others[random.usize(..others.len())];
    let from = random.usize(..=other.len());
    let to = random.usize(from..=other.len());
    let end = random.usize(at..=bytes.len());
    bytes.splice(at..end, other[from..to].iter().copied());
}
