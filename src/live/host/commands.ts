// Several commands in one list of words, for a small shell that takes them apart: one program to start where there would be
// many. Whatever stands in a word, no shell reads it again.

/** Leaves the first $n words: those go round to the end, and what was behind them goes. */
const FIRST = 'i=0; while [ "$i" -lt "$n" ]; do set -- "$@" "$1"; shift; i=$((i + 1)); done; shift "$(($# - n))"';

/** A script of whose two `counted` commands the second runs where the first fails. */
export const EITHER = `n=$1; shift; (${FIRST}; exec "$@") || { shift "$((n + 1))"; exec "$@"; }`;

/** Each command behind the number of its words. */
export function counted(commands: readonly (readonly string[])[]): readonly string[] {
  return commands.flatMap((words) => [String(words.length), ...words]);
}

/**
 * The script that runs `script` for each of `counted` commands, in a shell of its own: "$@" is the command, $k its number from 0.
 * `then`: whether it is waited for, and what follows it.
 */
export function forEach(script: string, then: "&" | `; ${string}`): string {
  return `k=0; while [ "$#" -gt 0 ]; do n=$1; shift; (${FIRST}; ${script}) ${then}
shift "$n"; k=$((k + 1)); done; wait`;
}
