/** The kernel where no code may be made from text: the same tests, with the interpreters. */
import { afterEach, describe, expect, it, vi } from 'vitest';

vi.mock('../../../../src/codecs/layout/compile.ts', async (original) => ({
  ...(await original<object>()),
  canCompile: () => false,
}));

await import('./annotate.test.ts');
await import('./codec.test.ts');
await import('./family.test.ts');
await import('./layout.test.ts');
await import('./list.test.ts');
await import('./numbers.test.ts');
await import('./octets.test.ts');
await import('./read.test.ts');
await import('./struct.test.ts');
await import('./tail.test.ts');
await import('./trace.test.ts');
await import('./view.test.ts');
await import('./write.test.ts');

describe('whether code can be made', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** The module as it is, asked for the first time. */
  const fresh = async (): Promise<() => boolean> => {
    vi.resetModules();
    const { canCompile } = await vi.importActual<
      typeof import('../../../../src/codecs/layout/compile.ts')
    >('../../../../src/codecs/layout/compile.ts');
    return canCompile;
  };

  it('is tried, and remembered', async () => {
    const canCompile = await fresh();
    expect(canCompile()).toBe(true);
    vi.stubGlobal('Function', refusing);
    expect(canCompile()).toBe(true);
  });

  it('is not where the host refuses, also later', async () => {
    const canCompile = await fresh();
    vi.stubGlobal('Function', refusing);
    expect(canCompile()).toBe(false);
    vi.unstubAllGlobals();
    expect(canCompile()).toBe(false);
  });
});

function refusing(): never {
  throw new EvalError('Code generation from strings disallowed for this context');
}
