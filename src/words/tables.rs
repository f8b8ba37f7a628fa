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
        "attachment_empty" => attachment_empty,
        "attachment_no_room" => attachment_no_room,
        "attachment_missing" => attachment_missing,
        "attachment_conflict" => attachment_conflict,
        "name_missing" => name_missing,
        "name_taken" => name_taken,
        "name_retired" => name_retired,
        "area_stays" => area_stays,
        "area_missing" => area_missing,
        "last_choice" => last_choice,
        "not_delivered" => not_delivered,
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
        "case_ended" => case_ended,
        "description_missing" => description_missing,
        "too_long" => too_long,
        "attachment_too_large" => attachment_too_large,
        "export_too_large" => export_too_large,
        "house_missing" => house_missing,
        "conflict_moved" => conflict_moved,
        "nothing_changes" => nothing_changes,
        "questionnaire_missing" => questionnaire_missing,
        "batch_missing" => batch_missing,
        "party_restricted" => party_restricted,
        "restricted_already" => restricted_already,
        "not_restricted" => not_restricted,
        "end_missing" => end_missing,
        "date_in_past" => date_in_past,
        "typed_differs" => typed_differs,
        "why_names_person" => why_names_person,
        "owner_has_open_cases" => owner_has_open_cases,
        "erasure_is_final" => erasure_is_final,
        "consent_withdrawn" => consent_withdrawn,
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
        "list_moves" => list_moves,
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
        "date_in_future" => date_in_future,
        "bad_share" => bad_share,
        "shares_over_whole" => shares_over_whole,
        "shares_not_whole" => shares_not_whole,
        "owner_missing" => owner_missing,
        "owner_stays" => owner_stays,
        "tenure_leads_somewhere" => tenure_leads_somewhere,
        "end_not_here" => end_not_here,
        "field_not_here" => field_not_here,
        "tenure_ended" => tenure_ended,
        "ends_before_it_began" => ends_before_it_began,
        "member_twice" => member_twice,
        "relation_to_oneself" => relation_to_oneself,
        "relation_circle" => relation_circle,
        "relation_words" => relation_words,
        "plate_missing" => plate_missing,
        "odd_plate" => odd_plate,
        "plate_elsewhere" => plate_elsewhere,
        "house_has_owner" => house_has_owner,
        "house_exists" => house_exists,
        "house_twice" => house_twice,
        "house_retired" => house_retired,
        "project_missing" => project_missing,
        "room_missing" => room_missing,
        "bad_id_checksum" => bad_id_checksum,
        "bad_id_birthday" => bad_id_birthday,
        "outcome_missing" => outcome_missing,
        "next_step_missing" => next_step_missing,
        "purpose_missing" => purpose_missing,
        "version_missing" => version_missing,
        "above_own_role" => above_own_role,
        "beyond_own_projects" => beyond_own_projects,
        "name_in_transfer" => name_in_transfer,
        "unit_missing" => unit_missing,
        "target_missing" => target_missing,
        "target_out_of_range" => target_out_of_range,
        "own_field_unknown" => own_field_unknown,
        "own_field_retired" => own_field_retired,
        "own_field_required" => own_field_required,
        "bad_choice" => bad_choice,
        "field_has_values" => field_has_values,
        "personal_of_house" => personal_of_house,
        "choices_missing" => choices_missing,
        "condition_unknown" => condition_unknown,
        "condition_circle" => condition_circle,
        "subject_missing" => subject_missing,
        "form_missing" => form_missing,
        "text_missing" => text_missing,
        "text_in_past" => text_in_past,
        "text_planned" => text_planned,
        "guardian_missing" => guardian_missing,
        "transfer_pending" => transfer_pending,
        "transfer_decided" => transfer_decided,
        "no_owner_to_transfer" => no_owner_to_transfer,
        "ground_missing" => ground_missing,
        "documents_missing" => documents_missing,
        "case_fate_missing" => case_fate_missing,
        "same_person" => same_person,
        "who_missing" => who_missing,
        "house_not_chosen" => house_not_chosen,
        "person_not_chosen" => person_not_chosen,
        "bad_number" => bad_number,
        "bad_count" => bad_count,
        "first_contact_twice" => first_contact_twice,
        "parts_missing" => parts_missing,
        "owners_differ" => owners_differ,
        "projects_differ" => projects_differ,
        "areas_do_not_add_up" => areas_do_not_add_up,
        "day_not_after_today" => day_not_after_today,
        "merge_with_itself" => merge_with_itself,
        "merge_across_projects" => merge_across_projects,
        "bad_hours" => bad_hours,
        "days_too_many" => days_too_many,
        "calendar_never_works" => calendar_never_works,
        "away" => away,
        "not_allowed" => not_allowed,
        "not_your_project" => not_your_project,
        "not_your_action" => not_your_action,
        "backup_needs_all_projects" => backup_needs_all_projects,
        "pin_wrong" => pin_wrong,
        "pin_wait" => pin_wait,
        "pin_short" => pin_short,
        "pin_none" => pin_none,
        "pin_first_manager" => pin_first_manager,
        "pin_last_manager" => pin_last_manager,
        "reset_too_early" => reset_too_early,
        "pin_differs" => pin_differs,
        "staff_name_taken" => staff_name_taken,
        "staff_last_manager" => staff_last_manager,
        "staff_first_manager" => staff_first_manager,
        "staff_projects_missing" => staff_projects_missing,
        "case_step_unknown" => case_step_unknown,
        "case_step_refused" => case_step_refused,
        "case_step_out_of_order" => case_step_out_of_order,
        "case_event_in_future" => case_event_in_future,
        "case_into_missing" => case_into_missing,
        "case_into_itself" => case_into_itself,
        "case_into_closed" => case_into_closed,
        "cases_too_many" => cases_too_many,
        "case_minutes_out_of_range" => case_minutes_out_of_range,
        "visit_days_out_of_range" => visit_days_out_of_range,
        "visit_share_out_of_range" => visit_share_out_of_range,
        "time_in_future" => time_in_future,
        "time_before_case" => time_before_case,
        "note_missing" => note_missing,
        "answer_missing" => answer_missing,
        "assignee_missing" => assignee_missing,
        "responsible_missing" => responsible_missing,
        "offer_missing" => offer_missing,
        "absence_ends_early" => absence_ends_early,
        "post_text_missing" => post_text_missing,
        "post_site_missing" => post_site_missing,
        "post_link_refused" => post_link_refused,
        "post_count_out_of_range" => post_count_out_of_range,
        "post_house_elsewhere" => post_house_elsewhere,
        "post_known" => post_known,
        "post_answered" => post_answered,
        "post_case_missing" => post_case_missing,
        "post_has_case" => post_has_case,
        "post_word_missing" => post_word_missing,
        "post_weight_out_of_range" => post_weight_out_of_range,
        "post_word_says_nothing" => post_word_says_nothing,
        "time_before_post" => time_before_post,
        "absence_too_long" => absence_too_long,
        "stand_in_oneself" => stand_in_oneself,
        "stand_in_missing" => stand_in_missing,
        "cause_missing" => cause_missing,
        "cost_missing" => cost_missing,
        "cost_out_of_range" => cost_out_of_range,
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
        "retired_house" => retired_house,
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
        "contact_person" => contact_person,
        "occupant" => occupant,
        "none" => none,
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
        "relation" => relation,
        "contact" => contact,
        "consent" => consent,
        "transfer" => transfer,
        "lineage" => lineage,
        "view" => view,
        "snooze" => snooze,
        "assignment" => assignment,
        "restriction" => restriction,
        "term" => term,
        "calendar" => calendar,
        "calendar_day" => calendar_day,
        "text" => text,
        "standard" => standard,
        "custom_field" => custom_field,
        "field_choice" => field_choice,
        "case_event" => case_event,
        "case_target" => case_target,
        "visit_rule" => visit_rule,
        "absence" => absence,
        "post" => post,
        "post_word" => post_word,
    }
}

table! {
    /// Why a tenure ended, where the product itself has ended it.
    END_REASONS, end_reason, words.end_reason {
        "transfer" => transfer,
        "split" => split,
        "merge" => merge,
    }
}

table! {
    /// Why data is kept and not used.
    RESTRICTION_GROUNDS, restriction_ground, words.restriction_ground {
        "claim" => claim,
        "retention" => retention,
        "disputed" => disputed,
        "objection" => objection,
        "authority" => authority,
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
        "second_phone" => second_phone,
        "email" => email,
        "born_on" => born_on,
        "sex" => sex,
        "do_not_contact" => do_not_contact,
        "quiet_hours" => quiet_hours,
        "primary" => primary,
        "end_reason" => end_reason,
        "pending" => pending,
        "space" => space,
        "looks" => looks,
        "keys" => keys,
        "meters" => meters,
        "retired_on" => retired_on,
        "to" => to,
        "outcome" => outcome,
        "mood" => mood,
        "next_step" => next_step,
        "next_on" => next_on,
        "next_done" => next_done,
        "purpose" => purpose,
        "incoming" => incoming,
        "at" => at,
        "by" => by,
        "version" => version,
        "given_on" => given_on,
        "withdrawn_on" => withdrawn_on,
        "guardian" => guardian,
        "merged_into" => merged_into,
        "p_nation" => p_nation,
        "p_native_place" => p_native_place,
        "p_address" => p_address,
        "p_purchases" => p_purchases,
        "p_purchase_motive" => p_purchase_motive,
        "p_payment" => p_payment,
        "p_employer" => p_employer,
        "p_position" => p_position,
        "p_industry" => p_industry,
        "p_family_size" => p_family_size,
        "p_family_income" => p_family_income,
        "p_generations" => p_generations,
        "p_hobbies" => p_hobbies,
        "p_pets" => p_pets,
        "p_travel" => p_travel,
        "p_degree" => p_degree,
        "p_school" => p_school,
        "p_character" => p_character,
        "p_manner" => p_manner,
        "p_circles" => p_circles,
        "p_referrals" => p_referrals,
        "p_industry_of" => p_industry_of,
        "p_size" => p_size,
        "p_business" => p_business,
        "p_dealings" => p_dealings,
        "p_head" => p_head,
        "list" => list,
        "code" => code,
        "zh" => zh,
        "form" => form,
        "help" => help,
        "required" => required,
        "personal" => personal,
        "when_field" => when_field,
        "when_value" => when_value,
        "subject" => subject,
        "en" => en,
        "place" => place,
        "date" => date,
        "hours" => hours,
        "source" => source,
        "monday" => monday,
        "tuesday" => tuesday,
        "wednesday" => wednesday,
        "thursday" => thursday,
        "friday" => friday,
        "saturday" => saturday,
        "sunday" => sunday,
        "everywhere" => everywhere,
        "left_on" => left_on,
        "staff" => staff,
        "step" => step,
        "note" => note,
        "answer" => answer,
        "assignee" => assignee,
        "offer" => offer,
        "into" => into,
        "after" => after,
        "held" => held,
        "days" => days,
        "first_response_minutes" => first_response_minutes,
        "next_update_minutes" => next_update_minutes,
        "solution_minutes" => solution_minutes,
        "escalate_to" => escalate_to,
        "stand_in" => stand_in,
        "cause" => cause,
        "site" => site,
        "url" => url,
        "author" => author,
        "posted_at" => posted_at,
        "seen_at" => seen_at,
        "views" => views,
        "replies" => replies,
        "text" => text,
        "case" => case,
        "sentiment" => sentiment,
        "answered_at" => answered_at,
        "answered_by" => answered_by,
        "took_minutes" => took_minutes,
        "target_minutes" => target_minutes,
        "word" => word,
        "weight" => weight,
        "cost_fen" => cost_fen,
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
        "move_in" => move_in,
        "add_house" => add_house,
        "add_member" => add_member,
        "set_primary" => set_primary,
        "end_tenure" => end_tenure,
        "put_relation" => put_relation,
        "put_vehicle" => put_vehicle,
        "remove_vehicle" => remove_vehicle,
        "add_attachment" => add_attachment,
        "rename_attachment" => rename_attachment,
        "remove_attachment" => remove_attachment,
        "log_contact" => log_contact,
        "finish_next_step" => finish_next_step,
        "give_consent" => give_consent,
        "withdraw_consent" => withdraw_consent,
        "prepare_transfer" => prepare_transfer,
        "approve_transfer" => approve_transfer,
        "withdraw_transfer" => withdraw_transfer,
        "split_house" => split_house,
        "merge_houses" => merge_houses,
        "merge_parties" => merge_parties,
        "follow_merge" => follow_merge,
        "drop_tenure" => drop_tenure,
        "put_view" => put_view,
        "drop_view" => drop_view,
        "snooze" => snooze,
        "edit" => edit,
        "reveal_personal_data" => reveal_personal_data,
        "export_list" => export_list,
        "print_household" => print_household,
        "print_household_full" => print_household_full,
        "register_case" => register_case,
        "close_case" => close_case,
        "start_organisation" => start_organisation,
        "add_projects" => add_projects,
        "remove_samples" => remove_samples,
        "settle_conflicts" => settle_conflicts,
        "confirm" => confirm,
        "restrict_person" => restrict_person,
        "lift_restriction" => lift_restriction,
        "erase_person" => erase_person,
        "follow_erasure" => follow_erasure,
        "view_holdings" => view_holdings,
        "export_holdings" => export_holdings,
        "export_audit" => export_audit,
        "word_text" => word_text,
        "add_own_field" => add_own_field,
        "edit_own_field" => edit_own_field,
        "retire_own_field" => retire_own_field,
        "offer_own_field" => offer_own_field,
        "move_own_field" => move_own_field,
        "add_standard" => add_standard,
        "add_usual_standards" => add_usual_standards,
        "edit_standard" => edit_standard,
        "retire_standard" => retire_standard,
        "offer_standard" => offer_standard,
        "add_term" => add_term,
        "edit_term" => edit_term,
        "move_term" => move_term,
        "retire_term" => retire_term,
        "offer_term" => offer_term,
        "reset_term" => reset_term,
        "change_calendar" => change_calendar,
        "add_staff" => add_staff,
        "edit_staff" => edit_staff,
        "leave_staff" => leave_staff,
        "return_staff" => return_staff,
        "set_pin" => set_pin,
        "stop_sharing" => stop_sharing,
        "reset_pins" => reset_pins,
        "step_case" => step_case,
        "amend_case" => amend_case,
        "reopen_case" => reopen_case,
        "set_case_target" => set_case_target,
        "set_visit_rule" => set_visit_rule,
        "put_absence" => put_absence,
        "drop_absence" => drop_absence,
        "add_post" => add_post,
        "edit_post" => edit_post,
        "take_posts" => take_posts,
        "answer_post" => answer_post,
        "link_post" => link_post,
        "make_case_of_post" => make_case_of_post,
        "drop_post" => drop_post,
        "put_post_word" => put_post_word,
        "retire_post_word" => retire_post_word,
        "offer_post_word" => offer_post_word,
    }
}

table! {
    /// What happens to a case.
    CASE_STEPS, case_step, words.case_step {
        "confirm" => confirm,
        "handle" => handle,
        "answer" => answer,
        "visit" => visit,
        "close" => close,
        "wait_owner" => wait_owner,
        "wait_third_party" => wait_third_party,
        "resume" => resume,
        "owner_replied" => owner_replied,
        "reject" => reject,
        "cancel" => cancel,
        "merge" => merge,
        "reopen" => reopen,
        "note" => note,
        "tell" => tell,
        "assign" => assign,
        "hand_over" => hand_over,
        "accept" => accept,
        "decline" => decline,
        "visit_missed" => visit_missed,
        "visit_satisfied" => visit_satisfied,
        "visit_unsatisfied" => visit_unsatisfied,
    }
}

table! {
    /// Where a case stands.
    CASE_STATUSES, case_status, words.case_status {
        "received" => received,
        "confirmed" => confirmed,
        "handling" => handling,
        "answered" => answered,
        "return_visit" => return_visit,
        "waiting_owner" => waiting_owner,
        "waiting_third_party" => waiting_third_party,
        "reopened" => reopened,
        "closed" => closed,
        "rejected" => rejected,
        "cancelled" => cancelled,
        "merged" => merged,
    }
}

table! {
    /// What is measured of a case.
    CASE_CLOCKS, case_clock, words.case_clock {
        "first_response" => first_response,
        "next_update" => next_update,
        "solution" => solution,
    }
}

table! {
    /// What one party is to another.
    RELATIONS, relation, words.relation {
        "spouse" => spouse,
        "child" => child,
        "parent" => parent,
        "grandparent" => grandparent,
        "grandchild" => grandchild,
        "sibling" => sibling,
        "relative" => relative,
        "carer" => carer,
        "contact_person" => contact_person,
        "guardian" => guardian,
    }
}

table! {
    /// How one met.
    CONTACT_CHANNELS, contact_channel, words.contact_channel {
        "phone" => phone,
        "visit" => visit,
        "desk" => desk,
        "messenger" => messenger,
        "sms" => sms,
        "letter" => letter,
    }
}

table! {
    /// What a contact was for.
    CONTACT_PURPOSES, contact_purpose, words.contact_purpose {
        "care" => care,
        "case" => case,
        "return_visit" => return_visit,
        "handover" => handover,
        "survey" => survey,
        "data" => data,
    }
}

table! {
    /// How the other side was.
    MOODS, mood, words.mood {
        "pleased" => pleased,
        "calm" => calm,
        "upset" => upset,
        "angry" => angry,
    }
}

table! {
    /// What data may be used for.
    CONSENT_PURPOSES, consent_purpose, words.consent_purpose {
        "service" => service,
        "survey" => survey,
        "marketing" => marketing,
        "third_party" => third_party,
        "image" => image,
    }
}

table! {
    /// Why a house passes to others.
    TRANSFER_GROUNDS, transfer_ground, words.transfer_ground {
        "sale" => sale,
        "gift" => gift,
        "inheritance" => inheritance,
        "divorce" => divorce,
        "court" => court,
    }
}

table! {
    /// What becomes of open cases.
    CASE_FATES, case_fate, words.case_fate {
        "house" => house,
        "person" => person,
        "close" => close,
    }
}

table! {
    /// Sex.
    SEXES, sex, words.sex {
        "male" => male,
        "female" => female,
    }
}

table! {
    /// Why two records are alike.
    ALIKES, alike, words.alike {
        "document" => document,
        "name_and_phone" => name_and_phone,
        "phone" => phone,
        "name_and_house" => name_and_house,
    }
}

table! {
    /// Sorts of choices of the people filter.
    FACETS, facet, words.facet {
        "role" => role,
        "stage" => stage,
        "kind" => kind,
        "age" => age,
        "phone" => phone,
        "document" => document,
        "cases" => cases,
        "marketing" => marketing,
        "contact" => contact,
        "car" => car,
        "data" => data,
        "consent_service" => consent_service,
        "consent_survey" => consent_survey,
        "consent_third_party" => consent_third_party,
        "consent_image" => consent_image,
    }
}

table! {
    /// Choices of the people filter.
    FACET_CHOICES, facet_choice, words.facet_choice {
        "role.owner" => role_owner,
        "role.family" => role_family,
        "role.tenant" => role_tenant,
        "role.contact_person" => role_contact_person,
        "role.occupant" => role_occupant,
        "role.none" => role_none,
        "stage.to_be" => stage_to_be,
        "stage.settling" => stage_settling,
        "stage.settled" => stage_settled,
        "stage.long" => stage_long,
        "kind.person" => kind_person,
        "kind.organisation" => kind_organisation,
        "age.child" => age_child,
        "age.adult" => age_adult,
        "age.senior" => age_senior,
        "age.unknown" => age_unknown,
        "phone.yes" => phone_yes,
        "phone.no" => phone_no,
        "document.yes" => document_yes,
        "document.no" => document_no,
        "cases.open" => cases_open,
        "cases.none" => cases_none,
        "marketing.given" => marketing_given,
        "marketing.withdrawn" => marketing_withdrawn,
        "marketing.never" => marketing_never,
        "contact.free" => contact_free,
        "contact.do_not_contact" => contact_do_not_contact,
        "car.yes" => car_yes,
        "car.no" => car_no,
        "data.complete" => data_complete,
        "data.incomplete" => data_incomplete,
        "consent_service.given" => consent_service_given,
        "consent_service.withdrawn" => consent_service_withdrawn,
        "consent_service.never" => consent_service_never,
        "consent_survey.given" => consent_survey_given,
        "consent_survey.withdrawn" => consent_survey_withdrawn,
        "consent_survey.never" => consent_survey_never,
        "consent_third_party.given" => consent_third_party_given,
        "consent_third_party.withdrawn" => consent_third_party_withdrawn,
        "consent_third_party.never" => consent_third_party_never,
        "consent_image.given" => consent_image_given,
        "consent_image.withdrawn" => consent_image_withdrawn,
        "consent_image.never" => consent_image_never,
    }
}

table! {
    /// Lists of words.
    TERM_LISTS, term_list, words.term_list {
        "indicator" => indicator,
        "channel" => channel,
        "responsible" => responsible,
        "contact_purpose" => contact_purpose,
    }
}

table! {
    /// Sorts of work.
    WORK_SORTS, work_sort, words.work_sort {
        "late" => late,
        "soon" => soon,
        "next_step" => next_step,
        "return_visit" => return_visit,
        "approval" => approval,
        "open" => open,
    }
}

/// Every table, for the test that every code has words in both languages.
#[cfg(test)]
pub(super) const TABLES: [(&str, &str, &[(&str, &str)]); 33] = [
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
    CASE_STEPS,
    CASE_STATUSES,
    CASE_CLOCKS,
    RELATIONS,
    CONTACT_CHANNELS,
    CONTACT_PURPOSES,
    MOODS,
    CONSENT_PURPOSES,
    TRANSFER_GROUNDS,
    RESTRICTION_GROUNDS,
    CASE_FATES,
    END_REASONS,
    SEXES,
    ALIKES,
    FACETS,
    FACET_CHOICES,
    WORK_SORTS,
    TERM_LISTS,
];
