const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));
const MS_PER_DAY = 86_400_000;

/** The same text as `Date.prototype.toISOString`, at a fraction of its cost: that call alone would take a quarter of the time of an event. */
export function createInstantText(): (instant: number) => string {
  let day = Number.NaN;
  let date = '';
  return (instant) => {
    const today = Math.floor(instant / MS_PER_DAY);
    if (today !== day) {
      day = today;
      date = new Date(instant).toISOString().slice(0, 11);
    }
    const ms = instant - today * MS_PER_DAY;
    const minutes = Math.floor(ms / 60_000);
    const rest = ms - minutes * 60_000;
    const seconds = Math.floor(rest / 1000);
    return `${date}${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds]}.${THREE_DIGITS[rest - seconds * 1000]}Z`;
  };
}
