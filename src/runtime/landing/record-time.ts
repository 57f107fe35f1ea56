const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether warehouses know the time: any broker accepts others, and one of them would fail the load of a whole object. */
export const isRecordTime = (timestamp: number): boolean => timestamp >= FIRST && timestamp <= LAST;

/** Writes times of records as ISO 8601 in UTC with milliseconds; what is beyond the years 1 to 9999 as the first or last instant of them. */
export function recordTimes(): (timestamp: number) => string {
  // records that follow one another are mostly of the same second
  let second = Number.NaN;
  let text = '';
  return (timestamp) => {
    const time = isRecordTime(timestamp) ? Math.trunc(timestamp) : timestamp > LAST ? LAST : FIRST;
    const milliseconds = ((time % 1000) + 1000) % 1000;
    if (time - milliseconds !== second) {
      second = time - milliseconds;
      text = new Date(second).toISOString().slice(0, -4);
    }
    return `${text}${milliseconds < 10 ? '00' : milliseconds < 100 ? '0' : ''}${milliseconds}Z`;
  };
}
