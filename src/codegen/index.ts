/** Code generators: Airflow DAGs, dbt sources, DDL and JSON Schema. Nothing is exported yet. */
export {};
