/** The commands that tell: `explain`. */
import type { Command } from 'commander';
import { type End, withExamples } from './option.ts';

/** Adds them to the tree. */
export function addPapers(program: Command, end: End): void {
  const explain = program
    .command('explain')
    .description('what an invariant means, what it needs, what breaks it, and what to do about it')
    .argument('[invariant...]', 'such as I7; without one, a line for each')
    .option('--json', 'one JSON document')
    .action(async (names, options) => {
      const { explainCommand } = await import('../explain.ts');
      end(explainCommand(names, options));
    });
  withExamples(explain, ['sanmotion explain I7', 'the ghost write']);
}
