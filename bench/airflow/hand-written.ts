/** A DAG of as many BashOperators as Airflow's tutorial would write it: nothing but ids, commands and order. `rich` ones also have outlets and docs. */
export function handWritten(reads: readonly (readonly number[])[], { rich }: { readonly rich: boolean }): string {
  const name = (index: number) => `asset_${String(index).padStart(4, '0')}`;
  const tasks = reads.map((_, index) => {
    const own = [
      `task_id="${name(index)}"`,
      `bash_command="make ${name(index)} "`,
      ...(rich ? [`doc_md="### ${name(index)}"`, `outlets=[Asset("shop://${name(index)}")]`] : []),
    ];
    return `    ${name(index)} = BashOperator(\n${own.map((line) => `        ${line},\n`).join('')}    )\n`;
  });
  const edges = reads.flatMap((before, index) => {
    if (before.length === 0) return [];
    const waits = before.length === 1 ? name(before[0]!) : `[${before.map(name).join(', ')}]`;
    return [`    ${waits} >> ${name(index)}\n`];
  });
  return `from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG${rich ? ', Asset' : ''}

with DAG(
    "by_hand",
    default_args={
        "depends_on_past": False,
        "retries": 1,
        "retry_delay": timedelta(minutes=5),
    },
    description="A DAG by hand",
    schedule=timedelta(days=1),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    tags=["example"],
) as dag:
${tasks.join('')}
${edges.join('')}`;
}
