//! The format is frozen: the schema may grow and nothing else. The frozen copy is a fixture that is never made anew.

use std::collections::BTreeSet;

use anju_domain::schema::bundle;
use serde_json::{Map, Value, json};

/// Keywords that say nothing about what is valid.
const WORDS: [&str; 3] = ["description", "title", "$schema"];

fn frozen() -> Value {
    serde_json::from_str(include_str!("../../../../tests/fixtures/format/1.0/bundle.schema.json")).expect("JSON")
}

/// What a schema of today takes away from a frozen one, or demands anew; empty when it only adds.
fn losses(frozen: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", frozen, now, &mut found);
    found
}

fn compare(path: &str, frozen: &Value, now: &Value, found: &mut Vec<String>) {
    let (Value::Object(frozen), Value::Object(now)) = (frozen, now) else {
        if frozen != now {
            found.push(format!("{path}: {frozen} became {now}"));
        }
        return;
    };
    let is_closed = frozen.get("additionalProperties") == Some(&json!(false));
    for (word, was) in frozen.iter().filter(|(word, _)| !WORDS.contains(&word.as_str())) {
        let here = format!("{path}/{word}");
        let Some(is) = now.get(word) else {
            found.push(format!("{here} is gone"));
            continue;
        };
        match word.as_str() {
            "properties" | "patternProperties" | "$defs" => members(&here, was, is, is_closed, found),
            "type" => subset(&here, &list(was), &list(is), found),
            "enum" => subset(&here, &list(was), &list(is), found),
            // What was promised to be there has to be, and no writer of today knows what would be required anew.
            "required" if texts(was) != texts(is) => found.push(format!("{here} is {is} and was {was}")),
            "required" => {}
            "oneOf" | "anyOf" | "allOf" => alternatives(&here, &list(was), &list(is), found),
            "items" | "additionalProperties" | "then" => compare(&here, was, is, found),
            _ if was != is => found.push(format!("{here}: {was} became {is}")),
            _ => {}
        }
    }
    let is_new = |word: &&String| !frozen.contains_key(*word) && !WORDS.contains(&word.as_str());
    for word in now.keys().filter(is_new) {
        // Any keyword narrows, except a list of members where nothing was said of any.
        if word != "properties" || is_closed {
            found.push(format!("{path}/{word} is new"));
        }
    }
}

fn members(path: &str, frozen: &Value, now: &Value, is_closed: bool, found: &mut Vec<String>) {
    let empty = Map::new();
    let (was, is) = (frozen.as_object().unwrap_or(&empty), now.as_object().unwrap_or(&empty));
    for (name, schema) in was {
        match is.get(name) {
            Some(now) => compare(&format!("{path}/{name}"), schema, now, found),
            None => found.push(format!("{path}/{name} is gone")),
        }
    }
    if is_closed {
        for name in is.keys().filter(|name| !was.contains_key(*name)) {
            found.push(format!("{path}/{name} is new where nothing may be added"));
        }
    }
}

fn alternatives(path: &str, frozen: &[Value], now: &[Value], found: &mut Vec<String>) {
    for was in frozen {
        if !now.iter().any(|is| losses(was, is).is_empty()) {
            found.push(format!("{path}: {was} is gone or narrower"));
        }
    }
}

fn subset(path: &str, frozen: &[Value], now: &[Value], found: &mut Vec<String>) {
    for was in frozen.iter().filter(|was| !now.contains(was)) {
        found.push(format!("{path}: {was} is gone"));
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn texts(value: &Value) -> BTreeSet<String> {
    list(value).iter().map(ToString::to_string).collect()
}

#[test]
fn the_schema_only_grows() {
    assert_eq!(losses(&frozen(), &bundle()), Vec::<String>::new());
}

#[track_caller]
fn refused(change: impl Fn(&mut Value), says: &str) {
    let mut changed = frozen();
    change(&mut changed);
    let found = losses(&frozen(), &changed);
    assert!(found.iter().any(|loss| loss.contains(says)), "{says}: {found:?}");
}

#[track_caller]
fn allowed(change: impl Fn(&mut Value)) {
    let mut changed = frozen();
    change(&mut changed);
    assert_ne!(changed, frozen());
    assert_eq!(losses(&frozen(), &changed), Vec::<String>::new());
}

fn object<'a>(schema: &'a mut Value, path: &str) -> &'a mut Map<String, Value> {
    schema.pointer_mut(path).and_then(Value::as_object_mut).expect("an object")
}

fn array<'a>(schema: &'a mut Value, path: &str) -> &'a mut Vec<Value> {
    schema.pointer_mut(path).and_then(Value::as_array_mut).expect("an array")
}

#[test]
fn whatever_takes_away_is_refused() {
    refused(|s| drop(object(s, "/properties").remove("counts")), "/properties/counts is gone");
    refused(|s| drop(object(s, "/$defs/Party/properties").remove("phone")), "phone is gone");
    refused(|s| drop(object(s, "/$defs").remove("Tenure")), "/$defs/Tenure is gone");
    refused(|s| s["$defs"]["Head"]["properties"]["seq"]["type"] = json!("string"), "\"integer\" is gone");
    refused(|s| s["$defs"]["Head"]["properties"]["why"]["type"] = json!("string"), "\"null\" is gone");
    refused(|s| s["$defs"]["Head"]["properties"]["at"] = json!({"type": "string"}), "/at/$ref is gone");
    refused(|s| array(s, "/required").push(json!("attachments")), "/required is");
    refused(|s| drop(array(s, "/required").pop()), "/required is");
    refused(|s| drop(object(s, "/$defs/Piece").remove("required")), "/Piece/required is gone");
    refused(|s| s["$defs"]["House"]["required"] = json!(["room"]), "/House/required is new");
    refused(|s| drop(array(s, "/$defs/CaseKind/anyOf/0/enum").pop()), "CaseKind/anyOf");
    refused(|s| drop(array(s, "/$defs/CaseKind/anyOf").pop()), "CaseKind/anyOf");
    refused(|s| drop(array(s, "/$defs/LoyaltyRule/oneOf").pop()), "LoyaltyRule/oneOf");
    refused(|s| drop(array(s, "/$defs/Write/allOf").pop()), "Write/allOf");
    refused(|s| s["properties"]["version"]["pattern"] = json!("^1\\.[1-9]$"), "pattern");
    refused(|s| s["$defs"]["Party"]["properties"]["name"]["maxLength"] = json!(9), "maxLength is new");
    refused(|s| s["$defs"]["Place"]["additionalProperties"] = json!(false), "true became false");
    refused(|s| s["$defs"]["Write"]["properties"]["more"] = json!(true), "nothing may be added");
    refused(|s| s["$defs"]["Header"]["additionalProperties"] = json!(false), "additionalProperties is new");
    refused(|s| s["$defs"]["Other"]["required"] = json!(["kind", "id"]), "/Other/required is");
}

#[test]
fn whatever_adds_is_allowed() {
    allowed(|s| s["properties"]["more"] = json!({"type": "string"}));
    allowed(|s| s["$defs"]["Party"]["properties"]["nickname"] = json!({"type": "string"}));
    allowed(|s| s["$defs"]["Meter"] = json!({"type": "object", "required": ["house"]}));
    allowed(|s| array(s, "/$defs/CaseKind/anyOf/0/enum").push(json!("thanks")));
    allowed(|s| array(s, "/$defs/LoyaltyRule/oneOf").push(json!({"const": "loyal_top3", "type": "string"})));
    allowed(|s| array(s, "/$defs/Write/allOf").push(json!({"if": {}, "then": {}})));
    allowed(|s| s["$defs"]["Head"]["properties"]["by"]["description"] = json!("Who did it."));
    allowed(|s| s["$defs"]["Head"]["properties"]["wall"]["type"] = json!(["integer", "null"]));
}
