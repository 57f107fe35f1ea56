import type { DeviceType } from '../schemas/device-type.ts';

const OPERATING_SYSTEMS: Readonly<Record<DeviceType, readonly string[]>> = {
  mobile: ['Android', 'iOS'],
  desktop: ['Windows', 'macOS', 'Linux'],
  web: ['Windows', 'macOS', 'Linux', 'ChromeOS'],
  tv: ['Android TV', 'tvOS', 'Tizen', 'webOS'],
  speaker: ['Linux', 'Fire OS'],
};

/** What a device of this kind can run; never empty. */
export function operatingSystems(device: DeviceType): readonly string[] {
  return OPERATING_SYSTEMS[device];
}
