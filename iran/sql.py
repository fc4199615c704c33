"""The check digits as SQL functions, for CHECK constraints. A migration runs these texts before the constraints.

``migrations.RunSQL(sql.NATIONAL_ID_OK_SQL, sql.NATIONAL_ID_OK_DROP_SQL)``. The functions are IMMUTABLE, use only
what every server has, and answer as the ``is_...`` predicates of ``iran.identifiers`` do; NULL in, NULL out, which a
CHECK accepts.
"""

NATIONAL_ID_OK_SQL = """
CREATE OR REPLACE FUNCTION iran_national_id_ok(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    digits bytea;
    remainder integer := 0;
BEGIN
    IF value !~ '^[0-9]{10}$' OR substr(value, 4, 6) = '000000' OR value = repeat(left(value, 1), 10) THEN
        RETURN false;
    END IF;
    digits := decode(value, 'escape');
    FOR place IN 0..8 LOOP
        remainder := remainder + (get_byte(digits, place) - 48) * (10 - place);
    END LOOP;
    remainder := mod(remainder, 11);
    RETURN get_byte(digits, 9) - 48 = CASE WHEN remainder < 2 THEN remainder ELSE 11 - remainder END;
END
$$
"""
NATIONAL_ID_OK_DROP_SQL = "DROP FUNCTION IF EXISTS iran_national_id_ok(text)"

LEGAL_ID_OK_SQL = """
CREATE OR REPLACE FUNCTION iran_legal_id_ok(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    weights integer[] := ARRAY[29, 27, 23, 19, 17];
    digits bytea;
    tens integer;
    total integer := 0;
BEGIN
    IF value !~ '^[0-9]{11}$' OR substr(value, 4, 6) = '000000' THEN
        RETURN false;
    END IF;
    digits := decode(value, 'escape');
    tens := get_byte(digits, 9) - 48 + 2;
    FOR place IN 0..9 LOOP
        total := total + (tens + get_byte(digits, place) - 48) * weights[mod(place, 5) + 1];
    END LOOP;
    RETURN get_byte(digits, 10) - 48 = mod(mod(total, 11), 10);
END
$$
"""
LEGAL_ID_OK_DROP_SQL = "DROP FUNCTION IF EXISTS iran_legal_id_ok(text)"

SHEBA_OK_SQL = """
CREATE OR REPLACE FUNCTION iran_sheba_ok(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF value !~ '^IR[0-9]{24}$' THEN
        RETURN false;
    END IF;
    RETURN mod((substr(value, 5) || '1827' || substr(value, 3, 2))::numeric, 97) = 1;
END
$$
"""
SHEBA_OK_DROP_SQL = "DROP FUNCTION IF EXISTS iran_sheba_ok(text)"
