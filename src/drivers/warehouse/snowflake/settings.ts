export type {
  SnowflakeConnection as SnowflakeSettings,
  SnowflakeLogin,
  SnowflakeProxy,
} from '../../../runtime/resource/warehouse-target.ts';
