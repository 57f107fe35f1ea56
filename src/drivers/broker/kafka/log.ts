import type { logCreator } from 'kafkajs';

/** What a member goes through whenever the group is divided anew, and what ends in an error or in a notice of Spindle's own. */
const EXPECTED =
  /rebalanc|re-join|REBALANCE_IN_PROGRESS|UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION|COORDINATOR|^Crash: |^Restarting the consumer|^Response |^Connection (error|timeout)|^Failed to connect|^The group coordinator/i;
/** The same message is told again only after so long. */
const AGAIN_MILLISECONDS = 60_000;

/** Tells each message once in a while. */
export function createNotices(notify: (message: string) => void): (message: string) => void {
  const told = new Map<string, number>();
  return (message) => {
    const now = performance.now();
    if (now - (told.get(message) ?? -Infinity) < AGAIN_MILLISECONDS) return;
    told.set(message, now);
    notify(`Kafka: ${message}`);
  };
}

/** kafkajs's log, as notices: warnings and errors that say something new; never the console. */
export function createLog(tell: (message: string) => void): logCreator {
  return () =>
    ({ log: { message } }) => {
      if (!EXPECTED.test(message)) tell(message);
    };
}
