// Bytes as Nix writes hashes: its own 32 digits, from the last bit to the first.

export const DIGITS = "0123456789abcdfghijklmnpqrsvwxyz";

export function nix32(bytes: Buffer): string {
  let text = "";
  for (let n = Math.ceil((bytes.length * 8) / 5) - 1; n >= 0; n--) {
    const [byte, bit] = [Math.floor((n * 5) / 8), (n * 5) % 8];
    const pair = bytes[byte]! | ((bytes[byte + 1] ?? 0) << 8);
    text += DIGITS[(pair >> bit) & 31];
  }
  return text;
}
