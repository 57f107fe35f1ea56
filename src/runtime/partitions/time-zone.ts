/** The wall clock of one place. Instants and wall times are both milliseconds since the epoch; a wall time is read as if it were UTC. */
export interface TimeZone {
  /** Canonical IANA name. */
  readonly name: string;
  /** Wall time minus instant, in milliseconds. */
  offsetAt(instant: number): number;
  /** The first instant whose wall time is `wall`; where a clock change skips it, the instant of the change. */
  firstInstantAt(wall: number): number;
}

/** Zones by name, each made once: an Intl formatter is costly to make and cheap to use. */
export interface TimeZones {
  /** Throws a RangeError where there is no such zone. */
  get(name: string): TimeZone;
  /** True for the names of the IANA database, in any case; fixed offsets such as `+01:00` are none. */
  has(name: string): boolean;
}

const HOUR = 3_600_000;

/** The zone of most partitions, without a formatter: making one takes longer than all else that a test of a small asset does. */
const UTC: TimeZone = { name: 'UTC', offsetAt: () => 0, firstInstantAt: (wall) => wall };

export function createTimeZones(): TimeZones {
  const zones = new Map<string, TimeZone | undefined>([[UTC.name, UTC]]);
  const find = (name: string): TimeZone | undefined => {
    if (!zones.has(name)) zones.set(name, isTimeZone(name) ? createTimeZone(name) : undefined);
    return zones.get(name);
  };
  return {
    has: (name) => find(name) !== undefined,
    get: (name) => {
      const zone = find(name);
      if (zone === undefined) throw new RangeError(`There is no time zone "${name}".`);
      return zone;
    },
  };
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const canonical = format.resolvedOptions().timeZone;
  if (canonical === UTC.name) return UTC;

  const offsetAt = (instant: number) => {
    const second = Math.floor(instant / 1000) * 1000;
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, secondOfMinute = 0] = format.format(second).match(/\d+/g)?.map(Number) ?? [];
    return Date.UTC(year, month - 1, day, hour, minute, secondOfMinute) - second;
  };

  const firstInstantAt = (wall: number) => {
    // Offsets lie between -12 and +14 hours, so the instant lies between these two.
    let before = wall - 15 * HOUR;
    let behind = wall + 13 * HOUR;
    const early = offsetAt(before);
    const late = offsetAt(behind);
    if (offsetAt(wall - early) === early) return wall - early;
    if (offsetAt(wall - late) === late) return wall - late;
    while (behind - before > 1) {
      const middle = Math.floor((before + behind) / 2);
      if (offsetAt(middle) === early) before = middle;
      else behind = middle;
    }
    return behind;
  };

  return { name: canonical, offsetAt, firstInstantAt };
}
