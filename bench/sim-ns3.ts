/** The `headers` world of the fabric in ns-3, where Debian's headers of it are (`libns3-dev`). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './sim-contender.ts';

/** Point-to-point devices, or nothing but the event queue. */
export type Ns3Device = 'p2p' | 'bare';

const SOURCE = 'bench/contenders/ns3-fabric.cc';
const INCLUDES = '#include <ns3/point-to-point-module.h>\n#include <zlib.h>\n';
const LIBRARIES = ['ns3-point-to-point', 'ns3-network', 'ns3-core', 'z'].map((one) => `-l${one}`);
const PORTS_PER_HOST = 25;

/** The compiled program, in a folder for temporary files until `remove` is called. */
export interface Ns3 {
  /** Frames a processor second of one run. */
  rate(device: Ns3Device, ports: number, frames: number): Promise<number>;
  remove(): void;
}

/** Compiles the world; a text that says what is missing, where it cannot be. Errors: it does not compile. */
export function compileNs3(): Ns3 | string {
  const probe = spawnSync('g++', ['-E', '-x', 'c++', '-'], {
    input: INCLUDES,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (probe.error !== undefined) return 'no g++ here (Debian: g++)';
  if (probe.status !== 0) return 'no headers of ns-3 here (Debian: libns3-dev, zlib1g-dev)';
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-ns3-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, 'ns3-fabric');
  const args = ['-std=c++17', '-O2', '-DNDEBUG', SOURCE, '-o', program, ...LIBRARIES];
  const done = spawnSync('g++', args, { encoding: 'utf8' });
  if (done.status !== 0) {
    remove();
    throw new Error(`${SOURCE} does not compile:\n${done.stderr}`);
  }
  return {
    remove,
    async rate(device, ports, frames) {
      const words = [device, ports, frames, Math.ceil(ports / PORTS_PER_HOST)].map(String);
      const ran = await run(program, words);
      if (ran.status !== 0) throw new Error(`ns-3, ${device}: ${ran.stderr}`);
      return (JSON.parse(ran.stdout) as { framesPerCpuSecond: number }).framesPerCpuSecond;
    },
  };
}
