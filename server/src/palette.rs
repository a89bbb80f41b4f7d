//! The colours people are told apart by: those of the page, by their place in it. It knows no people.

use codraft_core::presence::is_color;

/// Of the caret, and of what is selected behind dark text; as in `web/src/palette.ts`, which says why these.
const PALETTE: [(&str, &str); 10] = [
    ("#1193f8", "#d4eaff"),
    ("#e0716c", "#ffddda"),
    ("#527355", "#d5f1d7"),
    ("#8a4bc1", "#efe1ff"),
    ("#a84811", "#ffdfd0"),
    ("#068f99", "#c6f2f1"),
    ("#ee238b", "#ffdceb"),
    ("#999503", "#e5edcb"),
    ("#6d51fc", "#e0e6ff"),
    ("#a17432", "#fae4c7"),
];

/// Two shades of one colour, as `#rrggbb` or `#rrggbbaa`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Color {
    pub(crate) color: String,
    pub(crate) light: String,
}

/// The colour at a place in the palette, which begins anew after its end.
pub(crate) fn color(index: u8) -> Color {
    let (color, light) = PALETTE[usize::from(index) % PALETTE.len()];
    Color { color: color.to_owned(), light: light.to_owned() }
}

/// The colour of somebody who has chosen none: always the same.
pub(crate) fn of_person(id: &str) -> Color {
    color(id.bytes().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte)))
}

impl Color {
    /// One of somebody's own choice.
    pub(crate) fn of(color: &str, light: Option<&str>) -> Self {
        debug_assert!(is_color(color));
        let light = light.map_or_else(|| format!("{}33", &color[..7]), str::to_owned);
        Self { color: color.to_owned(), light }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_and_the_server_have_the_same_palette() {
        let page = include_str!("../../web/src/palette.ts");
        for (color, light) in PALETTE {
            let line = format!("color: \"{color}\", light: \"{light}\"");
            assert_eq!(page.matches(&line).count(), 1, "{line}");
        }
        assert_eq!(page.matches("light: \"#").count(), PALETTE.len());
    }

    #[test]
    fn a_colour_without_a_light_shade_gets_one() {
        assert_eq!(Color::of("#123456ff", None).light, "#12345633");
        assert_eq!(color(13), color(3));
        assert_eq!(of_person("ada"), of_person("ada"));
    }
}
