/** `sanmotion serve`: fabrics and an array on sockets, for guests that we did not write. */
import { resolve } from 'node:path';
import pc from 'picocolors';
import { type ByteSink, fileSink } from '../capture/index.ts';
import { CONTROL_COMMANDS } from '../live/control/commands.ts';
import { ControlSocket } from '../live/control/socket.ts';
import { checkDistinct, listenAddressFrom, parseListenAddress } from '../live/listen-address.ts';
import { parseLunSource } from '../live/lun-source.ts';
import { defaultPlan, type ServePlan } from '../live/plan.ts';
import { scenarioPlan } from '../live/plan-scenario.ts';
import { LiveServer } from '../live/server.ts';
import { streams } from '../machine/random.ts';
import { Exit, toJson, UsageError } from './output.ts';
import { loadedFrom } from './scenario-file.ts';
import { serveLog } from './serve-log.ts';
import { untilStopped } from './until-stopped.ts';

/** Options of `sanmotion serve`, as they were typed. */
export interface ServeOptions {
  readonly listen: readonly string[];
  readonly lun: readonly string[];
  readonly vlan?: string;
  readonly control?: string;
  readonly tap?: string;
  readonly json?: boolean;
  readonly logJson?: boolean;
}

/** Serves until SIGINT or SIGTERM. Returns the exit status. Errors: `UsageError`, `ListenError`, `LunError`, `CaptureError`. */
export async function serveCommand(
  file: string | undefined,
  options: ServeOptions,
): Promise<number> {
  const random = streams(Date.now());
  const pretty = process.stderr.isTTY === true && options.logJson !== true;
  const server = await LiveServer.open({
    plan: planOf(file, options),
    random: random.stream,
    ...tapOf(options.tap),
    log: serveLog(process.stderr, pretty),
  });
  const stopped = untilStopped();
  const control = await openControl(server, options.control);
  announce(server, options);
  await stopped;
  server.log('info', 'shutdown', 'shutting down: everybody is logged out');
  await control?.close();
  await server.close();
  return Exit.clean;
}

function planOf(file: string | undefined, options: ServeOptions): ServePlan {
  const vlan = vlanOf(options.vlan);
  const given = {
    listen: options.listen.map(parseListenAddress),
    luns: options.lun.map(parseLunSource),
    ...(vlan === undefined ? {} : { vlan }),
  };
  const plan = file === undefined ? defaultPlan(given) : scenarioPlan(loadedFrom(file), given);
  const control = options.control;
  checkDistinct([
    ...plan.listen,
    ...(control === undefined ? [] : [listenAddressFrom('--control', `unix:${control}`)]),
  ]);
  checkFilesDistinct(plan, options.tap);
  return plan;
}

/** A file that two would write is refused before anything is opened. Errors: `UsageError`. */
function checkFilesDistinct({ units }: ServePlan, tap: string | undefined): void {
  const files = units.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : []));
  const seen = new Set<string>();
  for (const path of tap === undefined ? files : [...files, tap]) {
    const whole = resolve(path);
    if (seen.has(whole))
      throw new UsageError(
        `serve: ${path} is given twice; each unit and the tap need their own file`,
      );
    seen.add(whole);
  }
}

function tapOf(path: string | undefined): { tap?: () => ByteSink } {
  return path === undefined ? {} : { tap: () => fileSink(path) };
}

async function openControl(
  server: LiveServer,
  path: string | undefined,
): Promise<ControlSocket | undefined> {
  if (path === undefined) return undefined;
  try {
    return await ControlSocket.open(path, server, CONTROL_COMMANDS);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** From here on guests may connect. */
function announce(server: LiveServer, { json, control }: ServeOptions): void {
  const { addresses, plan } = server;
  if (json === true) {
    const luns = plan.units.map(({ name, source }) => ({ name, ...source }));
    const line = { listening: addresses, control, luns, pid: process.pid };
    process.stdout.write(`${toJson(line)}\n`);
    return;
  }
  if (control !== undefined) process.stdout.write(`control on ${control}\n`);
  const many = plan.topology.fabrics.length > 1;
  for (const { fabric, address } of addresses) {
    const where = many ? ` ${pc.dim(`(fabric ${fabric})`)}` : '';
    process.stdout.write(`listening on ${address}${where}\n`);
  }
}

function vlanOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const vlan = Number(text);
  if (!Number.isInteger(vlan) || vlan < 0 || vlan > 4094)
    throw new UsageError(`--vlan ${text}: 1 to 4094, or 0 for untagged`);
  return vlan;
}
