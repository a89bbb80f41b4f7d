//! Tokens: JSON Web Tokens (RFC 7519) that say who their bearer is and what they may do in which documents. It knows keys and
//! names of documents, not what is in these.
//!
//! A token of an app is signed with one of the keys that were made for it. A *ticket* is a token of the server's own: good
//! for a minute and one document, so that it may stand in an address, where no lasting secret may.

use std::sync::Arc;
use std::time::Duration;

use codraft_core::DocId;
use codraft_core::presence::clean_name;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{Claim, Denied, KEY_BYTES, Keys, Pass, Person, Role, is_for_apps, now};

/// What this server calls itself in a token: one that was made for something else is not for us.
const AUDIENCE: &str = "codraft";
/// How far clocks may be apart.
const LEEWAY_SECONDS: u64 = 5;
/// Characters of a token that are looked at.
const TOKEN_BYTES: usize = 8 << 10;
/// Bytes of a person's id: it stands in every record they write.
pub(crate) const PERSON_BYTES: usize = 128;
/// The latest time that is told from for ever, in seconds since 1970: the year 2242.
const TIME_MOST: u64 = 1 << 33;
/// How long a ticket is good for.
pub(crate) const TICKET: Duration = Duration::from_secs(60);

/// What a token says.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Claims {
    aud: Audience,
    /// Seconds since 1970.
    exp: u64,
    /// Who it is: the same for all connections of one person, and not a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sub: String,
    /// Names of documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    docs: Vec<String>,
    /// What names of documents begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    /// What others see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// An index into the palette.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    color: Option<u8>,
    /// It was made for anybody who asked, where everybody may do everything: elsewhere it is worth nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    open: bool,
    /// Of a ticket: what it was given out for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<Ticket>,
}

/// `aud` is one string or several.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Audience(serde_json::Value);

/// What stands behind a ticket.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Ticket {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Arc<str>>,
}

/// Whom a token is made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) docs: Vec<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) role: Role,
    pub(crate) person: Person,
    /// Anybody could have had it made.
    pub(crate) is_open: bool,
}

/// A token that was made, and when it ends, in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Minted {
    pub(crate) token: String,
    pub(crate) expires: u64,
}

/// Makes tokens and reads them.
#[derive(Clone)]
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    keys: watch::Receiver<Arc<Keys>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    /// Those of a server with this key of its own, and apps with these.
    pub(crate) fn new(key: &[u8; KEY_BYTES], keys: watch::Receiver<Arc<Keys>>) -> Self {
        let (signing, checking) = (EncodingKey::from_secret(key), DecodingKey::from_secret(key));
        Self { signing, checking, keys }
    }

    /// The keys of apps, as they are at the moment.
    pub(super) fn keys(&self) -> Arc<Keys> {
        self.keys.borrow().clone()
    }

    /// A token of the server's own, good for as long as said.
    pub(crate) fn mint(&self, scope: Scope, valid_for: Duration) -> Minted {
        let Scope { docs, prefix, role, person, is_open } = scope;
        let role = Some(role);
        let claims = Claims { docs, prefix, role, open: is_open, ..Claims::of(person) };
        self.sign(claims, valid_for)
    }

    /// A ticket for whoever has this pass for a document.
    pub(crate) fn ticket(&self, document: &DocId, pass: Pass, link: Option<Arc<str>>) -> Minted {
        let Pass { claim, person, until, key, .. } = pass;
        let role = if let Claim::Role(role) = claim { Some(role) } else { None };
        let ticket = Some(Ticket { link, until, key });
        let docs = vec![document.as_str().to_owned()];
        self.sign(Claims { docs, role, ticket, ..Claims::of(person) }, TICKET)
    }

    fn sign(&self, mut claims: Claims, valid_for: Duration) -> Minted {
        claims.exp = now().saturating_add(valid_for.as_secs());
        claims.aud = Audience(AUDIENCE.into());
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing);
        Minted { token: token.expect("plain claims can be signed"), expires: claims.exp }
    }

    /// What somebody with this token may do in a document.
    pub(super) fn pass(
        &self,
        token: &str,
        document: &DocId,
        is_open: bool,
    ) -> Result<Pass, Denied> {
        // No token is an empty one in Hocuspocus's dialect.
        if token.is_empty() {
            return Err(Denied::Nothing);
        }
        if token.len() > TOKEN_BYTES {
            return Err(Denied::Unknown);
        }
        let (claims, key) = self.read(token)?;
        if claims.open && !is_open {
            return Err(Denied::Unknown);
        }
        let is_named = claims.docs.iter().any(|name| name == document.as_str())
            || claims.prefix.as_ref().is_some_and(|prefix| document.as_str().starts_with(prefix));
        if !is_named {
            return Err(Denied::Elsewhere);
        }
        claims.into_pass(key).ok_or(Denied::Unknown)
    }

    /// What a token says that one of our keys has signed, and which it was, if not the server's own. A token that names its
    /// key is held to that.
    fn read(&self, token: &str) -> Result<(Claims, Option<Arc<str>>), Denied> {
        let kid = jsonwebtoken::decode_header(token).map_err(|_| Denied::Unknown)?.kid;
        if kid.is_none() {
            match read_with(token, &self.checking, Algorithm::HS256) {
                Err(Denied::Unknown) => {}
                read => return read.map(|claims| (claims, None)),
            }
        }
        let keys = self.keys.borrow().clone();
        let may_be = |id: &str| kid.as_ref().is_none_or(|kid| kid == id);
        for key in keys.iter().filter(|key| may_be(&key.id)) {
            let Some(checking) = key.checking() else { continue };
            match read_with(token, &checking, key.algorithm()) {
                Err(Denied::Unknown) => {}
                // What only the server gives out counts only from the server.
                read => {
                    let claims = read?;
                    return Ok((Claims { ticket: None, ..claims }, Some(key.id.clone())));
                }
            }
        }
        Err(Denied::Unknown)
    }
}

fn read_with(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Claims, Denied> {
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["aud", "exp"]);
    validation.leeway = LEEWAY_SECONDS;
    validation.validate_nbf = true;
    // The signature is looked at before the time.
    let denied = |error: Error| match error.kind() {
        ErrorKind::ExpiredSignature => Denied::Expired,
        _ => Denied::Unknown,
    };
    jsonwebtoken::decode::<Claims>(token, key, &validation)
        .map(|token| token.claims)
        .map_err(denied)
}

impl Claims {
    fn of(person: Person) -> Self {
        let Person { id, name, color } = person;
        let (sub, name) = (id.as_ref().to_owned(), name.map(|name| name.as_ref().to_owned()));
        Self { sub, name, color, ..Self::default() }
    }

    /// None when it does not say what is allowed, or who it is in too many words.
    fn into_pass(self, key: Option<Arc<str>>) -> Option<Pass> {
        let Self { exp, sub, role, name, color, ticket, .. } = self;
        // Of a ticket it may be a guest.
        if ticket.is_none() && !sub.is_empty() && !is_for_apps(&sub) {
            return None;
        }
        let exp = exp.min(TIME_MOST) + LEEWAY_SECONDS;
        let name = name.map(|name| clean_name(&name)).filter(|name| !name.is_empty());
        let person = Person { id: sub.into(), name: name.map(Into::into), color };
        let Some(Ticket { link, until, key }) = ticket else {
            let (claim, until) = (Claim::Role(role?), Some(exp));
            return Some(Pass { claim, person, until, key, is_ticket: false });
        };
        let claim = match link {
            Some(link) => Claim::Link(link),
            None => Claim::Role(role?),
        };
        Some(Pass { claim, person, until, key, is_ticket: true })
    }
}

#[cfg(test)]
mod tests {
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
        let whole =
            serde_json::json!({"aud": "codraft", "exp": far, "docs": ["a"], "role": "viewer"});
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
            assert_eq!(
                tokens.pass(&token(claims.clone()), &doc("a"), false),
                Err(denied),
                "{claims}"
            );
        }
    }

    #[test]
    fn no_algorithm_of_the_tokens_choosing_counts() {
        let fresh = Fresh::pair(1).unwrap();
        let mut keys = Keys::default();
        let public =
            serde_json::to_value(&fresh.key).unwrap()["public"].as_str().unwrap().to_owned();
        keys.add(fresh.key).unwrap();
        let (_sender, tokens) = tokens(&KEY, keys);
        let claims = serde_json::json!({"aud": "codraft", "exp": now() + 60, "docs": ["a"], "role": "owner"});
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
}
