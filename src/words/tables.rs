//! The tables behind [`super`]: which code has which words. A code without words here fails the tests.

use crate::i18n::{I18n, t_string};

/// A list of codes, and a function from a code to its words.
macro_rules! table {
    ($(#[$doc:meta])* $codes:ident, $say:ident, $section:ident.$group:ident { $($code:literal => $key:ident,)* }) => {
        $(#[$doc])*
        #[cfg(test)]
        pub(super) const $codes: (&str, &str, &[(&str, &str)]) =
            (stringify!($section), stringify!($group), &[$(($code, stringify!($key)),)*]);

        $(#[$doc])*
        pub(super) fn $say(i18n: I18n, code: &str) -> Option<String> {
            Some(match code {
                $($code => t_string!(i18n, $section.$group.$key).to_owned(),)*
                _ => return None,
            })
        }
    };
}

table! {
    /// Why something was not done.
    FAILURES, failure, errors.failure {
        "name_missing" => name_missing,
        "projects_missing" => projects_missing,
        "record_missing" => record_missing,
        "field_moved" => field_moved,
        "missing_name" => missing_name,
        "bad_phone" => bad_phone,
        "bad_date" => bad_date,
        "reason_missing" => reason_missing,
        "organisation_missing" => organisation_missing,
        "organisation_key_missing" => organisation_key_missing,
        "key_unreadable" => key_unreadable,
        "organisation_key_elsewhere" => organisation_key_elsewhere,
        "no_randomness" => no_randomness,
        "key_taken" => key_taken,
        "device_unreadable" => device_unreadable,
        "device_revoked" => device_revoked,
        "bundle_sealed" => bundle_sealed,
        "signature_unknown" => signature_unknown,
        "signature_revoked" => signature_revoked,
        "signature_wrong" => signature_wrong,
        "signature_unsigned" => signature_unsigned,
        "seal_recipient" => seal_recipient,
        "seal_passphrase_empty" => seal_passphrase_empty,
        "seal_failed" => seal_failed,
        "sealed_needs_passphrase" => sealed_needs_passphrase,
        "sealed_wrong_passphrase" => sealed_wrong_passphrase,
        "sealed_other_recipient" => sealed_other_recipient,
        "sealed_too_much_work" => sealed_too_much_work,
        "sealed_damaged" => sealed_damaged,
        "not_a_key_file" => not_a_key_file,
        "not_an_enrolment_request" => not_an_enrolment_request,
        "enrolment_request_damaged" => enrolment_request_damaged,
        "enrolment_request_newer" => enrolment_request_newer,
        "organisation_exists" => organisation_exists,
        "case_closed_already" => case_closed_already,
        "description_missing" => description_missing,
        "too_long" => too_long,
        "attachment_too_large" => attachment_too_large,
        "export_too_large" => export_too_large,
        "house_missing" => house_missing,
        "conflict_moved" => conflict_moved,
        "nothing_changes" => nothing_changes,
        "questionnaire_missing" => questionnaire_missing,
        "batch_missing" => batch_missing,
        "survey.answer.unknown_question" => answer_unknown_question,
        "survey.answer.wrong_kind" => answer_wrong_kind,
        "survey.answer.out_of_range" => answer_out_of_range,
        "survey.answer.not_applicable" => answer_not_applicable,
        "survey.answer.not_a_choice" => answer_not_a_choice,
        "survey.answer.too_long" => answer_too_long,
        "store_taken" => store_taken,
        "store_full" => store_full,
        "store_blocked" => store_blocked,
        "store_newer" => store_newer,
        "store_connection_lost" => store_connection_lost,
        "store_unavailable" => store_unavailable,
        "store_vanished" => store_vanished,
        "store_other" => store_other,
        "worker_crashed" => worker_crashed,
        "cancelled" => cancelled,
        "take_stopped" => take_stopped,
        "bundle_empty" => bundle_empty,
        "bundle_not_json" => bundle_not_json,
        "bundle_truncated" => bundle_truncated,
        "bundle_not_a_bundle" => bundle_not_a_bundle,
        "bundle_newer" => bundle_newer,
        "bundle_checksum" => bundle_checksum,
        "bundle_counts" => bundle_counts,
        "bundle_too_large" => bundle_too_large,
        "bundle_inflates" => bundle_inflates,
        "bundle_too_deep" => bundle_too_deep,
        "bundle_long_entry" => bundle_long_entry,
        "bundle_long_string" => bundle_long_string,
        "bundle_repeated_key" => bundle_repeated_key,
        "bundle_bad_gzip" => bundle_bad_gzip,
        "survey.intake.not_an_answer" => intake_not_an_answer,
        "survey.intake.damaged" => intake_damaged,
        "survey.intake.truncated" => intake_truncated,
        "survey.intake.newer" => intake_newer,
        "survey.intake.too_large" => intake_too_large,
        "survey.link.not_a_link" => link_not_a_link,
        "survey.link.damaged" => link_damaged,
        "survey.link.truncated" => link_truncated,
        "survey.link.newer" => link_newer,
        "survey.link.too_large" => link_too_large,
        "survey.published.not_a_wave" => published_not_a_wave,
        "survey.published.other_content" => published_other_content,
        "survey.published.newer" => published_newer,
        "survey.published.too_large" => published_too_large,
        "empty" => table_empty,
        "not_text" => not_text,
        "undecodable" => undecodable,
        "broken_quote" => broken_quote,
        "not_a_workbook" => not_a_workbook,
        "password" => password,
        "old_format" => old_format,
        "macros" => macros,
        "too_large" => too_large,
        "file_worker" => file_worker,
        "file_unreadable" => file_unreadable,
        "no_table" => no_table,
        "unknown_target" => unknown_target,
        "unknown_heading" => unknown_heading,
        "not_a_mapping" => not_a_mapping,
        "no_code_found" => no_code_found,
        "nothing_found" => nothing_found,
        "not_downloaded" => not_downloaded,
        "no_backup" => no_backup,
        "store_locked" => store_locked,
        "store_damaged" => store_damaged,
        "wrong_passphrase" => wrong_passphrase,
        "passphrase_short" => passphrase_short,
        "vault_moved" => vault_moved,
        "vault_other_tabs" => vault_other_tabs,
        "snapshot_missing" => snapshot_missing,
        "backup_empty" => backup_empty,
    }
}

table! {
    /// Why a line of a table was refused or is odd.
    REASONS, reason, words.reason {
        "reason" => reason,
        "missing_name" => missing_name,
        "bad_id_checksum" => bad_id_checksum,
        "bad_id_birthday" => bad_id_birthday,
        "bad_phone" => bad_phone,
        "bad_date" => bad_date,
        "bad_share" => bad_share,
        "unreadable_row" => unreadable_row,
        "same_id_other_name" => same_id_other_name,
        "missing_number" => missing_number,
        "same_number_other_case" => same_number_other_case,
        "same_number_other_answers" => same_number_other_answers,
        "unknown_kind" => unknown_kind,
        "unknown_channel" => unknown_channel,
        "unknown_leaf" => unknown_leaf,
        "unknown_severity" => unknown_severity,
        "unknown_department" => unknown_department,
        "unknown_return_visit" => unknown_return_visit,
        "closed_before_received" => closed_before_received,
        "bad_answer" => bad_answer,
        "odd_plate" => odd_plate,
        "bad_area" => bad_area,
        "bad_price" => bad_price,
        "small_share" => small_share,
    }
}

table! {
    /// Kinds of requests.
    CASE_KINDS, case_kind, words.case_kind {
        "complaint" => complaint,
        "repair" => repair,
        "enquiry" => enquiry,
        "suggestion" => suggestion,
        "praise" => praise,
        "request" => request,
    }
}

table! {
    /// Ways in which a request came.
    CHANNELS, channel, words.channel {
        "phone" => phone,
        "desk" => desk,
        "visit" => visit,
        "steward" => steward,
        "forum" => forum,
        "messenger" => messenger,
        "letter" => letter,
        "hotline_12345" => hotline_12345,
    }
}

table! {
    /// How grave a request is.
    SEVERITYS, severity, words.severity {
        "general" => general,
        "important" => important,
        "major" => major,
    }
}

table! {
    /// Who answers for a request.
    RESPONSIBLES, responsible, words.responsible {
        "design" => design,
        "engineering" => engineering,
        "project_team" => project_team,
        "marketing" => marketing,
        "property_service" => property_service,
        "customer_relations" => customer_relations,
        "legal" => legal,
        "cost" => cost,
        "contractor" => contractor,
    }
}

table! {
    /// What somebody is to a house.
    ROLES, role, words.role {
        "owner" => owner,
        "family" => family,
        "tenant" => tenant,
    }
}

table! {
    /// Documents of identity.
    DOCUMENTS, document, words.document {
        "resident_id" => resident_id,
        "passport" => passport,
        "hmt_permit" => hmt_permit,
        "foreigner_permit" => foreigner_permit,
        "military" => military,
        "business_licence" => business_licence,
        "other" => other,
    }
}

table! {
    /// Ways in which an answer came.
    ANSWER_CHANNELS, answer_channel, words.answer_channel {
        "desk" => desk,
        "phone" => phone,
        "paper" => paper,
        "link" => link,
    }
}

table! {
    /// Kinds of records.
    RECORD_KINDS, record_kind, words.record_kind {
        "organisation" => organisation,
        "place" => place,
        "house" => house,
        "party" => party,
        "tenure" => tenure,
        "vehicle" => vehicle,
        "case" => case,
        "questionnaire" => questionnaire,
        "wave" => wave,
        "response" => response,
        "staff" => staff,
        "device" => device,
        "receipt" => receipt,
        "clock_correction" => clock_correction,
        "attachment" => attachment,
    }
}

table! {
    /// Why an attachment of a bundle was left out.
    ATTACHMENT_FAULTS, attachment_fault, words.attachment_fault {
        "incomplete" => incomplete,
        "not_base64" => not_base64,
        "wrong_hash" => wrong_hash,
        "too_large" => too_large,
        "unwanted" => unwanted,
    }
}

table! {
    /// Fields of records.
    FIELDS, field, words.field {
        "name" => name,
        "level" => level,
        "parent" => parent,
        "city" => city,
        "project" => project,
        "building" => building,
        "unit" => unit,
        "floor" => floor,
        "room" => room,
        "layout" => layout,
        "area_hundredths" => area_hundredths,
        "fit_out" => fit_out,
        "delivered_on" => delivered_on,
        "kind" => kind,
        "document_kind" => document_kind,
        "document_number" => document_number,
        "phone" => phone,
        "heard_through" => heard_through,
        "remark" => remark,
        "same_as" => same_as,
        "house" => house,
        "party" => party,
        "role" => role,
        "share_bp" => share_bp,
        "from" => since,
        "until" => until,
        "signed_on" => signed_on,
        "price_fen" => price_fen,
        "plate" => plate,
        "number" => number,
        "channel" => channel,
        "leaf" => leaf,
        "severity" => severity,
        "description" => description,
        "received_at" => received_at,
        "responsible" => responsible,
        "closed_at" => closed_at,
        "return_visit" => return_visit,
        "title" => title,
        "year" => year,
        "weights" => weights,
        "opens_on" => opens_on,
        "closes_on" => closes_on,
        "loyalty_rule" => loyalty_rule,
        "current_wave" => current_wave,
        "wave" => wave,
        "invitation" => invitation,
        "group" => group,
        "stage" => stage,
        "questionnaire" => questionnaire,
        "finished_at" => finished_at,
        "answers" => answers,
        "deleted" => deleted,
        "overall" => overall,
        "rebuy" => rebuy,
        "recommend" => recommend,
        "sample" => sample,
    }
}

table! {
    /// What a column can hold.
    TARGETS, target, words.target {
        "project" => project,
        "building" => building,
        "unit" => unit,
        "room" => room,
        "phone" => phone,
        "floor" => floor,
        "layout" => layout,
        "area" => area,
        "fit_out" => fit_out,
        "name" => name,
        "document_kind" => document_kind,
        "document_number" => document_number,
        "share" => share,
        "signed_on" => signed_on,
        "price" => price,
        "delivered_on" => delivered_on,
        "plate" => plate,
        "channel" => channel,
        "remark" => remark,
        "number" => number,
        "received_at" => received_at,
        "kind" => kind,
        "leaf" => leaf,
        "severity" => severity,
        "description" => description,
        "responsible" => responsible,
        "closed_at" => closed_at,
        "return_visit" => return_visit,
        "city" => city,
        "group" => group,
        "overall" => overall,
        "rebuy" => rebuy,
        "recommend" => recommend,
        "case_area" => case_area,
        "owner_channel" => owner_channel,
    }
}

table! {
    /// Groups and stages of owners.
    GROUPS, group, words.group {
        "new_owner" => new_owner,
        "old_owner" => old_owner,
        "owner_to_be" => owner_to_be,
        "settling" => settling,
        "settled" => settled,
        "long_standing" => long_standing,
    }
}

table! {
    /// Large works.
    BATCHS, batch, words.batch {
        "import_owners" => import_owners,
        "import_cases" => import_cases,
        "import_answers" => import_answers,
        "add_samples" => add_samples,
        "take_answers" => take_answers,
        "revert" => revert,
    }
}

/// Every table, for the test that every code has words in both languages.
#[cfg(test)]
pub(super) const TABLES: [(&str, &str, &[(&str, &str)]); 15] = [
    FAILURES,
    REASONS,
    CASE_KINDS,
    CHANNELS,
    SEVERITYS,
    RESPONSIBLES,
    ROLES,
    DOCUMENTS,
    ANSWER_CHANNELS,
    RECORD_KINDS,
    ATTACHMENT_FAULTS,
    FIELDS,
    TARGETS,
    GROUPS,
    BATCHS,
];
