//! The person behind a client, as y-codemirror.next writes it into awareness. It does not know positions in text.

use serde::{Deserialize, Serialize};

use crate::limits::NAME_CHARS;

/// `user` of an awareness state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What others see; at most [`NAME_CHARS`] characters, no control or bidirectional ones.
    #[serde(default)]
    pub name: String,
    /// The colour of the caret: `#rrggbb`.
    #[serde(default)]
    pub color: String,
    /// The colour behind selected text: `#rrggbb` or `#rrggbbaa`.
    #[serde(default, rename = "colorLight")]
    pub color_light: String,
    /// The same over several tabs of one person; empty when unknown.
    #[serde(default)]
    pub id: String,
}

/// `cursor` of an awareness state: relative positions in Yjs's JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The end of the selection that stays.
    pub anchor: serde_json::Value,
    /// The end that moves.
    pub head: serde_json::Value,
}

/// The colour of somebody who sent none that can be shown: a grey that reads on both themes.
const NO_COLOR: &str = "#6b7280";

impl Person {
    /// The person in an outside awareness state, made safe to show; none when the state names nobody.
    pub fn from_state(state: &serde_json::Value) -> Option<Self> {
        let mut person: Self = serde_json::from_value(state.get("user")?.clone()).ok()?;
        person.name = clean_name(&person.name);
        if !is_color(&person.color) {
            person.color = NO_COLOR.to_owned();
        }
        if !is_color(&person.color_light) {
            person.color_light = format!("{}33", &person.color[..7]);
        }
        person.id = clean_name(&person.id);
        Some(person)
    }
}

/// A name that can be shown: trimmed, at most [`NAME_CHARS`] characters, without control and bidirectional characters.
pub fn clean_name(name: &str) -> String {
    let visible = name.chars().filter(|&c| !c.is_control() && !is_bidi_control(c));
    let short: String = visible.take(NAME_CHARS).collect();
    short.trim().to_owned()
}

/// Characters that reorder or hide their neighbours: a name with one could look like somebody else's.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether a string is `#rrggbb` or `#rrggbbaa`, the only forms that reach a style.
pub fn is_color(color: &str) -> bool {
    matches!(color.len(), 7 | 9)
        && color.starts_with('#')
        && color[1..].bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_persons_are_made_safe_to_show() {
        let state = serde_json::json!({ "user": { "name": " Eve\u{202e}\n".to_owned() + &"x".repeat(50), "color": "red;x" } });
        let person = Person::from_state(&state).unwrap();
        assert_eq!(person.name, format!("Eve{}", "x".repeat(36)));
        assert_eq!((person.color.as_str(), person.color_light.as_str()), (NO_COLOR, "#6b728033"));
        assert_eq!(Person::from_state(&serde_json::json!({ "cursor": 1 })), None);
        assert_eq!(Person::from_state(&serde_json::json!({ "user": "x" })), None);
    }

    #[test]
    fn only_hex_colours_reach_a_style() {
        assert!(is_color("#30bced") && is_color("#30bced33"));
        assert!(!is_color("#30bcé") && !is_color("red") && !is_color("#30bcedg"));
    }
}
