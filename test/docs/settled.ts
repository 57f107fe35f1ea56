/** Without what differs from run to run: durations, instants, names of runs, digests, sizes of compressed objects, and the widths of columns that follow from them. */
export function settled(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<run>')
    .replaceAll(/\b[0-9a-f]{8}([0-9a-f]{8})?\b/g, '<digest>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replaceAll(/\d+(\.\d+)? m?s\b/g, '<time>')
    .replaceAll(/\d+(\.\d+)? ([KM]i)?B\b/g, '<size>')
    .replaceAll(/ +/g, ' ')
    .trim();
}
