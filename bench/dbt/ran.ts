/** Tells the models and tests that a call of dbt ran, as dbt names them. Asked for when the call is over and timed. */
export type Ran = () => Promise<readonly string[]>;
