/**
 * Colours of marks. Each has a contrast of 3 and more both to white and to the dark page of the report, so that one
 * drawing serves both; text takes the colour of its surroundings.
 */
export const colours = {
  blue: '#2f78c4',
  orange: '#d1701c',
  green: '#2e9158',
  purple: '#9465c9',
  red: '#cf4a58',
  teal: '#1d8c96',
  brown: '#9a6b3c',
  grey: '#7a828c',
} as const;

/** The method that the report is about, what is compared with it, and controls. */
export const accent = colours.blue;
export const muted = colours.grey;

/** Of series that have no order; comes round again after seven. */
export function seriesColour(index: number): string {
  const series = [
    colours.blue,
    colours.orange,
    colours.green,
    colours.purple,
    colours.red,
    colours.teal,
    colours.brown,
  ];
  return series[index % series.length]!;
}
