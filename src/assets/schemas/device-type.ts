/** What a user listens on. */
export const DEVICE_TYPES = ['mobile', 'desktop', 'web', 'tv', 'speaker'] as const;
export type DeviceType = (typeof DEVICE_TYPES)[number];
