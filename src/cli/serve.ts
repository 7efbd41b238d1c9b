/** `sanmotion serve`: the fabric and the array on sockets, for guests that we did not write. */
import pc from 'picocolors';
import { fileSink } from '../capture/index.ts';
import { formatFcId, formatWwn } from '../codecs/index.ts';
import type { ArrayEvent, FcfEvent } from '../fabric/index.ts';
import { LiveServer, parseListenAddress } from '../live/index.ts';
import { streams } from '../sim/index.ts';
import { duration, Exit, UsageError } from './output.ts';

export interface ServeOptions {
  readonly listen: readonly string[];
  readonly lun: readonly string[];
  readonly vlan?: string;
  readonly tap?: string;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};
const LUN_DEFAULT = '64M';

/** Serves until SIGINT or SIGTERM. Returns the exit status. Errors: `UsageError`, `ListenError`, `CaptureError`. */
export async function serveCommand(options: ServeOptions): Promise<number> {
  if (options.listen.length === 0)
    throw new UsageError('serve: --listen unix:PATH or tcp:HOST:PORT is missing');
  const luns = options.lun.length === 0 ? [LUN_DEFAULT] : options.lun;
  const random = streams(Date.now());
  const server = new LiveServer({
    random: (name) => random.stream(name),
    listen: options.listen.map(parseListenAddress),
    lunBytes: luns.map(sizeOf),
    vlan: vlanOf(options.vlan),
    ...(options.tap === undefined ? {} : { tap: fileSink(options.tap) }),
    onEvent: (node, event, now) => {
      const text = node === 'fcf' ? fcfText(event as FcfEvent) : arrayText(event as ArrayEvent);
      if (text !== undefined) print(`${pc.dim(duration(now).padStart(10))}  ${text}`);
    },
    log: (text) => print(text),
  });
  const names = await server.open();
  for (const name of names) print(`listening on ${name}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  print('shutting down: everybody is logged out');
  await server.close();
  return Exit.clean;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function sizeOf(text: string): number {
  const parts = /^(\d+)([KMGT]?)$/i.exec(text);
  const bytes = Number(parts?.[1]) * (UNITS[parts?.[2]?.toUpperCase() ?? '?'] ?? Number.NaN);
  if (!Number.isSafeInteger(bytes) || bytes < 4096) {
    throw new UsageError(
      `--lun ${text}: a size in bytes, or with K, M, G or T; 4096 bytes at least`,
    );
  }
  return bytes;
}

function vlanOf(text: string | undefined): number {
  const vlan = text === undefined ? 0 : Number(text);
  if (!Number.isInteger(vlan) || vlan < 0 || vlan > 4094)
    throw new UsageError(`--vlan ${text}: 1 to 4094, or 0 for untagged`);
  return vlan;
}

/** What of the switch's events a person wants to see. */
function fcfText(event: FcfEvent): string | undefined {
  switch (event.kind) {
    case 'login':
      return `${pc.green(event.by)}  ${formatWwn(event.wwpn)}  ${formatFcId(event.nPortId)}  port ${event.port}`;
    case 'logout':
      return `${pc.yellow('logout')} ${formatWwn(event.wwpn)}  ${formatFcId(event.nPortId)}  ${event.reason}`;
    case 'login-rejected':
      return `${pc.red('reject')} ${formatWwn(event.wwpn)}  reason ${event.reason.toString(16)}h explanation ${event.explanation.toString(16)}h`;
    case 'protocol':
      return `${pc.red('protocol')} port ${event.port}: ${event.what}`;
    default:
      return undefined;
  }
}

function arrayText(event: ArrayEvent): string | undefined {
  switch (event.type) {
    case 'nexus':
      return `nexus  ${formatWwn(event.nexus.wwpn)}  ${formatFcId(event.nexus.sId)}  ${event.state}`;
    case 'refused':
      return `${pc.red('array')}  ${event.what}`;
    default:
      return undefined;
  }
}
