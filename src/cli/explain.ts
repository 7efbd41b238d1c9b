/** `sanmotion explain`: what an invariant means, what it needs, what breaks it, and what to do; and what other names mean. */
import pc from 'picocolors';
import { Auditor, invariants } from '../audit/auditor.ts';
import { type Evidence, MEANING } from '../audit/evidence.ts';
import { explanationOf } from '../audit/explanations.ts';
import { type ExplainedOther, explainedOther, otherNames } from './explain-others.ts';
import { Exit, terminalColumns, toJson, UsageError, wrap } from './output.ts';

/** Options of `sanmotion explain`, as they were typed. */
export interface ExplainOptions {
  readonly json?: boolean;
}

/** What is known of one invariant. */
interface Explained {
  readonly invariant: string;
  readonly sentence: string;
  /** True; kept for who reads it. */
  readonly isBuilt: boolean;
  /** Evidence without which nothing can be said, and what is used where it is there, in words. */
  readonly needs: readonly string[];
  readonly uses: readonly string[];
  readonly breach: string | null;
  readonly mutant: string | null;
  readonly remedy: string | null;
  /** What it says where nothing was seen. */
  readonly unseen: string;
}

/** Runs the command. Returns the exit status. Errors: `UsageError`. */
export function explainCommand(names: readonly string[], options: ExplainOptions): number {
  const all = explained();
  const wanted = names.map((name) => {
    const found =
      all.find(({ invariant }) => invariant === name.toUpperCase()) ?? explainedOther(name);
    if (found !== undefined) return found;
    throw new UsageError(`explain ${name}: there are ${rangesOf(all)}; ${otherNames(name)}`);
  });
  if (options.json === true) {
    process.stdout.write(`${toJson(wanted.length === 0 ? all : wanted, 2)}\n`);
  } else if (wanted.length === 0) process.stdout.write(listText(all));
  else {
    const texts = wanted.map((one) => ('kind' in one ? textOfOther(one) : textOf(one)));
    process.stdout.write(texts.join('\n'));
  }
  return Exit.clean;
}

/** The invariants that there are, those that follow each other as one: `I1 to I44, I51`. */
function rangesOf(all: readonly Pick<Explained, 'invariant'>[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const { invariant } of all) {
    const number = Number(invariant.slice(1));
    const range = ranges.at(-1);
    if (range !== undefined && range.last + 1 === number) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  const texts = ranges.map(({ first, last }) =>
    first === last ? `I${first}` : `I${first} to I${last}`,
  );
  return texts.join(', ');
}

function explained(): Explained[] {
  const nothingSeen = new Auditor({ guestTimeoutNs: 0, blackoutBudgetNs: 0, rATovNs: 0 });
  const unseen = new Map(nothingSeen.conclude().map((one) => [one.invariant, one.detail]));
  return invariants().map(({ hears, invariant, needs, sentence }) => {
    const explanation = explanationOf(invariant);
    return {
      invariant,
      sentence,
      isBuilt: true,
      needs: wordsOf(needs),
      uses: wordsOf(hears.filter((kind) => !needs.includes(kind))),
      breach: explanation?.breach ?? null,
      mutant: explanation?.mutant ?? null,
      remedy: explanation?.remedy ?? null,
      unseen: unseen.get(invariant) ?? '',
    };
  });
}

const wordsOf = (kinds: readonly Evidence[]): string[] => kinds.map((kind) => MEANING[kind]);

const MORE = wrap(
  'sanmotion explain I7 says more of one of them; explain powervm of a way to move, explain F5 of a failure, explain hold of what a campaign does to a frame',
  terminalColumns(),
);

function listText(all: readonly Explained[]): string {
  const lines = all.map(({ invariant, sentence }) => {
    return wrap(`${invariant.padEnd(4)}  ${sentence}`, terminalColumns(), 6);
  });
  return `${lines.join('\n')}\n\n${MORE}\n`;
}

function textOfOther({ lines, name, sentence }: ExplainedOther): string {
  const columns = terminalColumns();
  const width = Math.max(...lines.map(([one]) => one.length)) + 2;
  return [
    wrap(`${pc.bold(name)}  ${sentence}`, columns, name.length + 2),
    '',
    ...lines.map(([one, text]) => wrap(`${pc.dim(one.padEnd(width))}${text}`, columns, width)),
    '',
  ].join('\n');
}

const NAME_WIDTH = 'what to do'.length + 2;

function textOf(one: Explained): string {
  const { breach, invariant, mutant, needs, remedy, sentence, uses } = one;
  const line = (name: string, text: string): string =>
    wrap(`${pc.dim(name.padEnd(NAME_WIDTH))}${text}`, terminalColumns(), NAME_WIDTH);
  const head = wrap(`${pc.bold(invariant)}  ${sentence}`, terminalColumns(), invariant.length + 2);
  return [
    head,
    '',
    line('violated', `${breach}`),
    line('needs', needs.join(', ')),
    ...(uses.length === 0 ? [] : [line('also uses', uses.join(', '))]),
    line('caught', `${mutant}`),
    line('what to do', `${remedy}`),
    '',
  ].join('\n');
}
