/** A move: a scenario is chosen and changed, run in a worker, and watched. */
import { DRAINS } from '../../../src/host/control.ts';
import { DEFENCES, STRATEGIES } from '../../../src/mobility/plan.ts';
import { PROFILE_NAMES, SETTING_NAMES } from '../../../src/mobility/profiles.ts';
import { LATE_SCHEDULES, type LateSchedule } from '../../../src/run/late-schedules.ts';
import type { ScenarioOverrides } from '../../../src/scenario/overrides.ts';
import { fill, h, progressLine } from '../dom.ts';
import { WorkerClient } from '../rpc.ts';
import { SCENARIOS } from '../scenarios.ts';
import type { MoveFunctions } from '../worker/move-worker.ts';
import { madeView } from './made.ts';

/** The scenario that stands there first: a ghost write, found and shown. */
const FIRST = 's-id-reuse';
const AS_IT_IS = 'as the scenario says';

/** Puts the view into a section. */
export function moveView(section: HTMLElement): void {
  let client: WorkerClient<MoveFunctions> | undefined;
  const progress = progressLine();
  const complaint = h('p', { class: 'violated', role: 'alert' });
  const result = h('div');
  const text = h('textarea', { id: 'text', rows: 18, spellcheck: 'false' });
  const scenario = select('scenario', 'Scenario', Object.keys(SCENARIOS), FIRST, () => choose());
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
    text.value = SCENARIOS[scenario.input.value] ?? '';
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

  async function make(): Promise<void> {
    client?.end();
    client = new WorkerClient(
      new Worker(new URL('../worker/move-worker.ts', import.meta.url), { type: 'module' }),
    );
    const mine = client;
    complaint.textContent = '';
    fill(result);
    run.disabled = true;
    stop.hidden = false;
    try {
      const name = scenario.input.value;
      const isChanged = text.value !== SCENARIOS[name];
      const made = await mine.call(
        'make',
        [
          {
            file: isChanged ? `${name}.yaml` : name,
            text: text.value,
            overrides: overrides(),
            late: late.input.value === 'none' ? undefined : (late.input.value as LateSchedule),
          },
        ],
        ({ share, words }) => progress.tell(words, share),
      );
      fill(result, await madeView(made, mine));
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
  fill(section, form, progress.element, complaint, result);
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
): { element: HTMLElement; chosen(): string[] } {
  const boxes = names.map((name) => h('input', { type: 'checkbox', value: name }));
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, legend),
      boxes.map((box) => h('label', { class: 'check' }, box, box.value)),
    ),
    chosen: () => boxes.filter(({ checked }) => checked).map(({ value }) => value),
  };
}
