import { project as assetsAnyAndAll } from './assets-any-and-all.ts';
import { project as assetsOrTime } from './assets-or-time.ts';
import { project as catchUp } from './catch-up.ts';
import { project as checksAsTasks } from './checks-as-tasks.ts';
import { project as cronInAZone } from './cron-in-a-zone.ts';
import { project as crossPartitions } from './cross-partitions.ts';
import { project as dailyPartitionsInBerlin } from './daily-partitions-in-berlin.ts';
import { project as dailyRollUpOfHours } from './daily-roll-up-of-hours.ts';
import { project as dbtCosmos } from './dbt-cosmos.ts';
import { project as dbtGroup } from './dbt-group.ts';
import { project as dbtModel } from './dbt-model.ts';
import { project as dependenciesOfEveryKind } from './dependencies-of-every-kind.ts';
import { project as docker } from './docker.ts';
import { project as dynamicPartitions } from './dynamic-partitions.ts';
import { project as failureCallbackAndDeadlines } from './failure-callback-and-deadlines.ts';
import { project as fanOut } from './fan-out.ts';
import { project as filesFromElsewhere } from './files-from-elsewhere.ts';
import { project as fusedMemoryAssets } from './fused-memory-assets.ts';
import { project as granularityGroup } from './granularity-group.ts';
import { project as groupsThatWaitForEachOther } from './groups-that-wait-for-each-other.ts';
import { project as hostileNames } from './hostile-names.ts';
import { project as hourlyPartitions } from './hourly-partitions.ts';
import { project as hoursIntoDaysOfAZone } from './hours-into-days-of-a-zone.ts';
import { project as kubernetes } from './kubernetes.ts';
import { project as lateData } from './late-data.ts';
import { project as loneAsset } from './lone-asset.ts';
import { project as lossy } from './lossy.ts';
import { project as multiAsset } from './multi-asset.ts';
import { project as nativeTasks } from './native-tasks.ts';
import { project as poolsAndRetries } from './pools-and-retries.ts';
import { project as severalCrons } from './several-crons.ts';
import { project as staticKeys } from './static-keys.ts';
import { project as streamingAsServices } from './streaming-as-services.ts';
import { project as streamingAsTasks } from './streaming-as-tasks.ts';
import { project as target29 } from './target-2-9.ts';
import { project as windowsOfHours } from './windows-of-hours.ts';
import type { Scenario } from '../generate-scenario.ts';

/** Every scenario, by the name of its file. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'assets-any-and-all': { project: assetsAnyAndAll },
  'assets-or-time': { project: assetsOrTime },
  'catch-up': { project: catchUp },
  'checks-as-tasks': { project: checksAsTasks },
  'cron-in-a-zone': { project: cronInAZone },
  'cross-partitions': { project: crossPartitions },
  'daily-partitions-in-berlin': { project: dailyPartitionsInBerlin },
  'daily-roll-up-of-hours': { project: dailyRollUpOfHours },
  'dbt-cosmos': { project: dbtCosmos, allowLossy: true, command: 'npx spindle generate airflow --allow-lossy' },
  'dbt-group': { project: dbtGroup },
  'dbt-model': { project: dbtModel },
  'dependencies-of-every-kind': { project: dependenciesOfEveryKind },
  docker: { project: docker },
  'dynamic-partitions': { project: dynamicPartitions },
  'failure-callback-and-deadlines': { project: failureCallbackAndDeadlines },
  'fan-out': { project: fanOut },
  'files-from-elsewhere': { project: filesFromElsewhere },
  'fused-memory-assets': { project: fusedMemoryAssets },
  'granularity-group': { project: granularityGroup },
  'groups-that-wait-for-each-other': { project: groupsThatWaitForEachOther },
  'hostile-names': { project: hostileNames },
  'hourly-partitions': { project: hourlyPartitions },
  'hours-into-days-of-a-zone': { project: hoursIntoDaysOfAZone },
  kubernetes: { project: kubernetes },
  'late-data': { project: lateData },
  'lone-asset': { project: loneAsset },
  lossy: { project: lossy, allowLossy: true, command: 'npx spindle generate airflow --allow-lossy' },
  'multi-asset': { project: multiAsset },
  'native-tasks': { project: nativeTasks },
  'pools-and-retries': { project: poolsAndRetries },
  'several-crons': { project: severalCrons },
  'static-keys': { project: staticKeys },
  'streaming-as-services': { project: streamingAsServices },
  'streaming-as-tasks': { project: streamingAsTasks },
  'target-2-9': { project: target29 },
  'windows-of-hours': { project: windowsOfHours },
};
