// Durations for people: 340 ms, 12.34 s, 3 min 05.5 s, 1 h 02 min. One length has one form, wherever it is printed.
// Data files never use this: they have seconds with six decimals.

/** `seconds` may be negative (a part of the gap that helped); not a number reads "–". */
export function duration(seconds: number): string {
  if (Number.isNaN(seconds)) return "–";
  if (!Number.isFinite(seconds)) return seconds > 0 ? "never" : "−∞";
  return seconds < 0 ? withSign("−", -seconds) : positive(seconds);
}

/** With its sign always shown, for differences: +12.34 s. */
export function difference(seconds: number): string {
  return seconds > 0 ? withSign("+", seconds) : duration(seconds);
}

function withSign(sign: string, seconds: number): string {
  const text = positive(seconds);
  return text === "0 s" ? text : `${sign}${text}`;
}

function positive(seconds: number): string {
  const millis = Math.round(seconds * 1e3);
  if (millis === 0) return "0 s";
  if (millis < 1000) return `${millis} ms`;
  const hundredths = Math.round(seconds * 100);
  if (hundredths < 6000) return `${(hundredths / 100).toFixed(2)} s`;
  const tenths = Math.round(seconds * 10);
  if (tenths < 36000) return `${Math.floor(tenths / 600)} min ${pad(((tenths % 600) / 10).toFixed(1), 4)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(String(minutes % 60), 2)} min`;
}

function pad(text: string, width: number): string {
  return text.padStart(width, "0");
}
