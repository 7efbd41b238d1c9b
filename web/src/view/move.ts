/** A move: a scenario is chosen and changed, run in a worker, and watched. */
import { DRAINS } from '../../../src/host/control.ts';
import { DEFENCES, STRATEGIES } from '../../../src/mobility/plan.ts';
import { PROFILE_NAMES, SETTING_NAMES } from '../../../src/mobility/profiles.ts';
import type { RunInside } from '../../../src/report/one-page.ts';
import { LATE_SCHEDULES, type LateSchedule } from '../../../src/run/late-schedules.ts';
import type { ScenarioOverrides } from '../../../src/scenario/overrides.ts';
import { count, fill, h, progressLine } from '../dom.ts';
import type { WorkerClient } from '../rpc.ts';
import { SCENARIOS } from '../scenarios.ts';
import type { PageFunctions } from '../worker/worker.ts';
import { newWorker } from '../worker-client.ts';
import { madeView } from './made.ts';

/** The scenario that stands there first: a ghost write, found and shown. */
const FIRST = 's-id-reuse';
const AS_IT_IS = 'as the scenario says';

/** Runs of more frames are made again only when they are asked for. */
const AT_ONCE_FRAMES_MAX = 100_000;

/**
 * Puts the view into a section. A page with a run in it begins with the report of it, and makes the run again, for its
 * frames and moments.
 */
export function moveView(section: HTMLElement, inside?: RunInside, report?: HTMLElement): void {
  let client: WorkerClient<PageFunctions> | undefined;
  const progress = progressLine();
  const complaint = h('p', { class: 'violated', role: 'alert' });
  const result = h('div', {}, report);
  const text = h('textarea', { id: 'text', rows: 18, spellcheck: 'false' });
  const isOwn = inside !== undefined && SCENARIOS[inside.file] !== inside.text;
  const texts = isOwn ? { [inside.file]: inside.text, ...SCENARIOS } : SCENARIOS;
  const first = inside?.file ?? FIRST;
  const scenario = select('scenario', 'Scenario', Object.keys(texts), first, () => choose());
  const about = h('p', { class: 'faint' });
  const strategy = select('strategy', 'Strategy', [AS_IT_IS, ...STRATEGIES]);
  const drain = select('drain', 'Drain', [AS_IT_IS, ...DRAINS]);
  const profile = select('profile', 'Vendor’s profile', [AS_IT_IS, ...PROFILE_NAMES]);
  const late = select('late', 'Late frames', ['none', ...LATE_SCHEDULES]);
  const seed = field('seed', 'Seed', { type: 'number', min: 0, step: 1, placeholder: AS_IT_IS });
  const quiesce = field('quiesce', 'Wait before the new login, in ms', {
    type: 'number',
    min: 0,
    step: 1,
    placeholder: AS_IT_IS,
  });
  const defences = checks('Defences', DEFENCES);
  const settings = checks('Settings of fabric and array', SETTING_NAMES);
  const own = h('input', { type: 'checkbox', id: 'own-defences' });
  const run = h('button', { type: 'submit', class: 'main' }, 'Make the move');
  const stop = h('button', { type: 'button', hidden: true, onclick: () => client?.end() }, 'Stop');

  function choose(): void {
    text.value = texts[scenario.input.value] ?? '';
    // What the scenario says of itself.
    about.textContent =
      /^description:\s*(?:>-?\s*\n)?((?:.|\n {2,})+)/m
        .exec(text.value)?.[1]
        ?.replace(/\s+/g, ' ')
        .replace(/^["']|["']$/g, '') ?? '';
  }

  const overrides = (): ScenarioOverrides => ({
    ...(strategy.input.value === AS_IT_IS ? {} : { strategy: strategy.input.value }),
    ...(drain.input.value === AS_IT_IS ? {} : { drain: drain.input.value }),
    ...(profile.input.value === AS_IT_IS ? {} : { profile: profile.input.value }),
    ...(seed.input.value === '' ? {} : { seed: Number(seed.input.value) }),
    ...(quiesce.input.value === '' ? {} : { quiesceMs: Number(quiesce.input.value) }),
    ...(own.checked ? { defences: defences.chosen() } : {}),
    ...(settings.chosen().length === 0 ? {} : { settings: settings.chosen() }),
  });

  /** The choices of a run that the page has in it. */
  function setTo({ late: lateFrames, overrides: said }: RunInside): void {
    strategy.input.value = said.strategy ?? AS_IT_IS;
    drain.input.value = said.drain ?? AS_IT_IS;
    profile.input.value = said.profile ?? AS_IT_IS;
    late.input.value = lateFrames ?? 'none';
    seed.input.value = said.seed === undefined ? '' : String(said.seed);
    quiesce.input.value = said.quiesceMs === undefined ? '' : String(said.quiesceMs);
    own.checked = said.defences !== undefined;
    defences.choose(said.defences ?? []);
    settings.choose(said.settings ?? []);
  }

  async function make(): Promise<void> {
    client?.end();
    client = newWorker();
    const mine = client;
    complaint.textContent = '';
    if (report === undefined || !result.contains(report)) fill(result);
    run.disabled = true;
    stop.hidden = false;
    try {
      const name = scenario.input.value;
      const isUnchanged = report !== undefined && result.contains(report);
      const isChanged = text.value !== texts[name];
      const made = await mine.call(
        'make',
        [
          {
            file: isChanged && !/\.ya?ml$/.test(name) ? `${name}.yaml` : name,
            text: text.value,
            overrides: overrides(),
            late: late.input.value === 'none' ? undefined : (late.input.value as LateSchedule),
          },
        ],
        ({ share, words }) => progress.tell(words, share),
      );
      fill(result, await madeView(made, mine));
      if (isUnchanged && made.digest !== inside!.digest)
        complaint.textContent = `made here the run came to ${made.digest}, in the report it was ${inside!.digest}: another version wrote it`;
    } catch (error) {
      complaint.textContent = (error as Error).message;
    } finally {
      progress.end();
      run.disabled = false;
      stop.hidden = true;
    }
  }

  const form = h(
    'form',
    {
      class: 'move-form',
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        make();
      },
    },
    h(
      'div',
      { class: 'row-of-fields' },
      scenario.element,
      strategy.element,
      drain.element,
      late.element,
    ),
    about,
    h(
      'details',
      {},
      h('summary', {}, 'Defences, timers, settings'),
      h('div', { class: 'row-of-fields' }, profile.element, quiesce.element, seed.element),
      h('label', { class: 'check' }, own, 'these defences, in the place of the scenario’s own:'),
      defences.element,
      settings.element,
    ),
    h(
      'details',
      {},
      h('summary', {}, 'The scenario’s file: change what you like'),
      h('label', { for: 'text', class: 'unseen' }, 'scenario, YAML'),
      text,
    ),
    h('p', {}, run, ' ', stop),
  );
  defences.element.addEventListener('change', () => {
    own.checked = true;
  });
  choose();
  if (inside === undefined) {
    fill(section, form, progress.element, complaint, result);
    return;
  }
  setTo(inside);
  const again = h(
    'p',
    {},
    h('button', { type: 'button', class: 'main', onclick: () => make() }, 'Make this run here'),
    ` for each of its ${count(inside.frames)} frames, exchanges as ladders, and a timeline that zooms`,
  );
  fill(
    section,
    progress.element,
    complaint,
    inside.frames > AT_ONCE_FRAMES_MAX ? again : undefined,
    result,
    h('details', {}, h('summary', {}, 'Change the move, and make it again'), form),
  );
  if (inside.frames <= AT_ONCE_FRAMES_MAX) make();
}

interface Field<Input> {
  readonly element: HTMLElement;
  readonly input: Input;
}

function select(
  id: string,
  label: string,
  values: readonly string[],
  first = values[0]!,
  changed: () => void = () => {},
): Field<HTMLSelectElement> {
  const input = h(
    'select',
    { id, onchange: changed },
    values.map((one) => h('option', { value: one, selected: one === first }, one)),
  );
  return { input, element: h('label', { for: id }, label, input) };
}

function field(
  id: string,
  label: string,
  attributes: Parameters<typeof h>[1],
): Field<HTMLInputElement> {
  const input = h('input', { id, ...attributes });
  return { input, element: h('label', { for: id }, label, input) };
}

function checks(
  legend: string,
  names: readonly string[],
): { element: HTMLElement; chosen(): string[]; choose(names: readonly string[]): void } {
  const boxes = names.map((name) => h('input', { type: 'checkbox', value: name }));
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, legend),
      boxes.map((box) => h('label', { class: 'check' }, box, box.value)),
    ),
    chosen: () => boxes.filter(({ checked }) => checked).map(({ value }) => value),
    choose(wanted) {
      for (const box of boxes) box.checked = wanted.includes(box.value);
    },
  };
}
