/** A place where users live. `weight` is its share of the users, relative to the other cities. */
export interface City {
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  /** IANA time zone. */
  readonly timezone: string;
  readonly weight: number;
}

type Row = readonly [city: string, country: string, latitude: number, longitude: number, timezone: string, weight: number];

const ROWS: readonly Row[] = [
  ['New York', 'US', 40.7128, -74.006, 'America/New_York', 9],
  ['Los Angeles', 'US', 34.0522, -118.2437, 'America/Los_Angeles', 7],
  ['Chicago', 'US', 41.8781, -87.6298, 'America/Chicago', 5],
  ['Denver', 'US', 39.7392, -104.9903, 'America/Denver', 2],
  ['Toronto', 'CA', 43.6532, -79.3832, 'America/Toronto', 3],
  ['Vancouver', 'CA', 49.2827, -123.1207, 'America/Vancouver', 1],
  ['Mexico City', 'MX', 19.4326, -99.1332, 'America/Mexico_City', 7],
  ['Bogotá', 'CO', 4.711, -74.0721, 'America/Bogota', 3],
  ['Lima', 'PE', -12.0464, -77.0428, 'America/Lima', 2],
  ['Santiago', 'CL', -33.4489, -70.6693, 'America/Santiago', 2],
  ['Buenos Aires', 'AR', -34.6037, -58.3816, 'America/Argentina/Buenos_Aires', 4],
  ['São Paulo', 'BR', -23.5505, -46.6333, 'America/Sao_Paulo', 8],
  ['Rio de Janeiro', 'BR', -22.9068, -43.1729, 'America/Sao_Paulo', 4],
  ['London', 'GB', 51.5074, -0.1278, 'Europe/London', 7],
  ['Manchester', 'GB', 53.4808, -2.2426, 'Europe/London', 2],
  ['Dublin', 'IE', 53.3498, -6.2603, 'Europe/Dublin', 1],
  ['Lisbon', 'PT', 38.7223, -9.1393, 'Europe/Lisbon', 1],
  ['Madrid', 'ES', 40.4168, -3.7038, 'Europe/Madrid', 4],
  ['Barcelona', 'ES', 41.3874, 2.1686, 'Europe/Madrid', 2],
  ['Paris', 'FR', 48.8566, 2.3522, 'Europe/Paris', 5],
  ['Amsterdam', 'NL', 52.3676, 4.9041, 'Europe/Amsterdam', 2],
  ['Berlin', 'DE', 52.52, 13.405, 'Europe/Berlin', 5],
  ['Munich', 'DE', 48.1351, 11.582, 'Europe/Berlin', 2],
  ['Milan', 'IT', 45.4642, 9.19, 'Europe/Rome', 3],
  ['Stockholm', 'SE', 59.3293, 18.0686, 'Europe/Stockholm', 3],
  ['Oslo', 'NO', 59.9139, 10.7522, 'Europe/Oslo', 1],
  ['Warsaw', 'PL', 52.2297, 21.0122, 'Europe/Warsaw', 3],
  ['Athens', 'GR', 37.9838, 23.7275, 'Europe/Athens', 1],
  ['Istanbul', 'TR', 41.0082, 28.9784, 'Europe/Istanbul', 4],
  ['Cairo', 'EG', 30.0444, 31.2357, 'Africa/Cairo', 2],
  ['Lagos', 'NG', 6.5244, 3.3792, 'Africa/Lagos', 3],
  ['Nairobi', 'KE', -1.2921, 36.8219, 'Africa/Nairobi', 1],
  ['Johannesburg', 'ZA', -26.2041, 28.0473, 'Africa/Johannesburg', 2],
  ['Dubai', 'AE', 25.2048, 55.2708, 'Asia/Dubai', 2],
  ['Mumbai', 'IN', 19.076, 72.8777, 'Asia/Kolkata', 7],
  ['Bengaluru', 'IN', 12.9716, 77.5946, 'Asia/Kolkata', 4],
  ['Jakarta', 'ID', -6.2088, 106.8456, 'Asia/Jakarta', 5],
  ['Singapore', 'SG', 1.3521, 103.8198, 'Asia/Singapore', 1],
  ['Manila', 'PH', 14.5995, 120.9842, 'Asia/Manila', 4],
  ['Seoul', 'KR', 37.5665, 126.978, 'Asia/Seoul', 3],
  ['Tokyo', 'JP', 35.6762, 139.6503, 'Asia/Tokyo', 5],
  ['Sydney', 'AU', -33.8688, 151.2093, 'Australia/Sydney', 3],
  ['Melbourne', 'AU', -37.8136, 144.9631, 'Australia/Melbourne', 2],
  ['Auckland', 'NZ', -36.8509, 174.7645, 'Pacific/Auckland', 1],
];

/** Large cities of the world; coordinates are those of the center, rounded to four decimals. */
export const CITIES: readonly City[] = ROWS.map(([city, country, latitude, longitude, timezone, weight]) => ({
  city,
  country,
  latitude,
  longitude,
  timezone,
  weight,
}));
