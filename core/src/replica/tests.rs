use super::*;

fn replica(client: u64) -> Replica {
    let mut replica = Replica::new(ClientId::from_random(client));
    replica.track_history();
    replica
}

fn at(anchor: u32, head: u32) -> Option<Selection> {
    Some(Selection { anchor, head })
}

/// Types as a person would: a step for every call.
fn type_text(replica: &mut Replica, offset: u32, text: &str) -> Vec<u8> {
    replica.close_undo_step();
    replica.mark_history(at(offset, offset), 0);
    replica.edit(&[Splice::new(offset, offset, text)])
}

#[test]
fn edits_travel_as_updates_and_arrive_as_splices() {
    let (mut ann, mut bob) = (replica(1), replica(2));
    let update = ann.edit(&[Splice::new(0, 0, "a🦦b")]);
    let (splices, merged) = bob.merge_text(&[update]);
    assert!(merged.is_ok());
    assert_eq!(splices, [Splice::new(0, 0, "a🦦b")]);
    let update = bob.edit(&[Splice::new(0, 1, "A"), Splice::new(3, 4, ""), Splice::new(4, 4, "!")]);
    let (splices, _) = ann.merge_text(&[update]);
    assert_eq!(Splice::apply_all("a🦦b", &splices), "A🦦!");
    assert_eq!((ann.text(), bob.text()), ("A🦦!".into(), "A🦦!".into()));
    assert_eq!(ann.text_len(), 4);
}

#[test]
fn several_updates_arrive_as_one_change() {
    let (mut ann, mut bob) = (replica(1), replica(2));
    let updates: Vec<_> = "hello"
        .chars()
        .enumerate()
        .map(|(i, c)| type_text(&mut ann, i as u32, &c.to_string()))
        .collect();
    let (splices, _) = bob.merge_text(&updates);
    assert_eq!(splices, [Splice::new(0, 0, "hello")]);
}

#[test]
fn offsets_beyond_the_text_are_moved_to_its_end() {
    let mut ann = replica(1);
    ann.edit(&[Splice::new(7, 9, "x")]);
    ann.edit(&[Splice::new(0, 99, "y")]);
    assert_eq!(ann.text(), "y");
}

#[test]
fn merging_tells_what_was_new_and_keeps_the_clocks() {
    let (mut ann, mut bob) = (replica(1), replica(2));
    let first = type_text(&mut ann, 0, "a");
    let second = type_text(&mut ann, 1, "b");
    let nothing = Merged { has_gap: true, ..Merged::default() };
    assert_eq!(bob.merge(&second).unwrap(), nothing);
    assert_eq!(bob.merge(&first).unwrap().new.as_deref(), Some(&first[..]));
    assert_eq!(bob.merge(&first).unwrap(), Merged::default());
    let all = ann.encode();
    assert_eq!(bob.merge(&all).unwrap().new.as_deref(), Some(&second[..]));
    assert!(!bob.has_pending());
    assert_eq!(bob.clocks(), ann.clocks());
    assert_eq!(bob.diff(&ann.state_vector()).unwrap(), [0, 0]);
}

#[test]
fn garbage_leaves_the_document_as_it_was() {
    let mut ann = replica(1);
    type_text(&mut ann, 0, "a");
    assert!(ann.merge(&[1, 2, 3]).is_err());
    assert!(ann.diff(&[9, 9]).is_err());
    assert_eq!(ann.text(), "a");
}

#[test]
fn undo_takes_back_own_edits_only_and_restores_the_selection() {
    let (mut ann, mut bob) = (replica(1), replica(2));
    bob.merge(&type_text(&mut ann, 0, "one ")).unwrap();
    bob.merge(&type_text(&mut ann, 4, "two")).unwrap();
    let (_, merged) = ann.merge_text(&[type_text(&mut bob, 0, "B")]);
    assert!(merged.is_ok());
    let undone = ann.undo(at(8, 8)).unwrap();
    assert_eq!(undone.splices, [Splice::new(5, 8, "")]);
    assert_eq!(undone.selection, at(5, 5));
    bob.merge(&undone.update).unwrap();
    assert_eq!((ann.text(), bob.text()), ("Bone ".into(), "Bone ".into()));
    let redone = ann.redo(at(5, 5)).unwrap();
    assert_eq!(redone.splices, [Splice::new(5, 5, "two")]);
    bob.merge(&redone.update).unwrap();
    assert_eq!(bob.text(), "Bone two");
    assert_eq!(ann.can_undo_redo(), (true, false));
    assert_eq!(ann.undo(None).map(|_| ann.undo(None).map(|_| ann.undo(None))), Some(Some(None)));
    assert_eq!(ann.text(), "B");
}

#[test]
fn quick_edits_are_one_undo_step_and_a_pause_begins_another() {
    let mut ann = replica(1);
    for (i, now) in [0, 300, 700, 1_300].into_iter().enumerate() {
        ann.mark_history(at(i as u32, i as u32), now);
        ann.edit(&[Splice::new(i as u32, i as u32, "x")]);
    }
    assert_eq!(ann.undo(None).unwrap().selection, at(3, 3));
    assert_eq!(ann.text(), "xxx");
    assert_eq!(ann.undo(None).unwrap().selection, at(0, 0));
    assert_eq!(ann.text(), "");
}

#[test]
fn positions_stay_beside_their_neighbours_and_are_read_as_yjs_writes_them() {
    let (mut ann, mut bob) = (replica(1), replica(2));
    bob.merge(&type_text(&mut ann, 0, "hello")).unwrap();
    let (middle, end) = (ann.sticky(2).unwrap(), ann.sticky(5).unwrap());
    bob.edit(&[Splice::new(0, 0, ">> ")]);
    assert_eq!(bob.offset_of(&middle), Some(5));
    assert_eq!(bob.offset_of(&end), Some(8));
    let read = |json: &str| bob.offset_of(&crate::json::parse(json).unwrap());
    assert_eq!(
        read(r#"{"type":null,"tname":null,"item":{"client":1,"clock":2},"assoc":0}"#),
        Some(5)
    );
    assert_eq!(read(r#"{"tname":"content","assoc":0}"#), Some(8));
    assert_eq!(read(r#"{"tname":"other","assoc":0}"#), None);
    assert_eq!(read(r#"{"item":{"client":9,"clock":2}}"#), None);
    assert_eq!(read(r#"{"item":{"client":-1,"clock":1e300}}"#), None);
    assert_eq!(crate::json::parse(&crate::json::write(&middle)), Some(middle.clone()));
    // y-codemirror.next looks at every field.
    for (position, nulls) in [(middle, ["type", "tname"]), (end, ["type", "item"])] {
        let written = crate::json::write(&position);
        assert!(
            nulls.iter().all(|field| written.contains(&format!("\"{field}\":null"))),
            "{written}"
        );
    }
}

/// A document that many have written and deleted in, each somewhere in what was there before.
fn document_of(writers: u64) -> Replica {
    let mut all = replica(u64::from(u32::MAX));
    for writer in 1..=writers {
        // Scattered, so that the order of the ids is not the order of the writing.
        let id = writer * 7_919 % 1_000_003;
        let mut one = replica(id);
        one.merge(&all.encode()).unwrap();
        let (at, len) = (id as u32 % (one.text_len() + 1), one.text_len());
        let mut update = one.edit(&[Splice::new(at, at, "word ")]);
        if writer % 3 == 0 {
            all.merge(&update).unwrap();
            update = one.edit(&[Splice::new(len / 2, len / 2 + 1, "")]);
        }
        all.merge(&update).unwrap();
    }
    all
}

#[test]
fn a_document_of_more_clients_than_yrs_takes_at_once_is_merged_in_parts() {
    let all = document_of(700);
    let state = all.encode();
    let (mut merged, mut shown) = (replica(1), replica(2));
    assert_eq!(merged.merge(&state).unwrap().added.len(), 700);
    let (splices, outcome) = shown.merge_text(std::slice::from_ref(&state));
    assert!(outcome.is_ok());
    assert_eq!(Splice::apply_all("", &splices), all.text());
    for replica in [merged, shown] {
        assert_eq!(replica.text(), all.text());
        assert_eq!(replica.encode(), state);
    }
}

#[test]
fn of_many_clients_the_part_without_a_gap_is_merged_and_the_rest_later() {
    let all = document_of(700);
    let mut some = document_of(20);
    let rest = all.diff(&some.state_vector()).unwrap();
    // To one who has nothing of it, what the first twenty wrote is missing.
    let mut late = replica(1);
    assert!(late.merge(&rest).unwrap().has_gap);
    late.merge(&all.encode()).unwrap();
    some.merge(&rest).unwrap();
    assert_eq!((late.text(), some.text()), (all.text(), all.text()));
    assert_eq!(late.encode(), some.encode());
}

#[test]
fn an_update_that_is_merged_in_steps_comes_to_the_same_and_can_be_given_up_between_them() {
    for writers in [3, 40, 700] {
        let document = document_of(writers);
        let state = document.encode();
        let (mut at_once, mut in_steps) = (replica(8_001), replica(8_002));
        let mut steps = 0;
        let whole = at_once.merge(&state).unwrap();
        let stepped = in_steps
            .merge_while(&state, || {
                steps += 1;
                true
            })
            .unwrap();
        assert_eq!(stepped, whole);
        assert_eq!(in_steps.text(), document.text());
        assert_eq!(in_steps.encode(), at_once.encode());
        assert!(writers < 40 || steps > writers / 32, "{steps} steps for {writers} writers");

        let mut given_up = replica(8_003);
        let outcome = given_up.merge_while(&state, || false);
        let is_small = steps == 0;
        assert_eq!(matches!(outcome, Err(MergeError::Costly)), !is_small, "{writers} writers");
    }
}

#[test]
fn many_splices_at_once_do_what_one_after_another_would() {
    // The numbers come from a linear congruential generator.
    let mut state = 11_u64;
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((state >> 33) % n) as u32
    };
    for round in 0..200 {
        let (mut ann, mut bob) = (replica(1), replica(2));
        let text = "one 🦦 two\n".repeat(1 + below(100) as usize);
        bob.merge(&ann.edit(&[Splice::new(0, 0, &*text)])).unwrap();
        let units: Vec<u16> = text.encode_utf16().collect();
        let is_edge =
            |at: u32| units.get(at as usize).is_none_or(|u| !(0xdc00..=0xdfff).contains(u));
        let mut splices = Vec::new();
        let mut at = 0;
        loop {
            let from = at + below(4);
            let to = from + below(3);
            if to > units.len() as u32 {
                break;
            }
            if is_edge(from) && is_edge(to) {
                splices.push(Splice::new(from, to, ["", "x", "🦧", "ab"][below(4) as usize]));
            }
            at = to;
        }
        let update = ann.edit(&splices);
        let expected = Splice::apply_all(&text, &splices);
        assert_eq!(ann.text(), expected, "round {round}");
        bob.merge(&update).unwrap();
        assert_eq!(bob.text(), expected, "round {round}");
    }
}
