//! The published JSON Schema is the one that the types make, and nothing that grows is a field.

use anju_domain::records::Kind;
use anju_domain::schema::{bundle, record_name};
use anju_domain::surveys::model::{Group, Response, Stage};
use serde_json::{Value, json};

#[test]
fn the_published_schema_is_the_one_that_the_types_make() {
    let published: Value = serde_json::from_str(include_str!("../../../../docs/bundle.schema.json")).expect("JSON");
    assert_eq!(
        published,
        bundle(),
        "run: cargo run -p anju-domain --example schema --features schema > docs/bundle.schema.json"
    );
}

#[test]
fn no_field_of_a_record_is_a_list() {
    let schema = bundle();
    for name in Kind::ALL.into_iter().filter_map(record_name) {
        let fields = schema["$defs"][&*name]["properties"].as_object().expect("a record has fields");
        for (field, described) in fields {
            assert!(!holds_a_list(&schema, described), "{name}.{field} is a list; make its entries records");
        }
    }
}

fn holds_a_list(schema: &Value, described: &Value) -> bool {
    match described {
        Value::Object(members) => members.iter().any(|(name, value)| match name.as_str() {
            "type" => value == "array" || value.as_array().is_some_and(|types| types.contains(&json!("array"))),
            "items" | "prefixItems" => true,
            "$ref" => {
                let path = value.as_str().and_then(|text| text.strip_prefix('#')).expect("a reference within");
                holds_a_list(schema, schema.pointer(path).expect("what is referred to"))
            }
            _ => holds_a_list(schema, value),
        }),
        Value::Array(items) => items.iter().any(|item| holds_a_list(schema, item)),
        _ => false,
    }
}

#[test]
fn a_list_in_a_field_would_be_found() {
    let schema = json!({"$defs": {"Names": {"type": "array", "items": {"type": "string"}}}});
    for described in [
        json!({"type": "array"}),
        json!({"type": ["array", "null"]}),
        json!({"$ref": "#/$defs/Names"}),
        json!({"anyOf": [{"$ref": "#/$defs/Names"}, {"type": "null"}]}),
        json!({"type": "object", "additionalProperties": {"type": "array"}}),
    ] {
        assert!(holds_a_list(&schema, &described), "{described}");
    }
    assert!(!holds_a_list(&schema, &json!({"type": "object", "additionalProperties": {"type": "integer"}})));
}

#[test]
fn every_field_that_an_answer_writes_is_described() {
    let text = || Some("x".to_owned());
    let response = Response {
        wave: text(),
        number: text(),
        invitation: text(),
        house: text(),
        party: text(),
        city: text(),
        project: text(),
        group: Some(Group::NewOwner),
        stage: Some(Stage::Settled),
        channel: text(),
        questionnaire: text(),
        finished_at: text(),
        sample: true,
        test: true,
        ..Response::default()
    };
    let schema = bundle();
    let described = &schema["$defs"]["Response"]["properties"];
    for (field, _) in serde_json::to_value(response).expect("fields").as_object().expect("an object") {
        assert!(described.get(field).is_some(), "{field}");
    }
}
