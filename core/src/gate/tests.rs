use super::*;

fn hex(string: &str) -> Vec<u8> {
    let digits: Vec<u8> = string.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// "hi" in the text "x" by client 1, as Yjs 13 writes it.
const HI: &str = "01 01 01 00 04 01 01 78 02 6869 00";

fn verdict(update: &str, known: &[(u64, u32)]) -> Result<Verdict, Malformed> {
    let mut clocks = Clocks::default();
    for &(client, clock) in known {
        clocks.advance(client, clock);
    }
    check_update(&hex(update), &clocks)
}

#[test]
fn a_first_update_is_accepted_and_tells_its_extent() {
    let extent = Extent { client: 1, start: 0, end: 2 };
    assert_eq!(verdict(HI, &[]), Ok(Verdict::Accept(vec![extent])));
    assert_eq!(verdict("00 00", &[]), Ok(Verdict::Accept(vec![])));
}

#[test]
fn an_update_that_misses_its_predecessors_is_a_gap() {
    let later = "01 01 01 02 84 01 01 01 21 00";
    assert_eq!(verdict(later, &[]), Ok(Verdict::Gap));
    assert!(matches!(verdict(later, &[(1, 2)]), Ok(Verdict::Accept(_))));
    let by_another = "01 01 02 00 84 01 01 01 21 00";
    assert_eq!(verdict(by_another, &[]), Ok(Verdict::Gap));
    assert!(matches!(verdict(by_another, &[(1, 2)]), Ok(Verdict::Accept(_))));
    let deletes_the_unknown = "00 01 01 01 00 02";
    assert_eq!(verdict(deletes_the_unknown, &[(1, 1)]), Ok(Verdict::Gap));
    let skips = "01 01 01 00 0a 05 00";
    assert_eq!(verdict(skips, &[]), Ok(Verdict::Gap));
}

#[test]
fn every_prefix_of_an_update_is_garbage() {
    let whole = hex(HI);
    for end in 0..whole.len() {
        assert!(check_update(&whole[..end], &Clocks::default()).is_err(), "prefix of {end} bytes");
    }
}

#[test]
fn what_no_yjs_client_writes_is_garbage() {
    let cases = [
        ("trailing bytes", "01 01 01 00 04 01 01 78 02 6869 00 00"),
        ("a block that builds on itself", "01 01 01 00 84 01 00 01 21 00"),
        ("an empty block", "01 01 01 00 04 01 01 78 00 00"),
        ("an unknown content", "01 01 01 00 0b 01 01 78 00"),
        ("a clock that overflows", "01 01 01 ffffffff0f 00 02 00"),
        ("a client named twice", "02 01 01 00 00 01 01 01 00 00 01 00"),
        ("more blocks than bytes", "01 ffffff7f 01 00 00 01 00"),
        ("an empty deleted range", "00 01 01 01 00 00"),
    ];
    for (what, update) in cases {
        assert!(verdict(update, &[]).is_err(), "{what}");
    }
}

#[test]
fn values_nest_up_to_the_bound_and_no_further() {
    let nested = |levels: usize| {
        let mut bytes = hex("01 01 01 00 08 01 01 78 01");
        bytes.extend(std::iter::repeat_n([117, 1], levels).flatten());
        bytes.extend([126, 0]);
        check_update(&bytes, &Clocks::default())
    };
    assert!(nested(crate::limits::ANY_DEPTH - 1).is_ok());
    assert!(nested(crate::limits::ANY_DEPTH).is_err());
    assert!(nested(1_000_000).is_err());
}

#[test]
fn state_vectors_are_read_whole_or_not_at_all() {
    assert_eq!(check_state_vector(&hex("00")), Ok(Clocks::default()));
    let clocks = check_state_vector(&hex("02 05 03 01 02")).unwrap();
    assert_eq!((clocks.get(5), clocks.get(1), clocks.get(2)), (3, 2, 0));
    assert_eq!(check_state_vector(&clocks.encode()), Ok(clocks));
    for bad in ["", "01", "01 05 03 00", "02 05 03 05 03", "ffffff7f"] {
        assert!(check_state_vector(&hex(bad)).is_err(), "{bad}");
    }
}
