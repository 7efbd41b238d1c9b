/** Says once, at the end of a run, what was skipped for want of something, and what would make it run. */
import type { Reporter, TestModule } from 'vitest/node';
import { wants } from './wants.ts';

export default class WantsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let skipped = 0;
    for (const module of modules)
      for (const test of module.children.allTests('skipped'))
        if (test.options.mode === 'skip') skipped++;
    if (skipped === 0) return;
    const missing = wants().filter((one) => !one.isThere);
    const lines = missing.map(({ what, remedy }) => `  ${what} is not there: ${remedy}`);
    process.stdout.write(
      `${skipped} tests were skipped.\n${lines.map((line) => `${line}\n`).join('')}`,
    );
  }
}
