/** The console block of a page: commands, each with what it prints. */
import { readFileSync } from 'node:fs';

/** Commands of a page's first `console` block. */
export function commandsOf(page: string): { line: string; prints: string }[] {
  const block = /```console\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8'))![1]!;
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [line = '', ...prints] = text.trimEnd().split('\n');
      return { line, prints: prints.join('\n') };
    });
}
