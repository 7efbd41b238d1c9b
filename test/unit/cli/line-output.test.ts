/** Lines in pieces: nothing is lost, whatever their length. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LineOutput } from '../../../src/cli/line-output.ts';

afterEach(() => vi.restoreAllMocks());

/** What `use` writes to standard output. */
async function written(use: (out: LineOutput) => void): Promise<string> {
  const pieces: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((piece, ...rest: unknown[]) => {
    pieces.push(Buffer.from(piece as Uint8Array).toString());
    for (const done of rest) (done as () => void)();
    return true;
  });
  const out = new LineOutput();
  use(out);
  await out.flush();
  return pieces.join('');
}

describe('LineOutput', () => {
  it('writes every line once and in order, in memory that is used again', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i} → ${'é'.repeat(i % 50)}`);
    const text = await written((out) => {
      for (const line of lines) out.line(line);
    });
    expect(text).toBe(`${lines.join('\n')}\n`);
  });

  it('writes a line that is longer than a piece', async () => {
    const long = '→'.repeat(200_000);
    const text = await written((out) => {
      out.line('before');
      out.line(long);
      out.line('behind');
    });
    expect(text).toBe(`before\n${long}\nbehind\n`);
  });

  it('waits for nobody where its reader is fast', () => {
    expect(new LineOutput().taken()).toBeUndefined();
  });
});
