//! The primitives of lib0, the encoding under every Yjs message. It knows numbers, bytes and strings, no messages.
//!
//! The reader never allocates and never trusts a declared length; it accepts only the shortest form of a number, the one
//! that lib0 and yrs write, so that equal values are equal bytes.

use thiserror::Error;

use crate::limits::CLIENT_ID_MAX;

/// Bytes that are not what they claim to be; the message says what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed bytes: {0}")]
pub struct Malformed(pub &'static str);

/// Reads lib0 primitives from a borrowed slice, front to back.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether everything has been read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (&first, rest) = self.rest.split_first().ok_or(Malformed("the bytes end early"))?;
        self.rest = rest;
        Ok(first)
    }

    /// `n` bytes.
    pub fn take(&mut self, n: u64) -> Result<&'a [u8], Malformed> {
        let n = usize::try_from(n).map_err(|_| Malformed("a length is beyond the bytes"))?;
        if n > self.rest.len() {
            return Err(Malformed("a length is beyond the bytes"));
        }
        let (head, rest) = self.rest.split_at(n);
        self.rest = rest;
        Ok(head)
    }

    /// An unsigned number of up to 53 bits: seven bits a byte, lowest first.
    pub fn var_uint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return canonical(value, byte, shift);
            }
        }
        Err(Malformed("a number is larger than 53 bits"))
    }

    /// An unsigned number of up to 32 bits: clocks and lengths.
    pub fn var_u32(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.var_uint()?)
            .map_err(|_| Malformed("a clock or length is larger than 32 bits"))
    }

    /// A length and that many bytes.
    pub fn var_bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let n = self.var_uint()?;
        self.take(n)
    }

    /// A length and that many bytes of UTF-8.
    pub fn var_string(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.var_bytes()?).map_err(|_| Malformed("a string is not UTF-8"))
    }
}

fn canonical(value: u64, last: u8, shift: u32) -> Result<u64, Malformed> {
    if last == 0 && shift > 0 {
        return Err(Malformed("a number is not in its shortest form"));
    }
    if value > CLIENT_ID_MAX {
        return Err(Malformed("a number is larger than 53 bits"));
    }
    Ok(value)
}

/// Writes lib0 primitives into one buffer.
#[derive(Debug, Default, Clone)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty buffer with room for `n` bytes.
    pub fn with_capacity(n: usize) -> Self {
        Self { bytes: Vec::with_capacity(n) }
    }

    /// Goes on after these bytes.
    pub fn after(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// An unsigned number, seven bits a byte, lowest first.
    pub fn var_uint(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
        self
    }

    /// A length and the bytes.
    pub fn var_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.var_uint(bytes.len() as u64).raw(bytes)
    }

    /// A length and the string's UTF-8.
    pub fn var_string(&mut self, string: &str) -> &mut Self {
        self.var_bytes(string.as_bytes())
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// What was written; the buffer is left empty.
    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_were_written() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), CLIENT_ID_MAX] {
            let bytes = Writer::new().var_uint(value).finish();
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.var_uint(), Ok(value));
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn long_forms_and_large_numbers_are_refused() {
        for bytes in
            [&[0x80, 0x00][..], &[0xff; 9], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]]
        {
            assert!(Reader::new(bytes).var_uint().is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_declared_length_beyond_the_bytes_is_refused() {
        assert!(Reader::new(&[0xff, 0xff, 0x7f, 1, 2]).var_bytes().is_err());
        assert!(Reader::new(&[2, 0xc3, 0x28]).var_string().is_err());
    }
}
