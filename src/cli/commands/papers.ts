/** The commands to begin with, and those that tell: `init`, `scenarios`, `explain`, `completion`. */
import type { Command } from 'commander';
import { choiceArgument, type End, withExamples } from './option.ts';

/** Adds them to the tree. */
export function addPapers(program: Command, version: string, end: End): void {
  const init = program
    .command('init')
    .description('write a commented scenario to start from')
    .argument('[file]', 'where to; without it, to standard output')
    .option('--from <capture>', 'the fabrics, names, units and timers that a capture shows')
    .action(async (file, options) => {
      const { initCommand } = await import('../init.ts');
      end(await initCommand(file, options, version));
    });
  withExamples(
    init,
    ['sanmotion init mine.yaml', 'a file with comments, to be changed'],
    ['sanmotion init --from move.pcap mine.yaml', 'the world of a capture, with the move it shows'],
    ['sanmotion init | sanmotion move -', 'made and run at once'],
  );
  const scenarios = program
    .command('scenarios')
    .description('the built-in scenarios: what there is, or the text of one')
    .argument('[name]', 'prints the file of this one')
    .option('--json', 'the list as one JSON document')
    .action(async (name, options) => {
      const { scenariosCommand } = await import('../scenarios.ts');
      end(scenariosCommand(name, options));
    });
  withExamples(
    scenarios,
    ['sanmotion scenarios', 'a line for each'],
    ['sanmotion scenarios s-id-reuse', 'the file of one, as an example'],
  );
  const explain = program
    .command('explain')
    .description(
      'what an invariant means, what breaks it, and what to do; what a profile, a failure or a fault is',
    )
    .argument('[name...]', 'such as I7, powervm, F5, hold; without one, a line for each invariant')
    .option('--json', 'one JSON document')
    .action(async (names, options) => {
      const { explainCommand } = await import('../explain.ts');
      end(explainCommand(names, options));
    });
  withExamples(
    explain,
    ['sanmotion explain I7', 'the ghost write'],
    ['sanmotion explain powervm F5', 'a way to move, and a failure of the catalogue'],
  );
  const completion = program
    .command('completion')
    .description('a script that completes this command in a shell')
    .addArgument(choiceArgument('shell', 'for which shell', ['bash', 'zsh', 'fish']))
    .action(async (shell) => {
      const { completionCommand } = await import('../completion.ts');
      end(completionCommand(shell, program));
    });
  withExamples(
    completion,
    ['source <(sanmotion completion bash)', 'in this shell, or in ~/.bashrc'],
    ['sanmotion completion zsh > ~/.zfunc/_sanmotion', 'in a folder that fpath of ~/.zshrc names'],
    ['sanmotion completion fish > ~/.config/fish/completions/sanmotion.fish', 'for good'],
  );
}
