//! Seeded randomness: what people type when nobody looks.

use codraft_core::Splice;

/// The seeds to run: `rounds` of them, or the one that `CODRAFT_SEED` names.
pub fn seeds(rounds: u64) -> Vec<u64> {
    match std::env::var("CODRAFT_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => (1..=rounds).collect(),
    }
}

/// Texts that have broken editors: surrogate pairs, joiners, right-to-left, line breaks of every kind, and plain words.
const SNIPPETS: [&str; 14] = [
    "a",
    "the ",
    "\n",
    "é",
    "e\u{301}",
    "🦦",
    "👩‍👩‍👧",
    "שלום",
    "مرحبا ",
    "日本語",
    "\r\n",
    "\u{202e}x\u{202c}",
    "\t",
    "  ",
];

/// A source of random edits; dropping it while a test panics prints the seed.
pub struct Mischief {
    seed: u64,
    random: fastrand::Rng,
}

impl Mischief {
    /// The same seed makes the same mischief.
    pub fn new(seed: u64) -> Self {
        Self { seed, random: fastrand::Rng::with_seed(seed) }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.random.usize(..n.max(1))
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A change of `text`: mostly one splice, sometimes several, never inside a surrogate pair.
    pub fn splices(&mut self, text: &str) -> Vec<Splice> {
        let edges = edges(text);
        let count = if self.one_in(5) { 1 + self.below(3) } else { 1 };
        let mut picks: Vec<usize> = (0..count * 2).map(|_| self.below(edges.len())).collect();
        picks.sort_unstable();
        let splices = picks.chunks(2).map(|pair| {
            let from = pair[0];
            let to = if self.one_in(3) { pair[1].min(from + 8) } else { from };
            Splice::new(edges[from], edges[to], self.insertion())
        });
        let mut splices: Vec<Splice> = splices.collect();
        splices.retain(|splice| splice.from < splice.to || !splice.insert.is_empty());
        splices
    }

    fn insertion(&mut self) -> String {
        if self.one_in(4) {
            return String::new();
        }
        let snippets = 1 + self.below(3);
        (0..snippets).map(|_| SNIPPETS[self.below(SNIPPETS.len())]).collect()
    }
}

/// The UTF-16 offsets between code points, first and last included.
fn edges(text: &str) -> Vec<u32> {
    let mut at = 0;
    let mut edges = vec![0];
    for c in text.chars() {
        at += c.len_utf16() as u32;
        edges.push(at);
    }
    edges
}

impl Drop for Mischief {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was CODRAFT_SEED={}", self.seed);
        }
    }
}
