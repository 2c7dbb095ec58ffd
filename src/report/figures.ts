// Figures other than durations, for people: ratios, shares, bytes, counts. Minus is U+2212; a thin decimal is never
// more than the figure deserves. Data files never use this.
import type { Interval } from "#metrics/result.js";

/** 0.687 → "0.69"; 12.31 → "12.3". */
export function ratio(value: number): string {
  if (Number.isNaN(value)) return "–";
  return value < 0 ? `−${digits(-value)}` : digits(value);
}

/** "0.67–0.71". */
export function range(interval: Interval): string {
  return `${ratio(interval.low)}–${ratio(interval.high)}`;
}

/** 0.3121 → "31 %", 0.0312 → "3.1 %", 1 → "100 %". What is not quite all or nothing never reads so. */
export function percent(share: number): string {
  if (Number.isNaN(share)) return "–";
  const size = Math.abs(share) * 100;
  const sign = share < 0 && size >= 0.05 ? "−" : "";
  if (size > 0 && size < 0.05) return "<0.1 %";
  if (size > 99.95 && size < 100) return `${sign}>99.9 %`;
  if (size < 9.95 || (size > 99.5 && size < 100)) return `${sign}${trim(size.toFixed(1))} %`;
  return `${sign}${Math.round(size)} %`;
}

/** "−1.8/+2.3 %": an interval around its mean. */
export function spread(interval: Interval, mean: number): string {
  if (mean === 0) return "–";
  const below = Math.max(0, (1 - interval.low / mean) * 100);
  const above = Math.max(0, (interval.high / mean - 1) * 100);
  return below < 0.05 && above < 0.05 ? "±0.0 %" : `−${short(below)}/+${short(above)} %`;
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** 4294967296 → "4.00 GiB". */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0
    ? `${Math.round(value)} B`
    : `${value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${BYTE_UNITS[unit]}`;
}

/** 1234567 → "1 234 567" with thin, unbreakable spaces. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** "1 world", "20 worlds". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

function digits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function short(value: number): string {
  return value < 9.95 ? value.toFixed(1) : value.toFixed(0);
}

function trim(text: string): string {
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}
