use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::super::{Fresh, Role};
use super::*;

const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];
const MINUTE: Duration = Duration::from_secs(60);

fn doc(name: &str) -> DocId {
    DocId::new(name).unwrap()
}

fn scope(docs: &[&str], role: Role) -> Scope {
    let docs = docs.iter().map(|&name| name.to_owned()).collect();
    Scope { docs, prefix: None, role, person: Person::default(), is_open: false }
}

fn tokens(key: &[u8; KEY_BYTES], keys: Keys) -> (watch::Sender<Arc<Keys>>, Tokens) {
    let keys = watch::Sender::new(Arc::new(keys));
    let tokens = Tokens::new(key, keys.subscribe());
    (keys, tokens)
}

fn role(pass: Result<Pass, Denied>) -> Result<Role, Denied> {
    pass.map(|pass| match pass.claim {
        Claim::Role(role) => role,
        claim => panic!("{claim:?}"),
    })
}

#[test]
fn a_token_says_what_it_was_made_to_say_and_only_to_the_server_that_made_it() {
    let (_keys, ours) = tokens(&KEY, Keys::default());
    let (_, theirs) = tokens(&[8; KEY_BYTES], Keys::default());
    let token = ours.mint(scope(&["a", "b/c"], Role::Viewer), MINUTE).token;
    assert_eq!(role(ours.pass(&token, &doc("b/c"), false)), Ok(Role::Viewer));
    assert_eq!(ours.pass(&token, &doc("b"), false), Err(Denied::Elsewhere));
    assert_eq!(theirs.pass(&token, &doc("a"), false), Err(Denied::Unknown));
    let (head, _signature) = token.rsplit_once('.').unwrap();
    for foreign in ["an app's own", head, &format!("{head}."), &"x".repeat(TOKEN_BYTES + 1)] {
        assert_eq!(ours.pass(foreign, &doc("a"), false), Err(Denied::Unknown), "{foreign}");
    }
}

#[test]
fn a_prefix_is_good_for_every_name_that_begins_with_it() {
    let (_keys, tokens) = tokens(&KEY, Keys::default());
    let scope = Scope { prefix: Some("team/".into()), ..scope(&[], Role::Editor) };
    let token = tokens.mint(scope, MINUTE).token;
    assert_eq!(role(tokens.pass(&token, &doc("team/x"), false)), Ok(Role::Editor));
    assert_eq!(tokens.pass(&token, &doc("teams"), false), Err(Denied::Elsewhere));
}

fn signed(
    claims: &serde_json::Value,
    algorithm: Algorithm,
    kid: Option<&str>,
    key: &EncodingKey,
) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(body).unwrap()
}

#[test]
fn an_apps_keys_vouch_side_by_side_until_they_are_removed() {
    let (old, new) = (Fresh::shared(1).unwrap(), Fresh::pair(2).unwrap());
    let mut keys = Keys::default();
    let (old_id, new_id) = (old.key.id.clone(), new.key.id.clone());
    keys.add(old.key).unwrap();
    keys.add(new.key).unwrap();
    let (sender, tokens) = tokens(&KEY, keys.clone());
    let claims = serde_json::json!({
        "aud": ["codraft", "another"], "exp": now() + 60, "sub": "7", "name": "Ada", "color": 3,
        "docs": ["a"], "role": "owner", "ticket": { "link": "forged" },
    });
    let secret = EncodingKey::from_secret(old.signing.as_bytes());
    let private = EncodingKey::from_ed_der(&der(&new.signing));
    for (algorithm, key, id) in
        [(Algorithm::HS256, &secret, &old_id), (Algorithm::EdDSA, &private, &new_id)]
    {
        for kid in [None, Some(&**id)] {
            let pass =
                tokens.pass(&signed(&claims, algorithm, kid, key), &doc("a"), false).unwrap();
            assert_eq!(pass.key, Some(id.clone()));
            assert_eq!(pass.claim, Claim::Role(Role::Owner), "an app gives out no tickets");
            assert_eq!((&*pass.person.id, pass.person.name.as_deref()), ("7", Some("Ada")));
        }
    }
    let token = signed(&claims, Algorithm::HS256, Some(&new_id), &secret);
    assert_eq!(
        tokens.pass(&token, &doc("a"), false),
        Err(Denied::Unknown),
        "another key than it names"
    );
    let token = signed(&claims, Algorithm::HS256, None, &secret);
    keys.remove(&old_id).unwrap();
    sender.send_replace(Arc::new(keys));
    assert_eq!(tokens.pass(&token, &doc("a"), false), Err(Denied::Unknown));
}

#[test]
fn a_token_counts_until_its_time_is_over_and_only_if_it_was_made_for_us() {
    let (_keys, tokens) = tokens(&KEY, Keys::default());
    let token = |claims| signed(&claims, Algorithm::HS256, None, &tokens.signing);
    let far = now() + 1_000;
    let whole = serde_json::json!({"aud": "codraft", "exp": far, "docs": ["a"], "role": "viewer"});
    assert_eq!(role(tokens.pass(&token(whole.clone()), &doc("a"), false)), Ok(Role::Viewer));
    for (claim, value, denied) in [
        ("exp", 1.into(), Denied::Expired),
        ("aud", "another".into(), Denied::Unknown),
        ("nbf", far.into(), Denied::Unknown),
        ("role", "king".into(), Denied::Unknown),
        ("role", serde_json::Value::Null, Denied::Unknown),
        ("exp", serde_json::Value::Null, Denied::Unknown),
        ("aud", serde_json::Value::Null, Denied::Unknown),
        ("sub", "x".repeat(PERSON_BYTES + 1).into(), Denied::Unknown),
        ("sub", "admin".into(), Denied::Unknown),
        ("sub", "guest:1".into(), Denied::Unknown),
        ("open", true.into(), Denied::Unknown),
    ] {
        let mut claims = whole.clone();
        claims[claim] = value;
        assert_eq!(tokens.pass(&token(claims.clone()), &doc("a"), false), Err(denied), "{claims}");
    }
}

#[test]
fn no_algorithm_of_the_tokens_choosing_counts() {
    let fresh = Fresh::pair(1).unwrap();
    let mut keys = Keys::default();
    let public = serde_json::to_value(&fresh.key).unwrap()["public"].as_str().unwrap().to_owned();
    keys.add(fresh.key).unwrap();
    let (_sender, tokens) = tokens(&KEY, keys);
    let claims =
        serde_json::json!({"aud": "codraft", "exp": now() + 60, "docs": ["a"], "role": "owner"});
    // The public key taken for a secret, and another hash than the one it is for.
    let confused = EncodingKey::from_secret(public.as_bytes());
    for token in [
        signed(&claims, Algorithm::HS256, None, &confused),
        signed(&claims, Algorithm::HS512, None, &tokens.signing),
    ] {
        assert_eq!(tokens.pass(&token, &doc("a"), false), Err(Denied::Unknown));
    }
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    for none in ["none", "None", "NONE"] {
        let header = part(&format!("{{\"alg\":\"{none}\",\"typ\":\"JWT\"}}"));
        let token = format!("{header}.{}.", part(&claims.to_string()));
        assert_eq!(tokens.pass(&token, &doc("a"), false), Err(Denied::Unknown), "{none}");
    }
}

#[test]
fn a_ticket_is_short_and_carries_what_it_stands_for() {
    let (_keys, tokens) = tokens(&KEY, Keys::default());
    let person = Person { id: "guest:1".into(), ..Person::default() };
    let pass = Pass {
        claim: Claim::Link("l1".into()),
        person,
        until: Some(9),
        key: Some("k".into()),
        is_ticket: true,
    };
    let ticket = tokens.ticket(&doc("a"), pass.clone(), Some("l1".into()));
    assert!(ticket.expires <= now() + TICKET.as_secs());
    assert_eq!(tokens.pass(&ticket.token, &doc("a"), false), Ok(pass));
    assert_eq!(tokens.pass(&ticket.token, &doc("b"), false), Err(Denied::Elsewhere));
}

#[test]
fn whoever_is_not_named_is_the_same_guest_with_each_token_that_says_the_same() {
    let (_keys, tokens) = tokens(&KEY, Keys::default());
    let id = |scope: Scope, valid_for, is_open| {
        let token = tokens.mint(scope, valid_for).token;
        tokens.pass(&token, &doc("a"), is_open).unwrap().person.id
    };
    let first = id(scope(&["a"], Role::Editor), MINUTE, false);
    assert!(first.starts_with("guest:"));
    assert_eq!(id(scope(&["a"], Role::Editor), 2 * MINUTE, false), first);
    assert_ne!(id(scope(&["a"], Role::Viewer), MINUTE, false), first);
    assert!(id(scope(&["a"], Role::Editor), MINUTE, true).is_empty(), "nobody asks");
}
