// The command tree as a shell's completion script. After a command its flags and subcommands are offered, else files. Knows
// commander's tree and three shells.
import type { Command } from "commander";

interface Word {
  readonly word: string;
  readonly about: string;
}

/** What may follow a path of commands: "" is the program itself, "import graph" a subcommand. */
export interface Words {
  readonly path: string;
  readonly commands: readonly Word[];
  readonly flags: readonly Word[];
}

export function wordsOf(command: Command, path = "", inherited: readonly Word[] = []): Words[] {
  const own = command.options.flatMap(({ long, hidden, description }) =>
    long === undefined || long === null || hidden ? [] : [{ word: long, about: description }],
  );
  const flags = [...own, ...inherited];
  const commands = command.commands.map((sub) => ({ word: sub.name(), about: sub.description() }));
  const below = command.commands.flatMap((sub) =>
    wordsOf(
      sub,
      `${path} ${sub.name()}`.trim(),
      flags.filter(({ word }) => word !== "--version"),
    ),
  );
  return [{ path, commands, flags: [...flags, { word: "--help", about: "what is expected" }] }, ...below];
}

export const SHELLS = { bash, zsh, fish } as const;

function bash(all: readonly Words[]): string {
  const paths = all.map(({ path }) => path).filter((path) => path !== "");
  const cases = all.map(({ path, commands, flags }) => {
    const words = [...commands, ...flags].map(({ word }) => word).join(" ");
    return `    "${path}") words="${words}" ;;`;
  });
  return `# drvfleet: source <(drvfleet completion bash)
_drvfleet() {
  local word path= words= current=\${COMP_WORDS[COMP_CWORD]}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.map((path) => `"${path}"`).join(" | ")}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _drvfleet drvfleet
`;
}

function zsh(all: readonly Words[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(all).replaceAll("completion bash", "completion zsh")}`;
}

function fish(all: readonly Words[]): string {
  const lines = all.flatMap(({ path, commands, flags }) => {
    const seen = path === "" ? [] : path.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
    const none = commands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${commands.map(({ word }) => word).join(" ")}`];
    const here = (conditions: readonly string[]): string => (conditions.length === 0 ? "" : ` -n '${conditions.join("; and ")}'`);
    return [
      ...commands.map(({ word, about }) => `complete -c drvfleet -f${here([...seen, ...none])} -a ${word} -d ${quoted(about)}`),
      ...flags.map(({ word, about }) => `complete -c drvfleet${here([...seen, ...none])} -l ${word.slice(2)} -d ${quoted(about)}`),
    ];
  });
  return `# drvfleet: drvfleet completion fish | source\n${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
