use super::*;

fn entry(client: u64, clock: u32, state: Option<&str>) -> Entry {
    Entry { client, clock, state: state.map(Into::into) }
}

fn apply(presence: &mut Presence, owner: u64, entries: &[Entry]) -> Applied {
    presence.apply(owner, &encode(entries), 0).unwrap()
}

#[test]
fn a_state_is_accepted_only_with_a_higher_clock() {
    let mut presence = Presence::new();
    let first = entry(1, 1, Some("{}"));
    assert_eq!(
        apply(&mut presence, 7, std::slice::from_ref(&first)).accepted,
        std::slice::from_ref(&first)
    );
    assert_eq!(apply(&mut presence, 7, &[first]), Applied::default());
    let gone = entry(1, 1, None);
    assert_eq!(apply(&mut presence, 7, std::slice::from_ref(&gone)).accepted, [gone]);
    assert_eq!(presence.everyone(), []);
}

#[test]
fn nobody_speaks_for_a_client_on_another_connection() {
    let mut presence = Presence::new();
    apply(&mut presence, 7, &[entry(1, 1, Some("{\"a\":1}"))]);
    assert_eq!(apply(&mut presence, 8, &[entry(1, 9, None)]), Applied::default());
    assert_eq!(presence.state(1), Some("{\"a\":1}"));
}

#[test]
fn a_connection_that_ends_takes_its_clients_along_at_their_last_clock() {
    let mut presence = Presence::new();
    apply(&mut presence, 7, &[entry(1, 4, Some("{}")), entry(2, 2, Some("{}"))]);
    apply(&mut presence, 8, &[entry(3, 1, Some("{}"))]);
    let mut gone = presence.leave(7, 10);
    gone.sort_by_key(|entry| entry.client);
    assert_eq!(gone, [entry(1, 4, None), entry(2, 2, None)]);
    assert_eq!(presence.everyone(), [entry(3, 1, Some("{}"))]);
}

#[test]
fn a_late_echo_does_not_bring_back_who_left_but_tells_its_clock() {
    let mut presence = Presence::new();
    apply(&mut presence, 7, &[entry(1, 4, Some("{}"))]);
    presence.leave(7, 0);
    let applied = apply(&mut presence, 8, &[entry(1, 4, Some("{}"))]);
    assert_eq!(applied, Applied { accepted: vec![], stale: vec![entry(1, 4, None)] });
    let back = entry(1, 5, Some("{}"));
    assert_eq!(apply(&mut presence, 9, std::slice::from_ref(&back)).accepted, [back]);
}

#[test]
fn silence_ends_presence_and_later_its_memory() {
    let mut presence = Presence::new();
    apply(&mut presence, 7, &[entry(1, 4, Some("{}"))]);
    assert_eq!(presence.expire(EXPIRY_MS - 1), []);
    assert_eq!(presence.expire(EXPIRY_MS), [entry(1, 4, None)]);
    assert_eq!(presence.expire(3 * EXPIRY_MS), []);
    assert!(presence.clients.is_empty());
}

#[test]
fn hostile_states_are_refused() {
    let deep = "[".repeat(33) + &"]".repeat(33);
    let long = format!("\"{}\"", "x".repeat(AWARENESS_BYTES));
    for state in [deep.as_str(), long.as_str(), "{", "undefined", ""] {
        assert!(Presence::new().apply(1, &encode(&[entry(1, 1, Some(state))]), 0).is_err());
    }
    assert!(read(&[0xff, 0xff, 0x7f]).is_err());
    assert!(read(&[0, 0]).is_err());
    assert!(read(&encode(&[entry(1, 1, Some("\"[[[[\\\"[[[[\""))])).is_ok());
}
