/** How many people listen at each local hour, relative to each other: least at four in the morning, most at eight in the evening. */
const BY_HOUR: readonly number[] = [12, 7, 4, 3, 2, 3, 8, 16, 22, 21, 20, 21, 24, 23, 22, 24, 28, 34, 40, 45, 48, 42, 32, 20];

export const MINUTES_PER_DAY = 1440;

/** How many people listen at each minute of the local day, relative to each other: whole numbers above zero. */
export const DAILY_CURVE: readonly number[] = Array.from({ length: MINUTES_PER_DAY }, (_, minuteOfDay) => {
  const hour = Math.floor(minuteOfDay / 60);
  const minute = minuteOfDay % 60;
  return BY_HOUR[hour]! * (60 - minute) + BY_HOUR[(hour + 1) % 24]! * minute;
});
