//! The person behind a client, as y-codemirror.next writes it into awareness. It does not know positions in text.

use crate::json::{self, Json};
use crate::limits::NAME_CHARS;

/// `user` of an awareness state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// What others see; at most [`NAME_CHARS`] characters, no control or bidirectional ones.
    pub name: String,
    /// The colour of the caret: `#rrggbb`.
    pub color: String,
    /// The colour behind selected text: `#rrggbb` or `#rrggbbaa`.
    pub color_light: String,
    /// The same over several tabs of one person; empty when unknown.
    pub id: String,
}

/// The colour of somebody who sent none that can be shown: a grey that reads on both themes.
const NO_COLOR: &str = "#6b7280";

impl Person {
    /// Somebody of this name and colour, which is `#rrggbb`; the one behind selected text is made from it.
    pub fn named(name: impl Into<String>, color: impl Into<String>) -> Self {
        let (name, color) = (name.into(), color.into());
        let color_light = light_of(&color);
        Self { name, color, color_light, id: String::new() }
    }

    /// The person in an outside awareness state, made safe to show; none when the state names nobody.
    pub(crate) fn from_state(state: &Json) -> Option<Self> {
        let user = json::field(state, "user").filter(|user| matches!(user, Json::Map(_)))?;
        let color =
            Some(json::string(user, "color")).filter(|color| is_color(color)).unwrap_or(NO_COLOR);
        let light = Some(json::string(user, "colorLight")).filter(|light| is_color(light));
        Some(Self {
            name: clean_name(json::string(user, "name")),
            color: color.to_owned(),
            color_light: light.map_or_else(|| light_of(color), str::to_owned),
            id: clean_name(json::string(user, "id")),
        })
    }

    /// The person as `user` of an awareness state.
    pub(crate) fn to_json(&self) -> Json {
        json::object([
            ("name", self.name.as_str().into()),
            ("color", self.color.as_str().into()),
            ("colorLight", self.color_light.as_str().into()),
            ("id", self.id.as_str().into()),
        ])
    }
}

/// A shade of a colour that text can be read on.
fn light_of(color: &str) -> String {
    format!("{}33", color.get(..7).unwrap_or(color))
}

/// A name that can be shown: trimmed, at most [`NAME_CHARS`] characters, without control and bidirectional characters.
pub fn clean_name(name: &str) -> String {
    clean(name, NAME_CHARS)
}

/// The same for what has room for `chars` characters.
pub(crate) fn clean(words: &str, chars: usize) -> String {
    let visible = words.chars().filter(|&c| !c.is_control() && !is_bidi_control(c));
    let short: String = visible.take(chars).collect();
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
        let name = " Eve\u{202e}\n".to_owned() + &"x".repeat(50);
        let user =
            json::object([("name", name.into()), ("color", "red;x".into()), ("id", 7.into())]);
        let person = Person::from_state(&json::object([("user", user)])).unwrap();
        assert_eq!(person.name, format!("Eve{}", "x".repeat(36)));
        assert_eq!((person.color.as_str(), person.color_light.as_str()), (NO_COLOR, "#6b728033"));
        assert_eq!(Person::from_state(&json::object([("cursor", 1.into())])), None);
        assert_eq!(Person::from_state(&json::object([("user", "x".into())])), None);
        assert_eq!(Person::from_state(&json::object([("user", person.to_json())])), Some(person));
    }

    #[test]
    fn only_hex_colours_reach_a_style() {
        assert!(is_color("#30bced") && is_color("#30bced33"));
        assert!(!is_color("#30bcé") && !is_color("red") && !is_color("#30bcedg"));
    }
}
