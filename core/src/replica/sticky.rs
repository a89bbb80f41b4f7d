//! Sticky positions in the JSON of Yjs's relative positions. It knows no text.

use yrs::block::ClientID;
use yrs::{Assoc, ID, IndexScope, StickyIndex};

use crate::json::{self, Json};
use crate::limits::CLIENT_ID_MAX;

/// As `JSON.stringify` of a Yjs relative position, null fields and all: y-codemirror.next takes it for one as it is, and
/// breaks off over a field that is not there.
pub(super) fn to_json(sticky: &StickyIndex) -> Json {
    let (mut nested, mut root, mut item) = (Json::Null, Json::Null, Json::Null);
    match sticky.scope() {
        IndexScope::Relative(id) => item = id_to_json(id),
        IndexScope::Nested(id) => nested = id_to_json(id),
        IndexScope::Root(name) => root = Json::from(name.clone()),
    }
    let assoc = Json::from(if sticky.assoc == Assoc::Before { -1 } else { 0 });
    json::object([("type", nested), ("tname", root), ("item", item), ("assoc", assoc)])
}

fn id_to_json(id: &ID) -> Json {
    json::object([("client", Json::from(id.client.get() as i64)), ("clock", Json::from(id.clock))])
}

/// From outside JSON; an item wins over a type, as in Yjs.
pub(super) fn from_json(json: &Json) -> Option<StickyIndex> {
    let before = matches!(json::field(json, "assoc"), Some(Json::Number(assoc)) if assoc.as_f64().is_some_and(|assoc| assoc < 0.0));
    let scope = if let Some(item) = json::field(json, "item") {
        IndexScope::Relative(id_from_json(item)?)
    } else if let Some(parent) = json::field(json, "type") {
        IndexScope::Nested(id_from_json(parent)?)
    } else {
        IndexScope::Root(Some(json::string(json, "tname")).filter(|name| !name.is_empty())?.into())
    };
    Some(StickyIndex::new(scope, if before { Assoc::Before } else { Assoc::After }))
}

fn id_from_json(json: &Json) -> Option<ID> {
    let client = json::number(json, "client").filter(|&client| client <= CLIENT_ID_MAX)?;
    let clock = u32::try_from(json::number(json, "clock")?).ok()?;
    Some(ID::new(ClientID::new(client), clock))
}
