//! Every input that once broke yrs, as it would travel, and how a server takes it. It knows no gate and no socket.
//!
//! `tests/fixtures/hostile-updates` has the inputs; the end of a file's name says what its bytes were taken for.

use std::path::Path;

use codraft_core::frame;

/// The inputs that are no garbage, and why. All others are.
const LET_IN: &[(&str, Reaction)] = &[
    // A format to the left of a block that nobody has sent.
    ("guard-GLOGIC_kind0_code0.k0", Reaction::Asks),
    // The twelfth operation of somebody whose first eleven nobody has sent.
    ("guard-GLOGIC_kind0_code8.k0", Reaction::Asks),
    // Two emoji and a letter, the first half of an emoji deleted: Yjs writes such a thing.
    ("guard-GSLOW_kind0.k0", Reaction::Takes),
];

/// What the server does when it has read an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Ends the connection for good, with this code.
    Closes(u16),
    /// Goes on, having asked for what is missing.
    Asks,
    /// Goes on.
    Takes,
}

/// An input as it travels.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// The file's name.
    pub name: String,
    /// A y-websocket message.
    pub frame: Vec<u8>,
    /// How a server has to take it.
    pub reaction: Reaction,
}

/// All of them, in the order of their names; a folder that is not there or has another kind of file is a panic.
pub fn corpus() -> Vec<Hostile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile-updates");
    crate::files(&folder)
        .into_iter()
        .filter_map(|(path, bytes)| {
            let name = path.file_name().expect("a file has a name").to_string_lossy();
            hostile(name.into_owned(), &bytes)
        })
        .collect()
}

/// The frame in which bytes of that kind would come; none for a file that is no input.
fn hostile(name: String, bytes: &[u8]) -> Option<Hostile> {
    let frame = match name.rsplit_once(".k")?.1 {
        // An update of the second encoding, which the protocol does not have, would come as one of the first.
        "0" | "4" | "7" => frame::update(bytes),
        "1" => frame::step1(bytes),
        "2" => frame::awareness(bytes),
        "3" => bytes.to_vec(),
        // What is merged or compared has come as somebody's whole document.
        "5" | "6" => frame::step2(bytes),
        kind => panic!("{name} is of an unknown kind {kind}"),
    };
    let let_in = LET_IN.iter().find(|(let_in, _)| *let_in == name);
    let reaction = let_in.map_or(Reaction::Closes(4400), |(_, reaction)| *reaction);
    Some(Hostile { name, frame, reaction })
}
