// The unit of a time axis: seconds, minutes or hours, by the longest time on it. One axis has one unit, which its title
// names.

export interface TimeUnit {
  readonly label: "s" | "min" | "h";
  readonly seconds: number;
}

export function timeUnit(longest: number): TimeUnit {
  if (longest >= 3 * 3600) return { label: "h", seconds: 3600 };
  if (longest >= 180) return { label: "min", seconds: 60 };
  return { label: "s", seconds: 1 };
}
