import type { logCreator } from 'kafkajs';

/** What a member goes through whenever the group is divided anew, or while a broker starts; and what Spindle's own errors tell. */
const EXPECTED =
  /rebalanc|re-join|REBALANCE_IN_PROGRESS|UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION|COORDINATOR|^Crash: |^Restarting the consumer|^Response |^Connection (error|timeout)|^Failed to connect|^The group coordinator/i;
/** The same message is told again only after so long. */
const AGAIN_MILLISECONDS = 60_000;

/** kafkajs's log, for Spindle's notices: warnings and errors that say something new; never the console. */
export function createLog(notify: (message: string) => void): logCreator {
  const told = new Map<string, number>();
  return () =>
    ({ log: { message } }) => {
      const now = performance.now();
      if (EXPECTED.test(message) || now - (told.get(message) ?? -Infinity) < AGAIN_MILLISECONDS) return;
      told.set(message, now);
      notify(`Kafka: ${message}`);
    };
}
