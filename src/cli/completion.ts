/** `sanmotion completion`: a script that completes the command in a shell, made of the tree of commands. */
import type { Argument, Command, Option } from 'commander';
import { Exit, UsageError } from './output.ts';
import { builtInNames } from './scenario-file.ts';

/** The shells that can be served. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
/** One of `SHELLS`. */
export type Shell = (typeof SHELLS)[number];

/** Prints the script for a shell. Returns the exit status. Errors: `UsageError`. */
export function completionCommand(shell: string, program: Command): number {
  const known = SHELLS.find((one) => one === shell);
  if (known === undefined)
    throw new UsageError(`completion ${shell}: there is one for ${SHELLS.join(', ')}`);
  process.stdout.write(completionFor(known, program));
  return Exit.clean;
}

/** The script for a shell. */
export function completionFor(shell: Shell, program: Command): string {
  const commands = nodesOf(program);
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell](program.name(), commands);
}

/** A command as a shell sees it. */
interface Node {
  /** Its words behind the program's name: `campaign merge`. */
  readonly words: string;
  readonly description: string;
  readonly options: readonly Option[];
  /** Words that may stand in the place of its first argument, beside files. */
  readonly words1: readonly string[];
}

function nodesOf(program: Command): Node[] {
  const below = (parent: Command, above: string): Node[] =>
    parent.commands.flatMap((command) => {
      const words = `${above}${command.name()}`;
      const subcommands = command.commands.map((one) => one.name());
      const node = {
        words,
        description: command.description(),
        options: command.options.filter((one) => !one.hidden),
        words1: [...subcommands, ...argumentWords(command.registeredArguments[0])],
      };
      return [node, ...below(command, `${words} `)];
    });
  return below(program, '');
}

/** What is known of an argument: its choices, and the built-in scenarios where it is one. */
function argumentWords(argument: Argument | undefined): readonly string[] {
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return argument.argChoices;
  return argument.name() === 'scenario' ? builtInNames() : [];
}

/** An option whose values may be joined by commas: `--settings <names>`. */
const takesList = ({ flags }: Option): boolean => /<names>|<defences>/.test(flags);
const takesValue = (option: Option): boolean => option.required || option.optional;
const flagsOf = ({ long, short }: Option): string[] =>
  [short, long].filter((one) => one !== undefined && one !== null);

const single = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function bashScript(name: string, nodes: readonly Node[]): string {
  const values = nodes.flatMap(({ options, words }) =>
    options.flatMap((option) => {
      if (option.argChoices === undefined) return [];
      const list = takesList(option) ? '_sanmotion_list' : '_sanmotion_words';
      const keys = flagsOf(option).map((flag) => single(`${words} ${flag}`));
      return [`    ${keys.join('|')}) ${list} ${single(option.argChoices.join(' '))}; return ;;`];
    }),
  );
  const flags = nodes.map(
    ({ options, words }) =>
      `    ${single(words)}) flags=${single([...options.flatMap(flagsOf), '--help'].join(' '))} ;;`,
  );
  const arguments1 = nodes.flatMap(({ words, words1 }) =>
    words1.length === 0 ? [] : [`    ${single(words)}) words=${single(words1.join(' '))} ;;`],
  );
  const valued = [
    ...new Set(nodes.flatMap(({ options }) => options.filter(takesValue).flatMap(flagsOf))),
  ].join('|');
  return `# bash completion for ${name}: source <(${name} completion bash), or write it to a file of bash-completion.
_sanmotion_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

# Words with commas between them: the last of them is completed.
_sanmotion_list() {
  local before= last=$cur
  [[ $cur == *,* ]] && before=\${cur%,*}, last=\${cur##*,}
  mapfile -t COMPREPLY < <(compgen -W "$1" -P "$before" -- "$last")
  compopt -o nospace
}

_sanmotion() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local command= flags= words= known=${single(nodes.map((one) => one.words).join('|'))} i word skip=
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
    ${valued}) skip=1; continue ;;
    -*) continue ;;
    esac
    if [[ -z $command ]]; then
      command=$word
    elif [[ "|$known|" == *"|$command $word|"* ]]; then
      command="$command $word"
    fi
  done
  if [[ -z $command ]]; then
    _sanmotion_words ${single([...nodes.filter(({ words }) => !words.includes(' ')).map(({ words }) => words), '--help', '--version'].join(' '))}
    return
  fi
  case "$command $prev" in
${values.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
${flags.join('\n')}
    esac
    _sanmotion_words "$flags"
    return
  fi
  case $command in
${arguments1.join('\n')}
  esac
  # Without a word of ours the shell completes files.
  [[ -n $words ]] && _sanmotion_words "$words"
  return 0
}
complete -o default -o bashdefault -F _sanmotion ${name}
`;
}

/** A text in the specification of an argument of zsh. */
const zshText = (text: string): string => text.replaceAll(/[[\]:\\]/g, (one) => `\\${one}`);

function zshScript(name: string, nodes: readonly Node[]): string {
  const cases = nodes.map((node) => {
    const { options, words, words1 } = node;
    const specs = options.map((option) => {
      const text = `[${zshText(option.description)}]`;
      if (!takesValue(option)) return single(`${option.long}${text}`);
      const choices = option.argChoices;
      const action =
        choices === undefined
          ? '_files'
          : takesList(option)
            ? `_values -s , ${option.long?.slice(2)} ${choices.join(' ')}`
            : `(${choices.join(' ')})`;
      return single(`${option.long}=${text}:value:${action}`);
    });
    const first =
      words1.length === 0
        ? `'*:file:_files'`
        : single(`*: :{_alternative "words:word:(${words1.join(' ')})" "files:file:_files"}`);
    return `    ${single(words)}) _arguments ${[...specs, first].join(' ')} ;;`;
  });
  const commands = nodes
    .filter(({ words }) => !words.includes(' '))
    .map(({ description, words }) => single(`${words}:${zshText(description)}`));
  const known = nodes.map(({ words }) => single(words)).join(' ');
  return `#compdef ${name}
# zsh completion for ${name}: write it to a file _${name} in a folder of $fpath, or source it behind compinit.
_sanmotion() {
  local -a commands=(${commands.join(' ')}) known=(${known})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  if (( CURRENT > 3 )) && (( \${known[(Ie)$command $words[3]]} )); then
    command="$command $words[3]"
    shift words
    (( CURRENT-- ))
  fi
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _sanmotion ]]; then _sanmotion "$@"; else compdef _sanmotion ${name}; fi
`;
}

function fishScript(name: string, nodes: readonly Node[]): string {
  const text = (one: string): string => `'${one.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const when = ({ words }: Node): string =>
    words
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
  const lines = nodes.flatMap((node) => {
    const condition = text(when(node));
    const options = node.options.map((option) => {
      const short = option.short ? ` -s ${option.short.slice(1)}` : '';
      const long = ` -l ${option.long?.slice(2)}`;
      const value = !takesValue(option)
        ? ''
        : option.argChoices === undefined
          ? ' -r'
          : ` -x -a ${text(option.argChoices.join(' '))}`;
      return `complete -c ${name} -n ${condition}${short}${long}${value} -d ${text(option.description)}`;
    });
    const first =
      node.words1.length === 0
        ? []
        : [`complete -c ${name} -n ${condition} -a ${text(node.words1.join(' '))}`];
    return [...options, ...first];
  });
  const commands = nodes
    .filter(({ words }) => !words.includes(' '))
    .map(
      ({ description, words }) =>
        `complete -c ${name} -f -n __fish_use_subcommand -a ${words} -d ${text(description)}`,
    );
  return `# fish completion for ${name}: ${name} completion fish > ~/.config/fish/completions/${name}.fish
${[...commands, ...lines].join('\n')}
`;
}
