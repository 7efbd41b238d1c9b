/** Compares frames that our own encoders made, written as a capture. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcapFile } from '../../helpers/capture.ts';
import { compareCapture, type FileReport } from './compare.ts';
import { type GenerateOptions, generateFrames } from './generate.ts';

/** Compares a few frames of every message. The same seed compares the same frames. */
export async function compareGenerated(options: GenerateOptions): Promise<FileReport> {
  const frames = generateFrames(options);
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-oracle-'));
  try {
    const path = join(folder, 'generated.pcap');
    const records = frames.map(({ bytes }, i) => ({ seconds: i, subseconds: 0, bytes }));
    writeFileSync(path, pcapFile(records));
    return await compareCapture(path, `generated (seed ${options.seed})`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
