import { startInstant } from './calendar.ts';
import type { PartitionsDefinition } from './definition.ts';
import { isKeyText } from './key.ts';
import { createTimeZones, type TimeZones } from './time-zone.ts';

/** What is wrong with a definition, each as a sentence with its remedy; nothing where it can be used. */
export function partitionProblems(definition: PartitionsDefinition, zones: TimeZones = createTimeZones()): readonly string[] {
  switch (definition.kind) {
    case 'time': {
      const { start, timezone } = definition;
      if (!zones.has(timezone)) return [`"${timezone}" is no time zone: use an IANA name such as UTC or Europe/Berlin.`];
      if (startInstant(definition, zones) !== undefined) return [];
      return [`The start "${start}" is no date: use an ISO date or instant from 1970 on, such as 2026-01-01 or 2026-01-01T00:00Z.`];
    }
    case 'static': {
      const { keys } = definition;
      if (keys.length === 0) return ['There is no partition key: name at least one.'];
      const wrong = [...new Set(keys.filter((key) => !isKeyText(key)))];
      const twice = [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
      return [
        ...wrong.map(
          (key) =>
            `${JSON.stringify(key)} cannot be a partition key: use a text without "|", "=", control characters or spaces at its ends.`,
        ),
        ...twice.map((key) => `The partition key "${key}" is listed twice: remove one.`),
      ];
    }
    case 'dynamic':
      return isKeyText(definition.name)
        ? []
        : [`${JSON.stringify(definition.name)} cannot name dynamic partitions: use letters, digits and "_".`];
    case 'cross': {
      const names = Object.keys(definition.dimensions).toSorted();
      if (names.length === 0) return ['A cross has no dimension: name at least one.'];
      return names.flatMap((name) => {
        const dimension = definition.dimensions[name]!;
        if (!isKeyText(name)) return [`${JSON.stringify(name)} cannot name a dimension: use letters, digits and "_".`];
        if (dimension.kind === 'cross') return [`The dimension ${name} is a cross itself: list its dimensions beside the others.`];
        return partitionProblems(dimension, zones).map((problem) => `Of the dimension ${name}: ${problem}`);
      });
    }
  }
}
