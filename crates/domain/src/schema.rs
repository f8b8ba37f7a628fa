//! The JSON Schema of bundles, made from the types that read and write them.
//!
//! Behind the feature `schema`, which only the generator (`cargo run -p anju-domain --example schema`) and the tests
//! turn on. A schema describes what this version writes; what a newer one adds is allowed everywhere. It checks no
//! hash and no checksum: `docs/bundle-format.md` says how those are made.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::archive::contacts::{Consent, Contact};
use crate::archive::model::{House, OrganisationRecord, Party, Place, Relation, Staff, Tenure, Vehicle};
use crate::archive::normalise::DocumentKind;
use crate::archive::title::{Lineage, Transfer};
use crate::archive::views::{Snooze, View};
use crate::attachments::model::Attachment;
use crate::bundle::{Counts, Header, Signature};
use crate::calendar::model::{CalendarDay, WorkCalendar};
use crate::calendar::time::Hours;
use crate::cases::model::{Case, CaseEvent, CaseTarget, VisitRule};
use crate::fields::model::{CustomField, FieldChoice};
use crate::ids::{ActionId, WriteId};
use crate::log::action::Head;
use crate::log::hlc::Hlc;
use crate::posts::model::{Post, PostWord};
use crate::privacy::model::Restriction;
use crate::records::{DELETED, Kind};
use crate::staff::model::{Absence, Assignment};
use crate::standards::model::Standard;
use crate::surveys::command::QuestionnaireRecord;
use crate::surveys::model::{Response, Wave};
use crate::texts::model::Text;
use crate::trees::model::Term;
use crate::trust::model::Device;

const DIGEST: &str = "^[0-9a-f]{64}$";

/// The schema of the JSON spelling of a bundle.
#[must_use]
pub fn bundle() -> Value {
    let mut generator = SchemaGenerator::default();
    let header = generator.subschema_for::<Header>();
    let head = generator.subschema_for::<Head>();
    let counts = generator.subschema_for::<Counts>();
    let signature = generator.subschema_for::<Signature>();
    let write_id = generator.subschema_for::<WriteId>();
    let kinds: Vec<Value> = Kind::ALL
        .into_iter()
        .filter_map(|kind| {
            let fields = fields_of_kind(kind, &mut generator)?;
            Some(json!({
                "if": {"properties": {"kind": {"const": kind.name()}}},
                "then": {"properties": {"fields": fields}},
            }))
        })
        .collect();
    let mut definitions = generator.take_definitions(true);
    for kind in Kind::ALL {
        if let Some(record) = record_name(kind).and_then(|name| definitions.get_mut(&*name)) {
            open_record(record);
        }
    }
    definitions.extend(actions(&head, &write_id, &kinds));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Anju bundle, JSON spelling",
        "description": "Format version 1.0, frozen: it only grows. See bundle-format.md.",
        "type": "object",
        "required": ["format", "version", "header", "actions", "counts", "sha256"],
        "properties": {
            "format": {"const": "anju-bundle"},
            "version": {"type": "string", "pattern": "^1\\.[0-9]+$"},
            "header": header,
            "actions": {"type": "array", "items": {"$ref": "#/$defs/Action"}},
            "attachments": {"type": "array", "items": {"$ref": "#/$defs/Piece"}},
            "counts": counts,
            "signature": signature,
            "sha256": {"type": "string", "pattern": DIGEST},
        },
        "$defs": definitions,
    })
}

/// The name under `$defs` of the fields of a kind; `None` for a kind whose fields no code reads yet.
#[must_use]
pub fn record_name(kind: Kind) -> Option<Cow<'static, str>> {
    Some(match kind {
        Kind::Organisation => OrganisationRecord::schema_name(),
        Kind::Place => Place::schema_name(),
        Kind::House => House::schema_name(),
        Kind::Party => Party::schema_name(),
        Kind::Tenure => Tenure::schema_name(),
        Kind::Vehicle => Vehicle::schema_name(),
        Kind::Case => Case::schema_name(),
        Kind::Questionnaire => QuestionnaireRecord::schema_name(),
        Kind::Wave => Wave::schema_name(),
        Kind::Response => Response::schema_name(),
        Kind::Staff => Staff::schema_name(),
        Kind::Receipt => Receipt::schema_name(),
        Kind::Device => Device::schema_name(),
        Kind::Attachment => Attachment::schema_name(),
        Kind::Relation => Relation::schema_name(),
        Kind::Contact => Contact::schema_name(),
        Kind::Consent => Consent::schema_name(),
        Kind::Transfer => Transfer::schema_name(),
        Kind::Lineage => Lineage::schema_name(),
        Kind::View => View::schema_name(),
        Kind::Snooze => Snooze::schema_name(),
        Kind::Restriction => Restriction::schema_name(),
        Kind::Term => Term::schema_name(),
        Kind::Calendar => WorkCalendar::schema_name(),
        Kind::CalendarDay => CalendarDay::schema_name(),
        Kind::Assignment => Assignment::schema_name(),
        Kind::Text => Text::schema_name(),
        Kind::Standard => Standard::schema_name(),
        Kind::CustomField => CustomField::schema_name(),
        Kind::FieldChoice => FieldChoice::schema_name(),
        Kind::CaseEvent => CaseEvent::schema_name(),
        Kind::CaseTarget => CaseTarget::schema_name(),
        Kind::VisitRule => VisitRule::schema_name(),
        Kind::Absence => Absence::schema_name(),
        Kind::Post => Post::schema_name(),
        Kind::PostWord => PostWord::schema_name(),
        Kind::ClockCorrection => return None,
    })
}

fn fields_of_kind(kind: Kind, generator: &mut SchemaGenerator) -> Option<Schema> {
    Some(match kind {
        Kind::Organisation => generator.subschema_for::<OrganisationRecord>(),
        Kind::Place => generator.subschema_for::<Place>(),
        Kind::House => generator.subschema_for::<House>(),
        Kind::Party => generator.subschema_for::<Party>(),
        Kind::Tenure => generator.subschema_for::<Tenure>(),
        Kind::Vehicle => generator.subschema_for::<Vehicle>(),
        Kind::Case => generator.subschema_for::<Case>(),
        Kind::Questionnaire => generator.subschema_for::<QuestionnaireRecord>(),
        Kind::Wave => generator.subschema_for::<Wave>(),
        Kind::Response => generator.subschema_for::<Response>(),
        Kind::Staff => generator.subschema_for::<Staff>(),
        Kind::Receipt => generator.subschema_for::<Receipt>(),
        Kind::Device => generator.subschema_for::<Device>(),
        Kind::Attachment => generator.subschema_for::<Attachment>(),
        Kind::Relation => generator.subschema_for::<Relation>(),
        Kind::Contact => generator.subschema_for::<Contact>(),
        Kind::Consent => generator.subschema_for::<Consent>(),
        Kind::Transfer => generator.subschema_for::<Transfer>(),
        Kind::Lineage => generator.subschema_for::<Lineage>(),
        Kind::View => generator.subschema_for::<View>(),
        Kind::Snooze => generator.subschema_for::<Snooze>(),
        Kind::Restriction => generator.subschema_for::<Restriction>(),
        Kind::Term => generator.subschema_for::<Term>(),
        Kind::Calendar => generator.subschema_for::<WorkCalendar>(),
        Kind::CalendarDay => generator.subschema_for::<CalendarDay>(),
        Kind::Assignment => generator.subschema_for::<Assignment>(),
        Kind::Text => generator.subschema_for::<Text>(),
        Kind::Standard => generator.subschema_for::<Standard>(),
        Kind::CustomField => generator.subschema_for::<CustomField>(),
        Kind::FieldChoice => generator.subschema_for::<FieldChoice>(),
        Kind::CaseEvent => generator.subschema_for::<CaseEvent>(),
        Kind::CaseTarget => generator.subschema_for::<CaseTarget>(),
        Kind::VisitRule => generator.subschema_for::<VisitRule>(),
        Kind::Absence => generator.subschema_for::<Absence>(),
        Kind::Post => generator.subschema_for::<Post>(),
        Kind::PostWord => generator.subschema_for::<PostWord>(),
        Kind::ClockCorrection => return None,
    })
}

/// A change writes any of a record's fields, and any record may be deleted.
fn open_record(record: &mut Value) {
    let Some(record) = record.as_object_mut() else { return };
    record.remove("required");
    record.insert("additionalProperties".to_owned(), Value::Bool(true));
    if let Some(Value::Object(fields)) = record.get_mut("properties") {
        for field in fields.values_mut().filter_map(Value::as_object_mut) {
            field.remove("default");
        }
        fields.insert(
            DELETED.to_owned(),
            json!({"type": "boolean", "description": "Whether the record is deleted."}),
        );
    }
}

fn actions(head: &Schema, write_id: &Schema, kinds: &[Value]) -> Map<String, Value> {
    let text = json!({"type": "string"});
    let over = json!({
        "description": "Per field the writes that this one replaces.",
        "type": "object",
        "additionalProperties": {"type": "array", "items": write_id},
    });
    let change = |what: &str, required: Value, more: Value| {
        let mut properties = json!({"kind": text, "id": text});
        if let (Some(all), Value::Object(more)) = (properties.as_object_mut(), more) {
            all.extend(more);
        }
        json!({
            "description": what,
            "type": "object",
            "required": required,
            "properties": properties,
            "additionalProperties": false,
        })
    };
    let mut write = change(
        "Writes fields of a record.",
        json!(["kind", "id", "salt", "fields"]),
        json!({"over": over, "salt": text, "fields": {"type": "object"}}),
    );
    if let Some(write) = write.as_object_mut() {
        write.insert("allOf".to_owned(), json!(kinds));
    }
    let erase = change(
        "Drops every value that was or will be written to a record.",
        json!(["kind", "id", "op"]),
        json!({"op": {"const": "erase"}}),
    );
    let erased = change(
        "A write whose values an erasure has dropped.",
        json!(["kind", "id", "digest"]),
        json!({"over": over, "digest": {"type": "string", "pattern": DIGEST}}),
    );
    let action = json!({
        "description": "One action of the log.",
        "type": "object",
        "required": ["head", "changes", "hash"],
        "properties": {
            "head": head,
            "changes": {"type": "array", "items": {"$ref": "#/$defs/Change"}},
            "hash": {"type": "string", "pattern": DIGEST},
        },
    });
    let erased_other = change(
        "A change of a form that its writer did not know, dropped by an erasure.",
        json!(["kind", "id", "op", "digest"]),
        json!({"op": {"const": "other"}, "digest": {"type": "string", "pattern": DIGEST}}),
    );
    let known = json!([{"$ref": "#/$defs/Write"}, {"$ref": "#/$defs/Erase"}, {"$ref": "#/$defs/Erased"}, {"$ref": "#/$defs/ErasedOther"}]);
    let other = json!({
        "description": "A form of a newer minor version: kept as it is, and left out of the fold.",
        "type": "object",
        "required": ["kind", "id", "salt"],
        "properties": {"kind": text, "id": text, "salt": {"type": "string", "minLength": 1}},
        "not": {"anyOf": [
            {"required": ["fields"], "propertyNames": {"enum": ["kind", "id", "over", "salt", "fields"]}},
        ]},
    });
    let mut forms = known.as_array().cloned().unwrap_or_default();
    forms.push(json!({"$ref": "#/$defs/Other"}));
    let any = json!({"oneOf": forms});
    let piece = json!({
        "description": "A piece of an attachment, of at most 524,288 bytes before base64.",
        "type": "object",
        "required": ["attachment", "part", "of", "data"],
        "properties": {
            "attachment": {"type": "string", "pattern": DIGEST, "description": "SHA-256 of the whole attachment."},
            "part": {"type": "integer", "minimum": 1, "description": "Which piece, from 1."},
            "of": {"type": "integer", "minimum": 1, "description": "How many pieces there are."},
            "data": {"type": "string", "contentEncoding": "base64", "description": "Base64 with padding."},
        },
    });
    [
        ("Action", action),
        ("Change", any),
        ("Write", write),
        ("Erase", erase),
        ("Erased", erased),
        ("ErasedOther", erased_other),
        ("Other", other),
        ("Piece", piece),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

/// An enumeration whose unknown words survive.
#[must_use]
pub fn words(known: &[&str]) -> Schema {
    json_schema!({
        "description": "One of the known words; a newer version may write others.",
        "anyOf": [{"enum": known}, {"type": "string"}],
    })
}

fn pattern(pattern: &str, description: &str) -> Schema {
    json_schema!({"type": "string", "pattern": pattern, "description": description})
}

impl JsonSchema for ActionId {
    fn schema_name() -> Cow<'static, str> {
        "ActionId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        pattern("^[0-9a-f]{32}$", "The first half of an action's hash.")
    }
}

impl JsonSchema for WriteId {
    fn schema_name() -> Cow<'static, str> {
        "WriteId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        pattern("^[0-9a-f]{32}\\.[0-9]+$", "An action's id and the place of the change in it, from 0.")
    }
}

impl JsonSchema for Hlc {
    fn schema_name() -> Cow<'static, str> {
        "Hlc".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        pattern("^[0-9a-f]{16}$", "48 bits of milliseconds since 1970, then 16 bits that count within one.")
    }
}

impl JsonSchema for Hours {
    fn schema_name() -> Cow<'static, str> {
        "Hours".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "The hours of a day such as 09:00-12:00,13:30-18:00, at +08:00; empty is a day off.",
        })
    }
}

impl JsonSchema for DocumentKind {
    fn schema_name() -> Cow<'static, str> {
        "DocumentKind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        words(&[
            "resident_id",
            "passport",
            "hmt_permit",
            "foreigner_permit",
            "military",
            "business_licence",
            "other",
        ])
    }
}

impl JsonSchema for Response {
    fn schema_name() -> Cow<'static, str> {
        "Response".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = |what: &str| json!({"type": "string", "description": what});
        let flag = |what: &str| json!({"type": "boolean", "description": what});
        json_schema!({
            "description": "One answer; every question answered is a field of its own.",
            "type": "object",
            "properties": {
                "wave": text("The wave it belongs to."),
                "number": text("The number it had in its source."),
                "invitation": text("The invitation it answers."),
                "house": text("House id."),
                "party": text("Party id."),
                "city": text("The city as of answering."),
                "project": text("The project as of answering."),
                "group": text("The group as of answering: new_owner, old_owner, or a word of another source."),
                "stage": text("The stage as of answering: owner_to_be, settling, settled, long_standing, or another."),
                "channel": text("How it came in."),
                "questionnaire": text("The hash of the questionnaire."),
                "finished_at": text("When it was finished, as the owner's device said."),
                "chosen": flag("Whether an officer decided that it counts for its invitation."),
                "sample": flag("Whether it belongs to the sample data; such an answer never counts."),
                "test": flag("Whether it was a trial; such an answer never counts."),
            },
            "patternProperties": {
                "^a\\.": {"description": "The answer to a question: a rating of 0 to 5, 0 being not applicable, or a text."},
            },
        })
    }
}

/// What a receiver confirms to have of a sender in a stream; the engine writes these records.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Receipt {
    /// The device that confirms.
    receiver: String,
    /// The device whose actions it has.
    sender: String,
    /// In which stream.
    stream: String,
    /// The number up to which it has every action.
    prefix: u64,
}
