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

/// What the gate says, with nothing borrowed: what was accepted, or the part of a gap that can be.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Accept(Accepted),
    Gap(Option<Vec<u8>>),
}

fn verdict(update: &str, known: &[(u64, u32)]) -> Result<Answer, Malformed> {
    let mut all = Known::default();
    for &(client, clock) in known {
        all.clocks.advance(client, clock);
    }
    match check_update(&hex(update), &all)? {
        Verdict::Accept(accepted) => Ok(Answer::Accept(accepted)),
        Verdict::Gap(gap) => Ok(Answer::Gap(gap.part(&all)?.map(|(part, _)| part))),
    }
}

fn is_gap(verdict: &Result<Answer, Malformed>) -> bool {
    *verdict == Ok(Answer::Gap(None))
}

/// The part that a gap leaves, in hex without spaces.
fn part(update: &str, known: &[(u64, u32)]) -> String {
    let Ok(Answer::Gap(Some(part))) = verdict(update, known) else { panic!("no part of {update}") };
    part.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_first_update_is_accepted_and_tells_its_extent() {
    let extent = Extent { client: 1, start: 0, end: 2 };
    let Ok(Answer::Accept(accepted)) = verdict(HI, &[]) else { panic!("refused") };
    assert_eq!(accepted.extents, [extent]);
    assert_eq!(verdict("00 00", &[]), Ok(Answer::Accept(Accepted::default())));
}

#[test]
fn an_update_that_misses_its_predecessors_is_a_gap() {
    let later = "01 01 01 02 84 01 01 01 21 00";
    assert!(is_gap(&verdict(later, &[])));
    assert!(matches!(verdict(later, &[(1, 2)]), Ok(Answer::Accept(_))));
    let by_another = "01 01 02 00 84 01 01 01 21 00";
    assert!(is_gap(&verdict(by_another, &[])));
    assert!(matches!(verdict(by_another, &[(1, 2)]), Ok(Answer::Accept(_))));
    let deletes_the_unknown = "00 01 01 01 00 02";
    assert!(is_gap(&verdict(deletes_the_unknown, &[])));
    let skips = "01 01 01 00 0a 05 00";
    assert!(is_gap(&verdict(skips, &[])));
}

#[test]
fn of_an_update_with_a_gap_the_contiguous_part_can_be_applied() {
    let hi_then_a_skip = "01 02 01 00 04 01 01 78 02 6869 0a 05 00";
    assert_eq!(part(hi_then_a_skip, &[]), HI.replace(' ', ""));
    let hi_then_on_the_unknown = "01 02 01 00 04 01 01 78 02 6869 84 09 07 01 21 00";
    assert_eq!(part(hi_then_on_the_unknown, &[]), HI.replace(' ', ""));
    let of_another_then_hi =
        "02 01 09 03 84 09 02 01 21 01 01 00 04 01 01 78 02 6869 01 09 01 03 01";
    assert_eq!(part(of_another_then_hi, &[]), HI.replace(' ', ""));
    let deletes_more_than_is_known = "00 01 01 01 00 05";
    assert_eq!(part(deletes_more_than_is_known, &[(1, 2)]), "000101010002");
}

#[test]
fn blocks_may_name_later_ones_of_other_clients_but_not_in_a_circle() {
    let forward = "02 01 02 00 84 01 00 01 61 01 01 00 04 01 01 78 01 62 00";
    assert!(matches!(verdict(forward, &[]), Ok(Answer::Accept(_))));
    let circle = "02 01 02 00 84 01 00 01 61 01 01 00 84 02 00 01 62 00";
    assert!(verdict(circle, &[]).is_err());
}

/// An array in the root "x", then `levels` arrays each inside the last, each beside a character that stands in it.
fn nested_beside(levels: u32, first: u32) -> Vec<u8> {
    let mut writer = crate::lib0::Writer::new();
    writer.var_uint(1).var_uint(u64::from(levels) * 2).var_uint(1).var_uint(u64::from(first));
    for level in 0..levels {
        let clock = u64::from(first + level * 2);
        if clock == 0 {
            writer.raw(&[0x04, 1, 1, b'x', 1, b'c']);
        } else {
            writer.raw(&[0x04, 0, 1]).var_uint(clock - 1).raw(&[1, b'c']);
        }
        writer.raw(&[0x87, 1]).var_uint(clock).raw(&[0]);
    }
    writer.raw(&[0]).finish()
}

#[test]
fn depth_is_bounded_beside_an_origin_and_over_many_updates() {
    let bound = crate::limits::TYPE_DEPTH;
    assert!(check_update(&nested_beside(bound, 0), &Known::default()).is_ok());
    assert!(check_update(&nested_beside(bound + 1, 0), &Known::default()).is_err());
    let mut known = Known::default();
    for level in 0..bound {
        let Ok(Verdict::Accept(accepted)) = check_update(&nested_beside(1, level * 2), &known)
        else {
            panic!("level {level} was refused")
        };
        known.extend(&accepted);
    }
    assert!(check_update(&nested_beside(1, bound * 2), &known).is_err());
}

#[test]
fn every_prefix_of_an_update_is_garbage() {
    let whole = hex(HI);
    for end in 0..whole.len() {
        assert!(check_update(&whole[..end], &Known::default()).is_err(), "prefix of {end} bytes");
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
        check_update(&bytes, &Known::default()).map(drop)
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

#[test]
fn an_object_in_a_text_that_is_a_string_is_refused() {
    // {"a":1}, then "ab" and " "ab"", in the text "x".
    assert!(verdict("01 01 01 00 05 01 01 78 07 7b2261223a317d 00", &[]).is_ok());
    assert!(verdict("01 01 01 00 05 01 01 78 04 22616222 00", &[]).is_err());
    assert!(verdict("01 01 01 00 05 01 01 78 05 2022616222 00", &[]).is_err());
}
