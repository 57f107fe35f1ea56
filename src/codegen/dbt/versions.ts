/**
 * The versions of dbt that are written for. Both take the same files: what is written is what 1.10 has no warning for and 1.11 no deprecation, and the
 * tests hold both to it. The choice stays, so that a later dbt which wants something else changes nothing for who names theirs.
 */
export const DBT_VERSIONS = ['1.10', '1.11'] as const;
