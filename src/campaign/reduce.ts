/**
 * A scenario made smaller: fewer virtual machines, logical units, fabrics and I/Os. What stays is
 * what the scenario says, so a reduction is a few words that a replay can carry.
 */

import { FaultError } from '../run/fault.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { CampaignWorld } from './job.ts';

/** What to leave of a scenario; what is not named stays as it is. */
export interface Reduction {
  /** Only the virtual machine that moves. */
  readonly oneVm?: true;
  /** Each virtual machine keeps the first of its logical units. */
  readonly oneLun?: true;
  /** Only this fabric, with the ports on it. */
  readonly fabric?: string;
  readonly iosPerStep?: number;
  /** I/Os that a guest has outstanding at once. */
  readonly queueDepth?: number;
  readonly blocksMax?: number;
  readonly rangeBlocks?: number;
  readonly readPercent?: number;
}

const NUMBERS = ['iosPerStep', 'queueDepth', 'blocksMax', 'rangeBlocks', 'readPercent'];

/** A reduction from what JSON gave. Errors: `FaultError` naming what is allowed. */
export function parseReduction(value: unknown): Reduction {
  if (typeof value !== 'object' || value === null) throw new FaultError('reduce: an object');
  for (const [key, one] of Object.entries(value)) {
    const fits =
      key === 'oneVm' || key === 'oneLun'
        ? one === true
        : key === 'fabric'
          ? typeof one === 'string'
          : NUMBERS.includes(key) && Number.isSafeInteger(one) && (one as number) >= 0;
    if (fits) continue;
    throw new FaultError(
      `reduce: ${key} ${JSON.stringify(one)}; allowed: oneVm, oneLun (true), fabric (a name), ${NUMBERS.join(', ')} (a number)`,
    );
  }
  return value;
}

/** The world of a campaign with a reduction applied. */
export function reduced(world: CampaignWorld, reduction: Reduction): CampaignWorld {
  let { scenario } = world;
  if (reduction.fabric !== undefined) scenario = onFabric(scenario, reduction.fabric);
  const vms = scenario.vms
    .filter((vm) => reduction.oneVm !== true || vm.name === scenario.move.vm)
    .map((vm) => ({
      ...vm,
      luns: reduction.oneLun === true && vm.volumes === undefined ? vm.luns.slice(0, 1) : vm.luns,
      workload: workloadOf(vm.workload, reduction),
    }));
  return {
    ...world,
    scenario: { ...scenario, vms },
    iosPerStep: reduction.iosPerStep ?? world.iosPerStep,
  };
}

type Workload = Scenario['vms'][number]['workload'];

function workloadOf(workload: Workload, reduction: Reduction): Workload {
  const { queueDepth, blocksMax, rangeBlocks, readPercent } = reduction;
  return {
    ...workload,
    ...(queueDepth === undefined ? {} : { queueDepth }),
    ...(blocksMax === undefined ? {} : { blocksMax }),
    ...(rangeBlocks === undefined ? {} : { rangeBlocks }),
    ...(readPercent === undefined ? {} : { readPercent }),
  };
}

type HostPort = Scenario['hosts'][number]['ports'][number];

function onFabric(scenario: Scenario, fabric: string): Scenario {
  const only = <T extends HostPort>(ports: readonly T[]): T[] =>
    ports.filter((one) => (typeof one === 'string' ? one : one.fabric) === fabric);
  return {
    ...scenario,
    fabrics: scenario.fabrics.filter((one) => one.name === fabric),
    hosts: scenario.hosts.map((host) => ({ ...host, ports: only(host.ports) })),
    array: { ...scenario.array, ports: only(scenario.array.ports) },
  };
}

/** Ways to make a world smaller, those that help most first. */
export function reductionsOf({ scenario, iosPerStep }: CampaignWorld): Reduction[] {
  const vm = scenario.vms.find((one) => one.name === scenario.move.vm)!;
  const { blocksMax, queueDepth, rangeBlocks, readPercent } = vm.workload;
  const isPlain = scenario.nextMoves.length === 0 && scenario.events.length === 0;
  // Events and further moves name guests and fabrics that must stay.
  const onlyFabrics =
    isPlain && scenario.array.targetPortGroups === undefined ? scenario.fabrics : [];
  return [
    ...(isPlain && scenario.vms.length > 1 ? [{ oneVm: true } as const] : []),
    ...(onlyFabrics.length > 1 ? onlyFabrics.map(({ name }) => ({ fabric: name })) : []),
    ...(vm.luns.length > 1 && vm.volumes === undefined ? [{ oneLun: true } as const] : []),
    ...below(iosPerStep, [1, 2, 4, 8]).map((ios) => ({ iosPerStep: ios })),
    ...below(blocksMax, [1]).map((blocks) => ({ blocksMax: blocks })),
    ...below(queueDepth, [1, 2, 4]).map((depth) => ({ queueDepth: depth })),
    ...below(rangeBlocks, [1, 4, 16]).map((blocks) => ({ rangeBlocks: blocks })),
    ...below(readPercent, [0]).map((percent) => ({ readPercent: percent })),
  ];
}

const below = (value: number, steps: readonly number[]): number[] =>
  steps.filter((step) => step < value);
