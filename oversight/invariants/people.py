"""A1, A2 and J1: who stands in the lists, once, under numbers that pass their check digits, within the ceilings."""

_ENDED = "('ineligible', 'rejected', 'closed_unpaid', 'withdrawn', 'carried_over')"

PEOPLE = {
    "A1_one_live_application": f"""
        SELECT 'applicants_applicant:' || applicant_id, format('%s live applications in programme %s', count(*), programme_id)
        FROM applicants_application WHERE status NOT IN {_ENDED}
        GROUP BY programme_id, applicant_id HAVING count(*) > 1
    """,
    "A1_one_row_per_person": """
        SELECT 'applicants_applicant:' || min(id), format('%s persons with the number %s', count(*), coalesce(national_id, legal_id))
        FROM applicants_applicant GROUP BY national_id, legal_id HAVING count(*) > 1
    """,
    "A1_numbers_pass_their_check": """
        SELECT 'applicants_applicant:' || id, concat_ws(', ',
            CASE WHEN NOT coalesce(iran_national_id_ok(national_id), true) THEN 'national ID' END,
            CASE WHEN NOT coalesce(iran_legal_id_ok(legal_id), true) THEN 'legal ID' END,
            CASE WHEN num_nonnulls(national_id, legal_id) <> 1 THEN 'one number of the person' END,
            CASE WHEN mobile !~ '^09[0-9]{9}$' THEN 'mobile' END,
            CASE WHEN postal_code !~ '^([0-9]{10})?$' THEN 'postal code' END,
            CASE WHEN sheba <> '' AND NOT iran_sheba_ok(sheba) THEN 'Sheba' END) AS faults
        FROM applicants_applicant
        WHERE NOT coalesce(iran_national_id_ok(national_id), true) OR NOT coalesce(iran_legal_id_ok(legal_id), true)
           OR num_nonnulls(national_id, legal_id) <> 1 OR mobile !~ '^09[0-9]{9}$'
           OR postal_code !~ '^([0-9]{10})?$' OR (sheba <> '' AND NOT iran_sheba_ok(sheba))
        UNION ALL
        SELECT 'applicants_supportedworker:' || id, 'national ID or mobile' FROM applicants_supportedworker
        WHERE NOT iran_national_id_ok(national_id) OR mobile !~ '^(09[0-9]{9})?$'
        UNION ALL
        SELECT 'employment_tracking_jobrecord:' || id, 'national ID or mobile' FROM employment_tracking_jobrecord
        WHERE NOT iran_national_id_ok(national_id) OR mobile !~ '^09[0-9]{9}$'
    """,
    "A2_amount_within_ceiling": f"""
        SELECT 'applicants_application:' || a.id, format('asks %s, approved %s, ceiling %s', requested_rial, approved_rial,
                                                         least(t.ceiling_rial, t.per_job_rial * a.promised_jobs))
        FROM applicants_application a JOIN quotas_loanterm t ON t.programme_id = a.programme_id AND t.track = a.track
        WHERE a.status NOT IN {_ENDED} AND a.status <> 'draft'
          AND (requested_rial > least(t.ceiling_rial, t.per_job_rial * a.promised_jobs) OR approved_rial > requested_rial)
    """,
    "J1_a_person_counts_once": """
        SELECT 'employment_tracking_jobrecord:' || min(id), format('%s counted records of %s in programme %s', count(*), national_id, programme_id)
        FROM employment_tracking_jobrecord WHERE status NOT IN ('void', 'duplicate')
        GROUP BY programme_id, national_id HAVING count(*) > 1
    """,
}
