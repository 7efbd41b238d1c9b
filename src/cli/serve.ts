/** `sanmotion serve`: fabrics and an array on sockets, for guests that we did not write. */
import pc from 'picocolors';
import { ISCSI_TARGET_NAME, iscsiPlanOf, isIscsiAddress } from '../live/iscsi-plan.ts';
import { isLanAddress, parseLanAddress } from '../live/lan-address.ts';
import { parseListenAddress } from '../live/listen-address.ts';
import { parseLunSource } from '../live/lun-source.ts';
import { isNbdAddress, parseNbdAddress } from '../live/nbd-service.ts';
import { type OpenServer, openServer } from '../live/open.ts';
import { parsePeerAddress, streamPlaceFrom } from '../live/pair/place.ts';
import { isServiceAddress, parseExportRule, parseServiceAddress } from '../live/service-address.ts';
import { streams } from '../machine/random.ts';
import type { ExportRule } from '../port/nfs/exports.ts';
import { filesNamed, refuseSameFile } from './files.ts';
import { Exit, toJson, UsageError } from './output.ts';
import { loadedFrom, scenarioFiles } from './scenario-file.ts';
import { serveLog } from './serve-log.ts';
import { untilStopped } from './until-stopped.ts';

/** Options of `sanmotion serve`, as they were typed. */
export interface ServeOptions {
  readonly listen: readonly string[];
  readonly lun: readonly string[];
  readonly export?: readonly string[];
  readonly layouts?: boolean;
  readonly advertise?: readonly string[];
  readonly chap?: string;
  readonly vlan?: string;
  readonly peer?: readonly string[];
  readonly witness?: string;
  readonly control?: string;
  readonly tap?: string;
  readonly history?: string;
  readonly rest?: string;
  readonly nxapi?: string;
  readonly metrics?: string;
  readonly web?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly json?: boolean;
  readonly logJson?: boolean;
}

/** Addresses that are not of guests' cables. */
const OTHERS = [isServiceAddress, isIscsiAddress, isNbdAddress, isLanAddress];

/** Serves until SIGINT or SIGTERM. Returns the exit status. Errors: `UsageError`, `ListenError`, `LunError`, `CaptureError`. */
export async function serveCommand(
  file: string | undefined,
  options: ServeOptions,
): Promise<number> {
  const random = streams(Date.now());
  const pretty = process.stderr.isTTY === true && options.logJson !== true;
  const vlan = vlanOf(options.vlan);
  refuseSameFile([
    ...scenarioFiles(file),
    ...filesNamed({
      '--password-file': options.passwordFile,
      '--tap': options.tap,
      '--history': options.history,
    }),
  ]);
  const opened = await openServer({
    scenario: file === undefined ? undefined : loadedFrom(file),
    listen: options.listen.filter((one) => !OTHERS.some((is) => is(one))).map(parseListenAddress),
    services: options.listen.filter(isServiceAddress).map(parseServiceAddress),
    exports: exportsOf(options),
    layouts: layoutsOf(options),
    nbd: options.listen.filter(isNbdAddress).map(parseNbdAddress),
    lan: options.listen.filter(isLanAddress).map(parseLanAddress),
    iscsi: iscsiPlanOf({
      listen: options.listen,
      advertise: options.advertise ?? [],
      chap: options.chap,
    }),
    luns: options.lun.map(parseLunSource),
    ...(vlan === undefined ? {} : { vlan }),
    peers: options.peer?.map(parsePeerAddress),
    witness:
      options.witness === undefined ? undefined : streamPlaceFrom('--witness', options.witness),
    control: options.control,
    tap: options.tap,
    history: options.history,
    rest: options.rest,
    nxapi: options.nxapi,
    metrics: options.metrics,
    web: options.web,
    user: options.user,
    passwordFile: options.passwordFile,
    random: random.stream,
    log: serveLog(process.stderr, pretty),
  });
  const { server } = opened;
  const stopped = untilStopped();
  announce(opened, options);
  await stopped;
  server.log('info', 'shutdown', 'shutting down: everybody is logged out');
  await opened.close();
  return Exit.clean;
}

/** From here on guests may connect. */
function announce({ management, server }: OpenServer, { json, control }: ServeOptions): void {
  const { addresses, plan, services, targets } = server;
  if (json === true) {
    const luns = plan.units.map(({ name, source }) => ({ name, ...source }));
    const said = targets.map(({ groupTags, listening, targetName }) => ({
      target: targetName,
      listening,
      groups: groupTags,
    }));
    // The first one as it was said when there was one.
    const iscsi = said[0] && { ...said[0], targets: said };
    const lan = plan.lan?.map(({ address, fabric }) => ({ fabric, address }));
    const listening = { listening: addresses, services, iscsi, lan, control, ...management };
    const line = { ...listening, luns, pid: process.pid };
    process.stdout.write(`${toJson(line)}\n`);
    return;
  }
  if (control !== undefined) process.stdout.write(`control on ${control}\n`);
  for (const [front, address] of Object.entries(management))
    process.stdout.write(`${front} on http://${address}\n`);
  const many = plan.topology.fabrics.length > 1;
  for (const { fabric, address } of addresses) {
    const where = many ? ` ${pc.dim(`(fabric ${fabric})`)}` : '';
    process.stdout.write(`listening on ${address}${where}\n`);
  }
  for (const { address, files } of services)
    process.stdout.write(`listening on ${address} ${pc.dim(`(${files.join(' ')})`)}\n`);
  for (const { listening, targetName } of targets)
    for (const address of listening)
      process.stdout.write(`listening on ${address} ${pc.dim(`(${targetName})`)}\n`);
  for (const { address, fabric } of plan.lan ?? [])
    process.stdout.write(
      `listening on lan:${address} ${pc.dim(`(${ISCSI_TARGET_NAME}, for guests of fabric ${fabric})`)}\n`,
    );
}

/** Who may mount. Errors: `UsageError` where nothing is exported. */
function exportsOf({ export: rules = [], listen }: ServeOptions): ExportRule[] {
  if (rules.length > 0 && !listen.some(isServiceAddress))
    throw new UsageError('serve: --export says who may mount; say --listen nfs:HOST:PORT too');
  return rules.map(parseExportRule);
}

/** Whether clients of files may go to the disks. Errors: `UsageError` where there are no files. */
function layoutsOf({ layouts = false, listen }: ServeOptions): boolean {
  if (layouts && !listen.some(isServiceAddress))
    throw new UsageError(
      'serve: --layouts lets clients of files go to the disks; say --listen nfs:HOST:PORT too',
    );
  return layouts;
}

function vlanOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const vlan = Number(text);
  if (!Number.isInteger(vlan) || vlan < 0 || vlan > 4094)
    throw new UsageError(`--vlan ${text}: 1 to 4094, or 0 for untagged`);
  return vlan;
}
