// The program that Nix starts as its build hook: a POSIX shell script, because it stands in Nix's serial path and a shell
// starts in a millisecond. It hands what Nix says to the agent, by a file, and does what the agent says, by a FIFO. Where
// no agent answers it becomes Nix's own hook; where one dies, builds that this runs go on, and the others are built by Nix's own.
// Every exit but success is one that Nix's own hook would have had. Knows no policy and no hosts.

export interface HookPaths {
  /** The agent's runtime directory. */
  readonly runtime: string;
  /** Where programs are, if the caller's PATH lacks them: that of whoever wrote the script. */
  readonly path: string;
  /** Nix's own hook, as words of a command: the program of that name, or `nix __build-remote`. */
  readonly own: readonly string[];
}

/** Seconds between two looks of a hook at its agent: while a question waits, and afterwards. */
const LOOK = { asking: 2, later: 5 } as const;
/** Looks without a word: until a question is answered, until a dead agent's place is taken by another, until a silent one counts as dead. */
const LOOKS = { asking: 2, dead: 3, silent: 3 } as const;
/** Questions, 2 s apart, to a machine that may have built it already, while others have all its slots. Assumption. */
const FIRST_TRIES = 15;
/** For the connection to that machine: one of its own, which ends when it stays silent. */
const FIRST_OPTIONS = "-S none -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3";

export function hookScript({ runtime, path, own }: HookPaths): string {
  return `#!/bin/sh
# The build hook of drvfleet. Made by drvfleet; written anew when its agent starts.
set -f
umask 077
R=${quoted(runtime)}
V=\${1:-3}
PATH=\${PATH:+$PATH:}${quoted(path)}

# Nix's own hook in our place: nothing has been read yet.
own() { exec ${own.map(quoted).join(" ")} "$V"; }
alive() { read -r A <"$R/agent.pid" && kill -0 "$A"; } 2>/dev/null

[ -O "$R" ] && [ -p "$R/door" ] && [ ! -e "$R/silent" ] && alive || own

# A folder of our own: one that the agent has made ready, or else a new one. The first to write "taken" has it.
set -C +f
for J in "$R"/jobs/*; do
  true >"$J/taken" && break
  J=
done 2>/dev/null
set +C -f
if [ -z "$J" ]; then
  J=$R/jobs/p$$
  mkdir "$J" 2>/dev/null && mkfifo "$J/down" "$J/up" 2>/dev/null || own
fi

# All that Nix says goes into a file: it can be read by the agent, and again by Nix's own hook.
printf '%s\\n' "hook $$" "nix $PPID" "only \${DRVFLEET_ONLY-}" "exclude \${DRVFLEET_EXCLUDE-}" "pin \${DRVFLEET_PIN-}" >"$J/who"
exec 6<&0 </dev/null 7<>"$J/down" 9<>"$J/up"
: >"$J/in"
cat <&6 >>"$J/in" 2>/dev/null 4>&- 5>&- 6<&- 7<&- 9>&- &
P=$!
exec 6<&-
echo "\${J##*/}" 1<>"$R/door"
# Nobody hears it any more when this process was killed: then what it has started ends too.
{
  trap '' PIPE
  sleep ${LOOK.asking} && echo look && sleep ${LOOK.asking} && echo look
  while sleep ${LOOK.later} && echo look; do :; done
  while read -r D; do kill "$D"; done <"$J/started"
  rm -rf "$J"
} >"$J/down" 2>/dev/null 4>&- 5>&- 7<&- 9>&- &
T=$!

# S: where the settings end. B: where the question begins that Nix's own hook would have to answer.
S=0 B=0

# Nix's own hook answers from here on; what Nix will say still comes through the file.
take_over() {
  mkfifo "$J/feed"
  { [ "$S" = 0 ] || dd if="$J/in" bs="$S" count=1; exec tail -c "+$((B + 1))" -f "$J/in"; } >"$J/feed" 2>/dev/null 4>&- 5>&- 7<&- 9>&- &
  F=$!
  exec 9>&-
  (own) <"$J/feed" 7<&- &
  O=$!
  printf '%s\\n' "$F" "$O" >"$J/started"
  wait "$O"
  E=$?
  kill "$F" "$P" 2>/dev/null
  leave "$E"
}

# The build is ours and the agent is gone: Nix's own hook builds it, on any machine, as soon as one has a slot. The one on which
# the agent was building it comes first: it may be built there.
alone() {
  ! succeeded || leave 0
  wait "$P"
  { dd if="$J/in" bs="$S" count=1; dd if="$J/in" bs=1 skip="$B" count=16; printf '\\0\\0\\0\\0\\0\\0\\0\\0'
    tail -c "+$((B + 25))" "$J/in"; } >"$J/alone.in" 2>/dev/null
  Y=nothing
  if [ -s "$J/first.in" ]; then
    U=\${NIX_SSHOPTS-}
    export NIX_SSHOPTS="$U ${FIRST_OPTIONS}"
    ask first ${FIRST_TRIES}
    export NIX_SSHOPTS="$U"
  fi
  final || ask alone 0
  cat "$J/alone.err" >&2
  [ "$Y" = accept ] || E=1
  leave "$E"
}

# Nix's own hook builds what $1.in says, asked again while others have all slots: $2 times, 0 = always. Y, E: its answer and its end.
ask() {
  N=$2
  while :; do
    (own) <"$J/$1.in" 2>"$J/alone.err" 7<&- 9>&- &
    O=$!
    echo "$O" >"$J/started"
    wait "$O"
    E=$?
    said "$J/alone.err"
    N=$((N - 1))
    [ "$Y" = postpone ] && [ "$N" != 0 ] || break
    sleep 2
  done
}

# It is built, or it is the build that failed: Nix's own hook says so in these words, in every version.
final() {
  [ "$Y" = accept ] || return
  [ "$E" != 0 ] || return 0
  while read -r Q; do
    case $Q in *'build of '*' failed: '*) return 0 ;; esac
  done <"$J/alone.err"
  return 1
}

leave() {
  kill "$T" 2>/dev/null
  rm -rf "$J"
  exit "$1"
}

# The latest attempt: it accepted, and ended well.
succeeded() {
  [ "$X" = 0 ] && said "$J/$last.err" && [ "$Y" = accept ]
}

# Y: the last answer in what Nix's own hook said.
said() {
  Y=nothing
  while read -r Q W Z; do [ "$Q" != '#' ] || Y=$W; done <"$1"
}

# One attempt: Nix's own hook with one machine to choose from. $1 its number, $2 the connection to share.
attempt() {
  O=\${NIX_SSHOPTS-}
  [ "$2" = - ] || O="$O -S $R/ssh/$2"
  (NIX_SSHOPTS=$O; export NIX_SSHOPTS; own) <"$J/$1.in" >/dev/null 2>"$J/$1.err" 7<&- 9>&- &
  echo "$!" >"$J/started"
  echo "pid $1 $!" >&9
  wait "$!"
  echo "ran $1 $?" 1<>"$J/down"
}

state=asking missed=0 last=0 X=none
while read -r word rest <&7; do
  case $word in
  look)
    missed=$((missed + 1))
    [ $state != running ] || continue
    if alive; then
      [ $state = asking ] && limit=${LOOKS.asking} || limit=${LOOKS.silent}
    else
      [ $state = queued ] && limit=${LOOKS.dead} || limit=1
    fi
    [ $missed -ge $limit ] || continue
    # One hook has waited for a silent agent: the next need not, until it takes the mark away.
    : >"$R/silent"
    [ $state = queued ] && alone || take_over
    ;;
  still) missed=0 ;;
  own) take_over ;;
  alone) [ $state != queued ] || alone ;;
  decline | postpone)
    missed=0 state=idle
    S=\${rest% *} B=\${rest#* }
    echo "$B" >"$J/answered"
    echo "# $word" >&2
    ;;
  accept)
    missed=0 state=queued
    S=\${rest%% *} rest=\${rest#* }
    B=\${rest%% *} rest=\${rest#* }
    echo "$S $B" >"$J/accepted"
    printf '# accept\\n%s\\n' "$rest" >&2
    ;;
  run)
    missed=0 state=running last=\${rest% *} X=none
    # An agent that goes on after another may say it again.
    [ ! -e "$J/$last.begun" ] || continue
    : >"$J/$last.begun"
    # A shell that keeps the FIFO open would hide the end of this one.
    { exec 7<&-; attempt "$last" "\${rest#* }"; } &
    ;;
  ran)
    missed=0 state=queued X=\${rest#* }
    echo "ran $rest" >&9
    alive || ! succeeded || leave 0
    ;;
  say) printf '%s\\n' "$rest" >&2 ;;
  exit)
    kill "$T"
    exit "$rest"
    ;;
  esac
done
`;
}

/** As one word of a shell, whatever stands in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
