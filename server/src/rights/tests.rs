use super::*;
use crate::access::{Person, Secret};

fn link(role: Role, expires: Option<u64>) -> Link {
    Link::new(Secret::link().unwrap().hash(), "for Ada", role, 10, expires)
}

fn with(links: &[&Link]) -> Rights {
    let mut rights = Rights::default();
    for &link in links {
        rights.apply(rights.adding(link.clone()).unwrap());
    }
    rights
}

fn pass(claim: Claim) -> Pass {
    let person = Person { id: "guest:1".into(), ..Person::default() };
    Pass { claim, person, until: None, key: None, is_ticket: false }
}

#[test]
fn a_link_is_good_for_what_it_says_until_it_ends_or_is_taken_back() {
    let viewer = link(Role::Viewer, Some(20));
    let mut rights = with(&[&viewer]);
    let by_id = pass(Claim::Link(viewer.id.clone()));
    let by_secret = pass(Claim::Secret(viewer.hash.clone()));
    for pass in [&by_id, &by_secret] {
        let admitted = Admitted { role: Role::Viewer, until: Some(20) };
        assert_eq!(rights.admit(pass, 19), Ok(admitted));
        assert_eq!(rights.admit(pass, 20), Err(Denied::Ended));
        assert_eq!(Rights::default().admit(pass, 19).map_err(drop), Err(()));
    }
    let wish = Wish { role: Some(Role::Editor), expires: Some(None), ..Wish::default() };
    rights.apply(rights.changing(&viewer.id, wish, 30).unwrap());
    let admitted = Admitted { role: Role::Editor, until: None };
    assert_eq!(rights.admit(&by_secret, 30), Ok(admitted));
    rights.apply(rights.revoking(&viewer.id, 30).unwrap());
    assert_eq!(rights.admit(&by_id, 30), Err(Denied::Revoked));
    assert_eq!(rights.admit(&by_secret, 30), Err(Denied::Unknown));
}

#[test]
fn whoever_is_sent_away_stays_away_as_long_as_was_said() {
    let mut rights = Rights::default();
    rights.apply(Change::Barred("guest:1".into(), 50));
    let pass = pass(Claim::Role(Role::Owner));
    assert_eq!(rights.admit(&pass, 49), Err(Denied::Barred));
    assert!(rights.admit(&pass, 50).is_ok());
}

#[test]
fn a_document_that_has_an_owner_keeps_one() {
    let (first, ends, editor) =
        (link(Role::Owner, None), link(Role::Owner, Some(99)), link(Role::Editor, None));
    let mut rights = with(&[&first, &ends, &editor]);
    let worse = Wish { role: Some(Role::Editor), ..Wish::default() };
    let ending = Wish { expires: Some(Some(99)), ..Wish::default() };
    assert_eq!(rights.revoking(&first.id, 50), Err(Unchanged::LastOwner));
    for wish in [worse, ending] {
        assert_eq!(rights.changing(&first.id, wish, 50), Err(Unchanged::LastOwner));
    }
    assert!(rights.revoking(&editor.id, 50).is_ok());
    let second = link(Role::Owner, None);
    rights.apply(rights.adding(second).unwrap());
    assert!(rights.revoking(&first.id, 50).is_ok());
}

#[test]
fn what_is_kept_comes_back_and_repeating_it_changes_nothing() {
    let mut rights = with(&[&link(Role::Owner, None), &link(Role::Viewer, Some(20))]);
    let used = rights.using(&pass(Claim::Link(rights.links()[0].id.clone())), 100).unwrap();
    rights.apply(used);
    rights.apply(Change::Barred("guest:2".into(), 50));
    rights.apply(rights.naming(&"7".into(), &"Ada".into(), 5).unwrap());
    let bytes = rights.encode();
    let mut again = Rights::default();
    for _ in 0..2 {
        again.read(&bytes).unwrap();
        assert_eq!(again, rights);
    }
    assert!(Rights::default().encode().is_empty());
    assert!(again.read(b"[{\"new\":1}]").is_err());
}

#[test]
fn a_link_that_was_used_lately_is_not_noted_again_and_no_secret_is_kept() {
    let secret = Secret::link().unwrap();
    let link = Link::new(secret.hash(), "x", Role::Editor, 1, None);
    let mut rights = with(&[&link]);
    let pass = pass(Claim::Secret(secret.hash()));
    rights.apply(rights.using(&pass, 100).unwrap());
    assert_eq!(rights.using(&pass, 159), None);
    assert!(rights.using(&pass, 160).is_some());
    let kept = String::from_utf8(rights.encode()).unwrap();
    assert!(!kept.contains(&secret.text()[3..]));
}

#[test]
fn people_and_links_have_their_most() {
    let mut rights = Rights::default();
    for n in 0..PEOPLE as u64 + 10 {
        rights.apply(Change::Named(format!("{n}").into(), "x".into(), n));
    }
    assert_eq!(rights.people().count(), PEOPLE);
    assert_eq!(rights.name_of("0"), None);
    for _ in 0..LINKS {
        rights.apply(rights.adding(link(Role::Viewer, None)).unwrap());
    }
    assert_eq!(rights.adding(link(Role::Viewer, None)), Err(Unchanged::TooMany));
}
