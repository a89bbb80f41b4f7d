//! Kinds of pictures, told by how their bytes begin. It believes nobody who says what something is.

use std::fmt;

/// What browsers show as a picture and never run. SVG is none of these: it is a document with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Png,
    Jpeg,
    Gif,
    WebP,
    Avif,
}

/// Bytes that are looked at: the brands of an AVIF stand in its first box.
pub(crate) const HEAD_BYTES: usize = 256;

impl Kind {
    const ALL: [Self; 5] = [Self::Png, Self::Jpeg, Self::Gif, Self::WebP, Self::Avif];

    /// The kind of what begins like this, if it is one.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        let begins = |with: &[u8]| head.starts_with(with);
        if begins(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if begins(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if begins(b"GIF87a") || begins(b"GIF89a") {
            Some(Self::Gif)
        } else if begins(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            is_avif(head).then_some(Self::Avif)
        }
    }

    /// The kind whose names end with this.
    pub(super) fn ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == ending)
    }

    /// How it is served.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::WebP => "webp",
            Self::Avif => "avif",
        })
    }
}

/// Whether the first box says so: `ftyp` with `avif` or `avis` among its brands (ISO/IEC 14496-12, AVIF 1.1 §6).
fn is_avif(head: &[u8]) -> bool {
    let Some((size, rest)) = head.split_first_chunk::<4>() else { return false };
    let end = (u32::from_be_bytes(*size) as usize).min(head.len()).saturating_sub(4);
    let Some(brands) = rest.get(..end).and_then(|body| body.strip_prefix(b"ftyp")) else {
        return false;
    };
    let mut brands = brands.chunks_exact(4).enumerate();
    // The second one is a version.
    brands.any(|(at, brand)| at != 1 && [b"avif", b"avis"].iter().any(|known| brand == *known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_told_by_how_they_begin() {
        let of = |bytes: &[u8]| Kind::of(bytes);
        assert_eq!(of(b"\x89PNG\r\n\x1a\n...."), Some(Kind::Png));
        assert_eq!(of(b"\xff\xd8\xff\xe0...."), Some(Kind::Jpeg));
        assert_eq!(of(b"GIF89a...."), Some(Kind::Gif));
        assert_eq!(of(b"RIFF....WEBPVP8 "), Some(Kind::WebP));
        assert_eq!(of(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"), Some(Kind::Avif));
        assert_eq!(of(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf"), Some(Kind::Avif));
    }

    #[test]
    fn nothing_else_is_one() {
        for bytes in [
            &b""[..],
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<!doctype html><script>",
            b"\x89PNG\r\n\x1a",
            b"PNG\r\n\x1a\n",
            b"RIFF....WAVE",
            b"%PDF-1.7",
            b"\0\0\0\x1cftypheic\0\0\0\0mif1heic",
            b"\0\0\0\x10ftypmif1avif",
            b"\0\0\0\x10ftypmif1\0\0\0\0avif",
            b"\0\0\0\0ftypavif",
        ] {
            assert_eq!(Kind::of(bytes), None, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
