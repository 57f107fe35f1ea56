/** dbt projects in the asset graph. */
export { dbtProject, type DbtProjectSpec } from './project.ts';
export { perPartition, type ModelPartitions, type PerPartitionOptions } from './model-partitions.ts';
