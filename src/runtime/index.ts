/**
 * The framework's public face: what declares a pipeline and materializes it in tests. Drivers are in `spindle/drivers`, test kit in
 * `spindle/testing`, dbt in `spindle/dbt`.
 */
export { asset, type Asset, type AssetSpec, type Declared } from './declare/asset.ts';
export { assets } from './declare/assets.ts';
export { check, type Check, type CheckSpec } from './declare/check.ts';
export type { CommonContext, Context, StreamInfo } from './declare/context.ts';
export type { CheckResult } from './declare/definition.ts';
export { after, every, mapped, window, type Dep } from './declare/dependency.ts';
export { parseDuration, type Duration } from './declare/duration.ts';
export type { AirflowJobSettings, AirflowSettings } from './declare/airflow.ts';
export { job, type Job, type JobSpec } from './declare/job.ts';
export { defineProject, type DbtProject, type Environment, type Project } from './declare/project.ts';
export { source } from './declare/source.ts';
export { allOf, anyOf, eager, not, onCron, onMissing, onUpdate, overdue, type Automation } from './automation/condition.ts';
export { partitions, type Partitions, type TimeWindow } from './partitions/definition.ts';
export type { PartitionSlice } from './partitions/slice.ts';
export {
  broker,
  type Broker,
  type BrokerRecord,
  type GroupListener,
  type GroupMember,
  type PartitionOffsets,
  type ProduceRecord,
  type ReadOptions,
  type TopicSpec,
  type TopicState,
} from './resource/broker.ts';
export type { Clock } from './resource/clock.ts';
export { lake, type Bucket, type BucketState, type ByteRange, type LifecycleRules, type ObjectStore } from './resource/object-store.ts';
export { resource, type Provider, type ProviderContext, type Resource } from './resource/resource.ts';
export type { RunStore } from './resource/run-store.ts';
export { transformer, type Transformer } from './resource/transformer.ts';
export { warehouse, type Warehouse } from './resource/warehouse.ts';
export { SpindleError, isSpindleError, type ErrorCode } from './errors.ts';
export { DeadLetter } from './schema/dead-letter.ts';
export { landed } from './landing/landed.ts';
export { landing, type LandingOptions } from './landing/landing.ts';
export { defineStore, type Store, type StoreContext, type StreamContext, type Written } from './store/store.ts';
export { files } from './store/files.ts';
export { objects } from './store/objects.ts';
export type { ObjectsHandle } from './store/objects-handle.ts';
export { references, type ColumnReference } from './store/references.ts';
export type { Row } from './store/row.ts';
export type { Rows, RowsIn } from './store/rows.ts';
export type { Resume, Sequenced, SequencedRecord } from './store/sequenced.ts';
export { table, type TableOptions } from './store/table.ts';
export type { TableHandle } from './store/table-handle.ts';
export { topic, type TopicOptions } from './store/topic.ts';
export type { TopicHandle } from './store/topic-handle.ts';
export { value } from './store/value.ts';
export type { RunEvent } from './run/event.ts';
export { configure, given, type Configured, type Given } from './run/fixture.ts';
export { materialize, type MaterializeOptions, type Run } from './run/materialize.ts';
